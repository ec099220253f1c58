"""Fixes of names, where it is certain which one was meant: slips of the pen, which change one letter. Pure."""

from __future__ import annotations

from edgegen.core.show import shown
from edgegen.lint.edge import Defined
from edgegen.lint.edits import fix, rename_label, replace_within, set_label, set_scalar
from edgegen.lint.model import Service, Spot, Value
from edgegen.lint.rule import Fix

_SHORTEST = 5
"""Of shorter words many are one letter apart by chance."""


def is_slip(word: str, meant: str) -> bool:
    """Whether one letter more, less, other, or two swapped make one of the other."""
    if word == meant or min(len(word), len(meant)) < _SHORTEST or abs(len(word) - len(meant)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, meant, strict=False)) if a != b), min(len(word), len(meant)))
    rest, wanted = word[start:], meant[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]


def is_slip_of_label(label: str, meant: str) -> bool:
    """Whether two labels differ by one letter of one word, so that it is certain which was meant."""
    words, wanted = label.lower().split("."), meant.lower().split(".")
    if len(words) != len(wanted):
        return False
    differing = [(a, b) for a, b in zip(words, wanted, strict=True) if a != b]
    return len(differing) == 1 and is_slip(*differing[0])


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


def unquoted(label: str, value: Value) -> tuple[str, Fix | None]:
    """The hint and the fix for `- name="value"`, where YAML takes the quotes for a part of the value."""
    text, inside = value.raw, value.raw[1:-1]
    if not inside or text[0] != text[-1] or text[0] not in "\"'" or text[0] in inside:
        return "", None
    hint = f"the quotes are a part of the value here: write `{label}={shown(inside, 120)}`"
    return hint, set_to(label, value, inside)


def relabelled(service: Service, label: str, value: Value, meant: str) -> Fix | None:
    """The right name for a label with one wrong letter, where the service does not have that one as well."""
    if not meant or meant in {*service.labels, *service.deploy_labels} or not is_slip_of_label(label, meant):
        return None
    return fix(f"write `{meant}`", rename_label(value, label, meant))


def reworded(item: Defined, option: str, old: str, new: str) -> Fix | None:
    """Another text for a value of a label or a file, or for the one word of its list that is `old`."""
    value = item.value(option)
    if value is None or item.item is None:
        return fix(f"write `{shown(new)}`", set_scalar(item.place(option, old), new))
    return set_to(item.item.label(option), value, value.raw.replace(old, new)) if value.raw.count(old) == 1 else None
