"""How far a sync got, and how that is reported if it ends early."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from msgspec.structs import replace

from edgegen.core.errors import BugError, EdgegenError, PartialError
from edgegen.dns.jobs import Progress
from edgegen.dns.provider import ProviderError
from edgegen.system.stop import Interrupted, Stop, done


class Tally:
    """Counts changes in all zones. `unsure`: a request may have been applied, and the zone was not listed since.

    `sent`: something that could change a record was sent. Then only the listing can say that nothing was changed.
    """

    def __init__(self, progress: Callable[[Progress], None], stop: Stop) -> None:
        self._progress = progress
        self._stop = stop
        self.made = 0
        self.total = 0
        self.unsure = False
        self.sent = False

    def step(self, doing: str) -> None:
        """Before each request. Raises Interrupted if the run must stop."""
        self._stop.check()
        self._progress(Progress(self.made, self.total, doing))

    @contextmanager
    def told(self) -> Iterator[None]:
        """Reports how much was done if the run ends early; after the first change that is a PartialError."""
        try:
            yield
            if self.made:
                done(f"{self.made} of {max(self.made, self.total)} changes made")
        except Interrupted as error:
            raise Interrupted(error.signal, self._so_far()) from None
        except ProviderError as error:
            problems = [replace(error.problems[0], message=f"{error.problems[0].message}; {self._so_far()}")]
            if self.made or self.unsure:
                raise PartialError(problems) from error
            error.problems = problems
            error.args = (str(problems[0]),)
            raise
        except (PartialError, BugError):
            raise
        except EdgegenError as error:
            # A file that can't be written, a conflict in the next zone: report the changes made before.
            if not (self.made or self.unsure):
                raise
            raise self.failed(error.problems[0].message, error.problems[0].hint) from error

    def failed(self, message: str, hint: str = "") -> PartialError:
        """The error for an end that was not caused by the provider."""
        return PartialError(f"{message}; {self._so_far()}", hint=hint)

    def _so_far(self) -> str:
        so_far = f"{self.made} of {max(self.made, self.total)} changes made"
        if self.unsure:
            return f"{so_far}, the last request may have made more: run again"
        if self.made:
            return f"{so_far}: run again"
        return "no change is visible in the listing" if self.sent else "nothing was changed"
