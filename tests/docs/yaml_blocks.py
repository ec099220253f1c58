"""`yaml` blocks: a whole file, whose name is in its first line or in `file=`, or a part of edge.yaml."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import yaml

from tests.docs.blocks import Step
from tests.docs.story import DOMAIN, Story
from tests.docs.wrong import Wrong

BASE = f"""
name: docs
acme: {{email: ops@{DOMAIN}}}
domains: {{{DOMAIN}: {{addresses: [157.245.51.137]}}, example.com: {{addresses: [157.245.51.137]}}}}
services: {{}}
"""
"""What a part is laid over where the page has no edge.yaml yet."""
_NAME = re.compile(r"#\s*(?:in\s+)?([\w./-]*\w\.(?:ya?ml))\b")


def run_yaml(step: Step, story: Story) -> None:
    """Write and check a file, or check a part."""
    name = step.words.keys.get("file") or _named(step)
    if name and "part" not in step.words.keys:
        file = story.write(name, _without_dots(step))
        _checks(file.name, str(file))(step, story, name)
    elif step.words.keys.get("part", "edge") == "compose":
        story.write("part.compose.yaml", _without_dots(step))
        check_compose(step, story, "part.compose.yaml")
    else:
        check_part(step, story)


def _named(step: Step) -> str:
    found = _NAME.match(step.lines[0]) if step.lines else None
    return found[1] if found else ""


def _without_dots(step: Step) -> str:
    """Lines `…` stand for what a page leaves out."""
    return "".join(f"{line}\n" for line in step.lines if line.strip() not in ("…", "# …"))


def _checks(name: str, path: str) -> Callable[[Step, Story, str], None]:
    if name == "edge.yaml":
        return check_edge
    if re.search(r"(compose|stack)[\w.-]*\.ya?ml$", name):
        return check_compose
    if "/.github/workflows/" in path:
        return check_schema("vendor.github-workflows")
    if name == ".gitlab-ci.yml":
        return check_schema("vendor.gitlab-ci")
    if name == ".pre-commit-config.yaml":
        return check_pre_commit
    return check_text


def check_edge(step: Step, story: Story, name: str) -> None:
    """edgegen renders it, or refuses it with `exit=`."""
    _rendered(step, story)


def check_part(step: Step, story: Story) -> None:
    """Laid over the page's edge.yaml (or a small one) and `with=`, edgegen renders it."""
    own = story.folder / "edge.yaml"
    whole = yaml.safe_load(own.read_text(encoding="utf-8") if own.is_file() else BASE)
    for more in (step.words.keys.get("with", ""), _without_dots(step)):
        whole = merged(whole, yaml.safe_load(more) or {})
    keep = story.folder
    story._new_folder()
    try:
        story.write("edge.yaml", yaml.safe_dump(whole, sort_keys=False, allow_unicode=True))
        _rendered(step, story)
    finally:
        story.folder = keep


def _rendered(step: Step, story: Story) -> None:
    said = story.type("edgegen render --stdout")
    if said.code != int(step.words.keys.get("exit", 0)):
        raise Wrong(f"{step.place}: edgegen says (exit {said.code}):\n{said.text[-2000:]}")


def merged(below: Any, above: Any) -> Any:
    """Maps key by key; anything else is replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}
    return above


def check_compose(step: Step, story: Story, name: str) -> None:
    """The real docker-compose accepts it."""
    _quiet(step, story, f"docker-compose -f {name} config -q")


def check_schema(schema: str) -> Callable[[Step, Story, str], None]:
    """Its published JSON Schema accepts it."""

    def check(step: Step, story: Story, name: str) -> None:
        words = ["--builtin-schema", schema, str(story.folder / name)]
        _judge(step, f"check-jsonschema {' '.join(words)}", *_check_jsonschema(words))

    return check


def _check_jsonschema(words: list[str]) -> tuple[int, str]:
    """Exit code and words of the program, in this process: to load it takes more than a second each time."""
    from check_jsonschema import main

    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            code = main(words, standalone_mode=False)
        except SystemExit as left:
            code = left.code
    return int(code or 0), said.getvalue()


def check_pre_commit(step: Step, story: Story, name: str) -> None:
    """pre-commit accepts it."""
    _quiet(step, story, f"pre-commit validate-config {name}")


def check_text(step: Step, story: Story, name: str) -> None:
    """It is YAML."""
    try:
        list(yaml.safe_load_all((story.folder / name).read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise Wrong(f"{step.place}: {error}") from None


def _quiet(step: Step, story: Story, command: str) -> None:
    said = story.bash(command)
    _judge(step, command, said.code, said.text)


def _judge(step: Step, command: str, code: int, said: str) -> None:
    if code != int(step.words.keys.get("exit", 0)):
        raise Wrong(f"{step.place}: `{command}`: exit {code}\n{said}")
