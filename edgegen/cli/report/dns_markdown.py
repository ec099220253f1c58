"""A plan as Markdown for a pull request. Text from others (names, contents) is shown without formatting effects."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edgegen.cli.report.dns_plan import QUIET, summary
from edgegen.core.show import shown
from edgegen.dns.jobs import PlannedZone

_PLAIN = re.compile(r"[A-Za-z ,:;-]*")
_CODE = re.compile(r"[!#-\[\]^_a-{}~]([ !#-\[\]^_a-{}~]*[!#-\[\]^_a-{}~])?")
"""Characters that are literal in a code span of a table; a backtick, a pipe and a backslash are not."""
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
    """Text in a fixed width that can't end a cell, open a tag or make a link."""
    line = shown(text, _LONGEST)
    if not line:
        return ""
    if _CODE.fullmatch(line):
        return f"`{line}`"
    # Character references are never syntax: not for Markdown, nor for a table.
    escaped = "".join(char if _WORDS.fullmatch(char) else f"&#{ord(char)};" for char in line)
    return f"<code>{escaped}</code>"


def _remark(text: str) -> str:
    """edgegen's own text, unchanged unless it quotes others."""
    return text if _PLAIN.fullmatch(text) else code(text)
