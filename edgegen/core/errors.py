"""Every error that a user can cause. The class decides the exit code (product.md, "exit")."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from msgspec import Struct

from edgegen.core.location import Location


class Problem(Struct, frozen=True):
    """One thing that is wrong: what, where, and how to fix it."""

    message: str
    where: Location | None = None
    path: str = ""
    hint: str = ""
    rule: str = ""
    """The id of the rule that says so, which `edgegen rule ID` explains."""

    def __str__(self) -> str:
        head = " ".join(part for part in (str(self.where or ""), self.path) if part)
        said = f"{self.rule} {self.message}" if self.rule else self.message
        return f"{head}: {said}" if head else said


SHOWN = 50
"""How many problems are shown at once: nobody reads thousands."""


def at_most(problems: list[Problem], more: int = 0) -> list[Problem]:
    """The first of many problems, and the number of the others; `more` are not in the list."""
    rest = max(0, len(problems) - SHOWN) + more
    return [*problems[:SHOWN], Problem(f"… and {rest:,} more: fix these first")] if rest else problems


class EdgegenError(Exception):
    """The root of all errors that are shown as text, never as a traceback.

    Holds one problem or many: a spec with five mistakes is reported once, with all five.
    """

    exit_code: ClassVar[int] = 70

    def __init__(
        self, message: str | Problem | list[Problem], *, where: Location | None = None, hint: str = ""
    ) -> None:
        if isinstance(message, str):
            self.problems = [Problem(message, where, hint=hint)]
        elif isinstance(message, Problem):
            self.problems = [message]
        else:
            self.problems = list(message)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UsageError(EdgegenError):
    """The command line is wrong."""

    exit_code = 2


@contextmanager
def words_checked() -> Iterator[None]:
    """A ValueError about a word of the command line, as the UsageError that it is there."""
    try:
        yield
    except ValueError as error:
        raise UsageError(str(error)) from None


class SpecError(EdgegenError):
    """The spec, or another file that the user wrote, is wrong."""

    exit_code = 2


class RefusedError(EdgegenError):
    """edgegen could do it but refuses: a conflict, a safety limit, a stale plan, a file edited by hand."""

    exit_code = 3


class OutsideError(EdgegenError):
    """An external failure; nothing was changed."""

    exit_code = 4


class PartialError(EdgegenError):
    """An external failure after some changes: run the command again."""

    exit_code = 5


class LockedError(EdgegenError):
    """Another edgegen holds the lock."""

    exit_code = 6


class LocalIOError(EdgegenError):
    """A file on this machine could not be read or written."""

    exit_code = 7


class BugError(EdgegenError):
    """edgegen contradicts itself. Shown as an issue-ready report."""

    exit_code = 70


MEANINGS: dict[int, str] = {
    0: "done, or yes",
    1: "the answer is no: a check failed, files differ, something was found, changes are pending",
    2: "wrong usage, or a mistake in edge.yaml",
    3: "refused: a conflict, a safety limit, a stale plan, a file edited by hand",
    4: "an external failure; nothing was changed",
    5: "an external failure; some changes were made: run it again",
    6: "another edgegen is running in this folder",
    7: "reading or writing local files failed",
    70: "a bug in edgegen",
    129: "the terminal was closed",
    130: "interrupted",
    143: "terminated",
}
"""What each exit code says: of an answer, of an error, and of a signal."""
