"""Exit code 4 or 5: has anything been changed before the world failed?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from edgegen.core.errors import OutsideError, PartialError
from edgegen.deploy import engine
from edgegen.deploy.session import Session
from edgegen.system.stop import when_stopped


@dataclass(slots=True)
class Changes:
    """The engine's project before, and whether we have certainly changed something beside it."""

    before: frozenset[str]
    made: list[str] = field(default_factory=list)

    @property
    def had_containers(self) -> bool:
        """Whether the project had any before."""
        return any(part.startswith("container ") for part in self.before)

    def ran(self, what: str) -> None:
        """A command that changes things has ended well: whatever the engine's lists say now, it may have."""
        self.made.append(what)


@contextmanager
def partial_after_changes(session: Session, changes: Changes) -> Iterator[None]:
    """An OutsideError that comes after a change is a PartialError: the exit code says "run again".

    An interrupt takes along whether anything was changed.
    """
    try:
        with when_stopped(lambda: _so_far(session, changes)):
            yield
    except OutsideError as error:
        if changes.made or _differs(session, changes.before):
            raise PartialError(error.problems) from error
        raise


def _so_far(session: Session, changes: Changes) -> str:
    made = f" ({', '.join(changes.made)})" if changes.made else ""
    if changes.made or _differs(session, changes.before):
        return f"the stack was changed{made}: `edgegen status` shows it, and the same command again goes on"
    return "no container, network or volume was changed"


def _differs(session: Session, before: frozenset[str]) -> bool:
    try:
        return engine.snapshot(session.runner, session.project.name) != before
    except OutsideError:  # the engine has left us: who can tell, so assume the worse
        return True
