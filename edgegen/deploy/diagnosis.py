"""What an ill service has to say for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from edgegen.core.errors import Problem
from edgegen.deploy import compose_cli, engine
from edgegen.deploy.command import Command
from edgegen.deploy.health import Row, explain
from edgegen.deploy.session import Session
from edgegen.deploy.terminal_text import tail

LOG_LINES = 20
_MOST_SHOWN = 5
"""Of many ill services, the first few tell the story."""


class Reporter(Protocol):
    """Where remarks go: stderr, or nowhere."""

    def note(self, text: str, /) -> None:
        """Say one thing."""


def show_the_ill(session: Session, suspects: Sequence[Row], reporter: Reporter) -> None:
    """Report, for each container that made the start fail, its last failing health check and its last lines."""
    for row in [row for row in suspects if row.container][:_MOST_SHOWN]:
        check = engine.health_log(session.runner, row.container)
        last = _last_lines(session, row)
        reporter.note(
            f"service `{row.service}` {explain(row)}" + (f"; its health check said: {check}" if check else "")
        )
        if last:
            reporter.note(f"its last {LOG_LINES} lines at most:\n{last}")


def _last_lines(session: Session, row: Row) -> str:
    command = compose_cli.logs_command(session.compose, session.stack, [row.service], tail=str(LOG_LINES), color=False)
    result = session.runner.run(Command(command.argv))
    return tail(result.stdout, LOG_LINES)


def problem(row: Row) -> Problem:
    """A row that is not well, as one problem of an error."""
    hint = f"`edgegen logs {row.service}` shows all it said" if row.container else ""
    return Problem(explain(row), path=f"services.{row.service}", hint=hint)
