"""A plan as Markdown for a pull request. Words of others (names, contents) are shown, and format nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edgegen.cli.report.dns_plan import QUIET, summary
from edgegen.core.show import shown
from edgegen.dns.jobs import PlannedZone

_PLAIN = re.compile(r"[A-Za-z ,:;-]*")
_CODE = re.compile(r"[!#-\[\]^_a-{}~]([ !#-\[\]^_a-{}~]*[!#-\[\]^_a-{}~])?")
"""All of these stand for themselves in a code span of a table; a backtick, a pipe and a backslash do not."""
_WORDS = re.compile(r"[A-Za-z0-9 ]")
_LONGEST = 4096


def markdown(planned: Sequence[PlannedZone]) -> str:
    """The plan as tables."""
    blocks = []
    for item in planned:
        rows = [
            f"| {change.action.value} | {change.record.type.value} | {code(change.record.name)} "
            f"| {code(change.record.content)} | {_remark(change.reason)} |"
            for change in item.plan.changes
            if change.action not in QUIET or change.reason
        ]
        head = ["| | type | name | content | |", "| --- | --- | --- | --- | --- |"]
        blocks.append("\n".join([f"### {item.task.zone}", "", *(head + rows if rows else []), "", summary(item)]))
    return "\n\n".join(blocks)


def code(text: str) -> str:
    """Text in a fixed width that ends no cell, opens no tag, and links to nothing."""
    line = shown(text, _LONGEST)
    if not line:
        return ""
    if _CODE.fullmatch(line):
        return f"`{line}`"
    # Character references are never syntax: not for Markdown, nor for a table.
    escaped = "".join(char if _WORDS.fullmatch(char) else f"&#{ord(char)};" for char in line)
    return f"<code>{escaped}</code>"


def _remark(text: str) -> str:
    """What edgegen says, as it is where it quotes nobody."""
    return text if _PLAIN.fullmatch(text) else code(text)
