"""Whole entries of mappings and lists: removed, or added next to another one."""

from __future__ import annotations

import re

from edgegen.core.lines import LINE_END
from edgegen.core.pattern import late_pattern
from edgegen.lint.edits.layout import Entry, Node, entry_at, layout
from edgegen.lint.edits.scalars import written
from edgegen.lint.model import Spot
from edgegen.lint.rule import Edit

_COMMENT = late_pattern(r"[ \t]*(#[^\r\n]*)?(\r\n|\n|\r|\Z)")


def delete(spot: Spot) -> Edit | None:
    """Remove an entry of a mapping or list, with the comment on its line. None if nothing else would be left."""
    entry = _own(spot)
    if entry is None or len(entry.parent.entries) < 2 or _holds_shared(entry.value):
        return None
    if entry.parent.style == "flow":
        return _delete_in_flow(spot, entry)
    text = spot.file.text
    start = line_start(text, entry.start)
    if _lead(text, entry) is None:
        return _delete_before_next(spot, entry)
    end = end_of_entry(text, entry)
    return None if end is None else Edit(spot.file, start, end, "")


def insert_after(spot: Spot, key: str | None, text: str) -> Edit | None:
    """Add `key: text` after an entry of a mapping, or with `key` None `- text` after an item of a list."""
    entry = _own(spot)
    return None if entry is None else _inserted(spot, entry, key, text)


def append(spot: Spot, key: str | None, text: str) -> Edit | None:
    """Add an entry at the end of a mapping or list that has at least one."""
    holder = entry_at(spot)
    is_top = spot.file.language == "yaml" and not spot.path
    node = holder.value if holder else layout(spot.file).root if is_top else None
    if node is None or not node.entries or (holder is not None and holder.borrowed) or node.shared:
        return None
    return _inserted(spot, node.entries[-1], key, text)


def _own(spot: Spot) -> Entry | None:
    """The entry that is written here, and that no other place has."""
    entry = entry_at(spot)
    if entry is None or entry.borrowed or entry.parent.shared:
        return None
    return next((item for item in entry.parent.entries if item.start == entry.start), None)


def _holds_shared(node: Node) -> bool:
    return node.shared or any(_holds_shared(entry.value) for entry in node.entries)


def _inserted(spot: Spot, entry: Entry, key: str | None, text: str) -> Edit | None:
    is_map, in_flow = entry.parent.kind == "map", entry.parent.style == "flow"
    if is_map != (key is not None):
        return None
    value = written(text, _style(entry.value), in_flow=in_flow)
    name = written(key, entry.key.style if entry.key else "", in_flow=in_flow, is_key=True) if key is not None else ""
    if value is None or name is None:
        return None
    said = f"{name}: {value}" if is_map else value
    if in_flow:
        return Edit(spot.file, entry.end, entry.end, f", {said}")
    return _inserted_line(spot, entry, said)


def _inserted_line(spot: Spot, entry: Entry, said: str) -> Edit | None:
    file = spot.file
    lead = _lead(file.text, entry, of_first=True)
    end = end_of_entry(file.text, entry)
    if lead is None or end is None:
        return None
    newline = newline_of(file.text)
    if end == len(file.text) and not file.text.endswith(("\n", "\r")):
        return Edit(file, end, end, f"{newline}{lead}{said}")
    return Edit(file, end, end, f"{lead}{said}{newline}")


def _style(value: Node) -> str:
    return value.style if value.kind == "scalar" and value.style in ("'", '"') else ""


def newline_of(text: str) -> str:
    """How the lines of a text end."""
    found = LINE_END.search(text)
    return found[0] if found else "\n"


def line_start(text: str, index: int) -> int:
    """Where the line of a character begins."""
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _lead(text: str, entry: Entry, *, of_first: bool = False) -> str | None:
    """What is before an entry on its line, as a line of its own would have it; None if that is more than indentation.

    `of_first`: also for the first key behind a dash, `- key: value`, whose siblings are indented by spaces.
    """
    before = text[line_start(text, entry.start) : entry.start]
    if entry.key is None:
        dash = re.fullmatch(r"( *)-[ \t]+", before)
        return before if dash else None
    if re.fullmatch(r" *", before):
        return before
    return " " * len(before) if of_first and re.fullmatch(r"(?: *- +)+", before) else None


def end_of_entry(text: str, entry: Entry) -> int | None:
    """Behind the last line of an entry; None where something else than a comment is on that line."""
    last = _last(entry.value)
    if last.style in ("|", ">") and last.end and text[last.end - 1] in "\r\n":
        return last.end
    rest = _COMMENT.match(text, entry.end)
    return rest.end() if rest else None


def _last(node: Node) -> Node:
    while node.entries and node.style != "flow":
        node = node.entries[-1].value
    return node


def _delete_before_next(spot: Spot, entry: Entry) -> Edit | None:
    """The first key behind a dash: the next key takes its place."""
    following = _neighbour(entry, 1)
    if following is None or entry.key is None or _lead(spot.file.text, entry, of_first=True) is None:
        return None
    return _unless_comments(spot, entry.start, following.start, entry.end)


def _delete_in_flow(spot: Spot, entry: Entry) -> Edit | None:
    following, before = _neighbour(entry, 1), _neighbour(entry, -1)
    if following is not None:
        return _unless_comments(spot, entry.start, following.start, entry.end)
    return _unless_comments(spot, before.end, entry.end, before.end, entry.start) if before else None


def _unless_comments(spot: Spot, start: int, end: int, since: int, until: int | None = None) -> Edit | None:
    """Remove from `start` to `end`, unless there is a comment from `since` to `until`."""
    between = spot.file.text[since : end if until is None else until]
    return None if "#" in between else Edit(spot.file, start, end, "")


def _neighbour(entry: Entry, step: int) -> Entry | None:
    at = entry.parent.entries.index(entry) + step
    return entry.parent.entries[at] if 0 <= at < len(entry.parent.entries) else None
