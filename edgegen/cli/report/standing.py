"""The state of a stack as a table: a row for each container, or for each service of a swarm and its tasks. Pure."""

from __future__ import annotations

from edgegen.cli.report.table import Cell, Column, table
from edgegen.cli.screen import DIM, GREEN, RED, YELLOW, Screen
from edgegen.deploy.health import Replicas, Row, Standing, Verdict

_COLOURS = {Verdict.HEALTHY: GREEN, Verdict.DONE: DIM, Verdict.PENDING: YELLOW, Verdict.ILL: RED, Verdict.MISSING: RED}
_COLUMNS = (Column("SERVICE"), Column("STATE", 4), Column("HEALTH", 3), Column("PORTS", 1), Column("IMAGE", 2))
_OF_SWARM = (
    Column("SERVICE"), Column("REPLICAS", 7), Column("UPDATE", 3), Column("TASK", 1), Column("NODE", 5),
    Column("STATE", 6), Column("HEALTH", 4), Column("IMAGE", 2),
)  # fmt: skip
_ERROR = Column("ERROR", rank=-1)


def standing_text(standing: Standing, screen: Screen) -> str:
    """All rows. Why a task does not run is under its row on a terminal, and in its state for programs."""
    if not standing.replicas:
        return table(_COLUMNS, [_row(row) for row in standing.rows], screen)
    apart = screen.width is not None
    rows = _swarm_rows(standing, apart=apart)
    return table((*_OF_SWARM, _ERROR) if apart else _OF_SWARM, rows, screen)


def _row(row: Row) -> tuple[str | Cell, ...]:
    code = _COLOURS[row.verdict]
    ports, image = ", ".join(row.ports) or "-", row.image or "-"
    return row.service, Cell(row.state_text, code), Cell(row.health or "-", code if row.health else ""), ports, image


def _swarm_rows(standing: Standing, *, apart: bool) -> list[tuple[str | Cell, ...]]:
    """The counts and the update of a service are in the first row of its tasks."""
    of = {item.service: item for item in standing.replicas}
    rows: list[tuple[str | Cell, ...]] = []
    for row in standing.rows:
        item = of.pop(row.service, None)
        first = _counts(item) if item else ("", "", "")
        if item is None and row.service not in {one.service for one in standing.replicas}:
            first = (row.service, "0", "-")
        rows.append((*first, *_task(row, apart=apart)))
    return [*rows, *((*_counts(item), *("-",) * 5, *("",) * apart) for item in of.values())]


def _counts(item: Replicas) -> tuple[str | Cell, ...]:
    code = "" if item.running == item.wanted else YELLOW if item.running else RED
    update = Cell(item.update or "-", RED if item.failed else "")
    return item.service, Cell(f"{item.running}/{item.wanted}", code), update


def _task(row: Row, *, apart: bool) -> tuple[str | Cell, ...]:
    code = _COLOURS[row.verdict]
    state = row.state_text if apart or not row.error else f"{row.state_text}: {row.error}"
    cells = (row.container or "-", row.node or "-", Cell(state, code), Cell(row.health or "-"), row.image or "-")
    return (*cells, Cell(row.error, RED)) if apart else cells
