"""Static options renamed and removed, in whichever of the three ways they are given. Pure."""

from __future__ import annotations

import re

from edgegen.lint.edits import delete, delete_flag, insert_after, rename_flag, rename_key, rename_label
from edgegen.lint.edits.layout import entry_at
from edgegen.lint.model import Spot, Static, Value
from edgegen.lint.rule import Edit


def remove(static: Static, option: str) -> Edit | None:
    """No such option any more."""
    value = static.options[option]
    if static.source == "flags":
        return delete_flag(value)
    return entry(value.spot)


def entry(spot: Spot) -> Edit | None:
    """Remove an entry, and with the last one of a mapping or list this itself."""
    while spot.path:
        if edit := delete(spot):
            return edit
        found = entry_at(spot)
        if found is None or len(found.parent.entries) != 1:
            return None
        spot = Spot(spot.file, spot.path[:-1])
    return None


_TOML_LINE = re.compile(r"([ \t]*)[A-Za-z]+[ \t]*=[ \t]*(\"[^\"\\\r\n]*\"|'[^'\r\n]*')[ \t]*(#[^\r\n]*)?")


def sibling(spot: Spot, key: str, text: str) -> Edit | None:
    """A new key after one of a file."""
    if spot.file.language != "toml":
        return insert_after(spot, key, text)
    whole, at = spot.file.text, spot.file.places.index(spot.path)
    start = whole.rfind("\n", 0, at) + 1
    found = _TOML_LINE.match(whole, start)
    end = re.compile(r"\r?\n|\Z").match(whole, found.end()) if found else None
    if found is None or end is None or found.start(2) != at:
        return None
    newline = end[0] or "\n"
    value = text if text.isdigit() else f'"{text}"'
    return Edit(spot.file, found.end(), found.end(), f"{newline}{found[1]}{key} = {value}")


def rename(static: Static, option: str, old: str, new: str) -> Edit | None:
    """`old` at the beginning of an option becomes `new`; both in lower case, with dots, of the same number of words."""
    value = static.options[option]
    if static.source == "flags":
        found = re.search(re.escape(old), value.raw, re.IGNORECASE)
        return rename_flag(value, found[0], new) if found else None
    if static.source == "environment":
        name = "TRAEFIK_" + old.replace(".", "_").upper()
        return _variable(value, name, "TRAEFIK_" + new.replace(".", "_").upper())
    return _key(value, old, new)


def _variable(value: Value, old: str, new: str) -> Edit | None:
    own = str(value.spot.path[-1]) if not isinstance(value.spot.path[-1], int) else ""
    if own:
        return rename_label(value, own, new + own[len(old) :]) if own.upper().startswith(old) else None
    return rename_flag(value, old, new)


def _key(value: Value, old: str, new: str) -> Edit | None:
    """The last word of `old` is the key that gets the last word of `new`."""
    depth = old.count(".") + 1
    path = value.spot.path[:depth]
    if ".".join(str(part).lower() for part in path) != old:
        return None
    return rename_key(Spot(value.spot.file, path, True), new.rpartition(".")[2])
