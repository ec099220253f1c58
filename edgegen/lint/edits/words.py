"""Labels and flags, in whichever form a file has them: `name: text`, `- name=text`, or words of one command."""

from __future__ import annotations

import re

from edgegen.lint.edits.entries import delete, insert_after
from edgegen.lint.edits.layout import Node, entry_at
from edgegen.lint.edits.scalars import rename_key, replace_within, set_scalar
from edgegen.lint.model import Spot, Value
from edgegen.lint.rule import Edit


def rename_label(value: Value, name: str, word: str) -> Edit | None:
    """Another name for a label, wherever it is used."""
    if not _is_item(value.spot):
        return rename_key(value.spot, word)
    return replace_within(_item(value.spot), name + _equals(value.spot), word + _equals(value.spot), shared=True)


def set_label(value: Value, name: str, text: str) -> Edit | None:
    """Another text for a label. `text` is as the file has it: `$$` for a dollar sign."""
    return set_scalar(_item(value.spot), f"{name}={text}" if _is_item(value.spot) else text)


def insert_label(value: Value, name: str, text: str) -> Edit | None:
    """A new label after this one."""
    if _is_item(value.spot):
        return insert_after(value.spot, None, f"{name}={text}")
    return insert_after(value.spot, name, text)


def rename_flag(value: Value, old: str, new: str) -> Edit | None:
    """Another text for a flag, or for the part of it that is `old`."""
    return replace_within(_item(value.spot), old, new)


def delete_flag(value: Value) -> Edit | None:
    """Remove a flag: its item of a list, or its word of a command."""
    if _is_item(value.spot):
        return delete(value.spot)
    node = _scalar(value.spot)
    if node is None or not value.raw:
        return None
    found = _words(value, node, r"\s+{}(?=\s|[\"']|\Z)")
    return Edit(value.spot.file, found.start(), found.end(), "") if found else None


def insert_flag(value: Value, flag: str) -> Edit | None:
    """A new flag after this one."""
    if _is_item(value.spot):
        return insert_after(value.spot, None, flag)
    node = _scalar(value.spot)
    found = _words(value, node, r"(?<!\S){}(?=\s|[\"']|\Z)") if node and value.raw and " " not in flag else None
    if node is None or found is None:
        return None
    before = re.search(r"(\r\n|\n|\r)?[ \t]*\Z", value.spot.file.text[: found.start()])
    gap = before[0] if before and before[1] and node.style in ("|", ">") else " "
    return Edit(value.spot.file, found.end(), found.end(), f"{gap}{flag}")


def _words(value: Value, node: Node, pattern: str) -> re.Match[str] | None:
    """Where a command has a word, if it has it once."""
    found = list(re.compile(pattern.format(re.escape(value.raw))).finditer(value.spot.file.text, node.start, node.end))
    return found[0] if len(found) == 1 else None


def _scalar(spot: Spot) -> Node | None:
    entry = entry_at(spot)
    if entry is None or entry.value.kind != "scalar" or entry.borrowed or entry.value.shared:
        return None
    return entry.value


def _is_item(spot: Spot) -> bool:
    return bool(spot.path) and isinstance(spot.path[-1], int)


def _item(spot: Spot) -> Spot:
    """The value of a place, not its key."""
    return Spot(spot.file, spot.path)


def _equals(spot: Spot) -> str:
    """`=` where the item has one: a label without a value is only a name."""
    entry = entry_at(spot)
    return "=" if entry and entry.value.kind == "scalar" and "=" in entry.value.value else ""
