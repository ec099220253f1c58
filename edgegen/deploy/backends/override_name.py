"""The project name in a user's override: if it differs from edge.yaml's, it would make a second project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.deploy.backends.compose_cli import Stack


def renamed(stack: Stack) -> Iterator[Problem]:
    """The problem, if an override has another `name`. Compose refuses what can't be read."""
    for file in stack.files[1:]:
        try:
            found = _name(file.read_text("utf-8", "replace"))
        except OSError:
            continue
        if found is not None and stack.name and found[0] != stack.name:
            yield Problem(
                f"the override names the project `{found[0]}`, and edge.yaml names it `{stack.name}`",
                Location(str(file), found[1]),
                "name",
                hint="remove the line; set the name in edge.yaml",
            )


def _name(text: str) -> tuple[str, int] | None:
    """The top-level `name` and its line. Compose's own tags (`!reset`) are not interpreted."""
    import yaml

    try:
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError):
        return None
    pairs: list[tuple[Any, Any]] = root.value if isinstance(root, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "name" and isinstance(value, yaml.ScalarNode):
            return str(value.value), value.start_mark.line + 1
    return None
