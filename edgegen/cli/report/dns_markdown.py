"""A plan as Markdown for a pull request. Text from others (names, contents) is shown without formatting effects."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edgegen.cli.report.dns_plan import QUIET, summary
from edgegen.cli.report.markdown_text import code
from edgegen.dns.jobs import PlannedZone

_PLAIN = re.compile(r"[A-Za-z ,:;-]*")


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


def _remark(text: str) -> str:
    """edgegen's own text, unchanged unless it quotes others."""
    return text if _PLAIN.fullmatch(text) else code(text)
