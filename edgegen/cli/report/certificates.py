"""The certificates of a project as a table, and under it what is wrong with them. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from edgegen.certificates.certificate import lateness
from edgegen.certificates.held import Holdings, Listed
from edgegen.cli.report.group_text import block
from edgegen.cli.report.groups import groups
from edgegen.cli.report.table import Cell, Column, table
from edgegen.cli.screen import CYAN, GREEN, RED, Screen
from edgegen.core.finding import Finding, Outcome, Severity

_COLUMNS = (
    Column("NAMES"), Column("ISSUER", 3), Column("UNTIL", 5), Column("DAYS", 6), Column("LIFE LEFT", 4),
    Column("STORE", 1), Column("SENT BY", 2),
)  # fmt: skip


def certificates_text(
    held: Holdings, findings: Sequence[Finding], now: datetime, screen: Screen, *, verbose: bool = False
) -> str:
    """What is good is only said with `verbose`."""
    return "\n\n".join(_parts(held, findings, now, screen, verbose=verbose))


def _parts(
    held: Holdings, findings: Sequence[Finding], now: datetime, screen: Screen, *, verbose: bool
) -> Iterator[str]:
    if held.listed:
        yield table(_COLUMNS, [_row(item, held, now) for item in held.listed], screen)
    for group in groups(item for item in findings if verbose or item.outcome is not Outcome.PASS):
        yield block(group, screen, every=verbose)


def _row(item: Listed, held: Holdings, now: datetime) -> tuple[str | Cell, ...]:
    names = f"{item.names[0]}{f' +{len(item.names) - 1}' if len(item.names) > 1 else ''}"
    sent = ", ".join(dict.fromkeys(served.host for served in item.served))
    code = _colour(item, now)
    return (
        names,
        item.certificate.issuer_name,
        f"{item.certificate.not_after:%Y-%m-%d}",
        Cell(str(math.floor(item.days_left(now))), code),
        Cell(f"{item.certificate.share_left(now):.0%}", code),
        item.resolver or "-",
        "?" if held.served is None else sent or "-",
    )


def _colour(item: Listed, now: datetime) -> str:
    """By its own life, whatever `--warn-days` makes of it."""
    late = lateness(item.certificate, now)
    return {None: GREEN, Severity.LOW: CYAN}.get(late, RED)
