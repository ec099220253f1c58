"""Reads rendered text again: it must equal the model, or nothing is written.

Not compared by `==`: in Python `1 == True`. Canonical JSON tells them apart.
"""

from __future__ import annotations

import json
from typing import Any

from edgegen.compose.model import plain
from edgegen.core.errors import SpecError
from edgegen.spec.source import UNLIMITED, read_yaml


def same_as_model(text: str, model: Any, name: str, *, interpolated: bool, override: str = "") -> None:
    """Raise SpecError if the text of a rendered file is not the model.

    The built-in templates never do this; a user's template that loses or invents data does. `override`: the user's own
    file that is merged over it, if the target has one.
    """
    found = read_yaml(text.encode(), name, limits=UNLIMITED).data
    wanted = plain(model, _doubled if interpolated else None)
    if _canonical(found) != _canonical(wanted):
        path = _first_difference(found, wanted, "")
        also = f" or a {override}" if override else ""
        raise SpecError(
            f"the template of `{name}` changes the data at `{path.lstrip('.') or '(top)'}`",
            hint=f"a template controls order and comments; change data with `extra:`{also}",
        )


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _doubled(text: str) -> str:
    """A text with every literal `$` doubled, as it is in a file that Compose interpolates."""
    # The `$` of an Interpolation is intended.
    return text.replace("$", "$$") if "$" in text and type(text) is str else text


def _first_difference(found: Any, wanted: Any, path: str) -> str:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            if key not in found or key not in wanted:
                return f"{path}.{key}"
            if _canonical(found[key]) != _canonical(wanted[key]):
                return _first_difference(found[key], wanted[key], f"{path}.{key}")
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        for index, (one, other) in enumerate(zip(found, wanted, strict=True)):
            if _canonical(one) != _canonical(other):
                return _first_difference(one, other, f"{path}[{index}]")
    return path
