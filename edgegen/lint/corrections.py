"""Fixes of names in labels, where it is certain which one was meant. Pure."""

from __future__ import annotations

from edgegen.lint.edge import Defined
from edgegen.lint.edits import fix, replace_within, set_label
from edgegen.lint.model import Spot, Value
from edgegen.lint.rule import Fix
from edgegen.lint.slips import is_slip


def is_certain(name: str, meant: str) -> bool:
    """Whether two names differ only in letters' case, in the provider, or by one letter."""
    bare, wanted = name.partition("@")[0].strip(), meant.partition("@")[0]
    return bool(bare) and (bare.lower() == wanted.lower() or is_slip(bare.lower(), wanted.lower()))


def renamed(item: Defined, option: str, name: str, meant: str) -> Fix | None:
    """Another name in a label's value, where the label has it as it is."""
    value = item.value(option)
    if value is None or "$" in value.raw or not is_certain(name, meant):
        return None
    return fix(f"write `{meant}`", replace_within(Spot(value.spot.file, value.spot.path), name, meant))


def set_to(label: str, value: Value, text: str) -> Fix | None:
    """Another text for a label whose text has no variable."""
    return None if "$" in value.raw else fix(f"write `{text}`", set_label(value, label, text))
