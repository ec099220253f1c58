"""A new entry at the end of a section of a file: every other byte stays as it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgegen.lint.edits.entries import end_of_entry, line_start, newline_of
from edgegen.lint.edits.layout import Entry, Layout, Node


class Block(Struct, frozen=True):
    """An entry of a mapping, as lines without indentation (`web:`, `  port: 80`) and as one line (`web: {…}`)."""

    lines: tuple[str, ...]
    in_line: str


def with_block(text: str, section: str, block: Block, *, spaced: bool = False) -> Iterator[str]:
    """The text with the block at the end of a section, in each way that may be right: the first that reads back as
    meant is the best. Nothing where the section is shared with another place of the file.

    `spaced`: with a blank line before it, if the section's entries don't say otherwise.
    """
    layout = Layout(text)
    entry = layout.find((section,))
    if entry is None:
        yield from _new_section(text, layout.root, section, block)
    elif not entry.borrowed and not entry.value.shared:
        yield from _in_section(text, entry, block, spaced=spaced)


def _in_section(text: str, entry: Entry, block: Block, *, spaced: bool) -> Iterator[str]:
    holder = entry.value
    if holder.kind != "map":
        return
    if not holder.entries:
        yield from _in_empty(text, entry, block)
        yield f"{text[: holder.start]}{{{block.in_line}}}{text[holder.end :]}"
    elif holder.style == "flow":
        end = holder.entries[-1].end
        yield f"{text[:end]}, {block.in_line}{text[end:]}"
    else:
        yield from _behind_last(text, holder, block, spaced=spaced)


def _in_empty(text: str, entry: Entry, block: Block) -> Iterator[str]:
    """`volumes: {}  # none yet`: the value goes, and what else is on its line stays."""
    newline = newline_of(text)
    line, _, after = text[entry.value.end :].partition(newline)
    if not line.strip() or line.lstrip().startswith("#"):
        head = text[: entry.value.start].rstrip(" ")
        yield f"{head}{line.rstrip()}{newline}{_indented(block.lines, '  ', newline)}{after}"


def _behind_last(text: str, holder: Node, block: Block, *, spaced: bool) -> Iterator[str]:
    last = holder.entries[-1]
    end = end_of_entry(text, last)
    pad = text[line_start(text, last.start) : last.start]
    if end is None or pad.strip(" "):
        return
    newline = newline_of(text)
    gap = newline if _has_gap(text, holder.entries, spaced=spaced) else ""
    for at in dict.fromkeys((_past_comments(text, end, pad), end)):
        start = "" if text[:at].endswith(("\n", "\r")) else newline
        yield f"{text[:at]}{start}{gap}{_indented(block.lines, pad, newline)}{text[at:]}"


def _has_gap(text: str, entries: Sequence[Entry], *, spaced: bool) -> bool:
    if len(entries) < 2:
        return spaced
    between = text[entries[-2].end : entries[-1].start]
    return bool(re.search(r"\n[ \t]*\r?\n", between))


def _past_comments(text: str, at: int, pad: str) -> int:
    """Behind the comments that follow at the depth of the entries: they belong to what is before them."""
    comment = re.compile(rf"{pad} *#[^\n]*(\n|\Z)") if pad else None
    while comment and (match := comment.match(text, at)):
        at = match.end()
    return at


def _new_section(text: str, root: Node, section: str, block: Block) -> Iterator[str]:
    if root.style == "flow":
        if root.entries:
            end = root.entries[-1].end
            yield f"{text[:end]}, {section}: {{{block.in_line}}}{text[end:]}"
        return
    newline = newline_of(text)
    whole = text if not text or text.endswith(("\n", "\r")) else f"{text}{newline}"
    added = f"{newline}{section}:{newline}{_indented(block.lines, '  ', newline)}"
    yield f"{whole}{added}"
    last = end_of_entry(text, root.entries[-1]) if root.entries else None
    if last is not None:  # before `...`
        yield f"{text[:last]}{added}{text[last:]}"


def _indented(lines: Sequence[str], pad: str, newline: str) -> str:
    return "".join(f"{pad if line else ''}{line}{newline}" for line in lines)
