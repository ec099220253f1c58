"""The use case of `lint --upgrade`: from the Traefik that each project is pinned to, to a newer one."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.core.errors import UsageError
from edgegen.core.finding import Outcome
from edgegen.lint.engine import of_gap
from edgegen.lint.model import Project
from edgegen.lint.own import NOT_SEEN
from edgegen.lint.results import Result, stated
from edgegen.lint.upgrade import changes
from edgegen.traefik.version import Version

_HINT = "write the version into the image's tag, or say it with --traefik-version"


class Upgrading:
    """Judges projects by what changes on their way to `goal`.

    It remembers where each project set out: fixes change the tag before they have changed the rest.
    """

    def __init__(self, goal: Version) -> None:
        if goal.major < 3:
            raise UsageError(f"--upgrade {goal}: edgegen knows the way to Traefik 3", hint="write it like 3.7")
        self._goal = goal
        self._old: dict[tuple[str, ...], Version | None] = {}
        self._written: dict[tuple[str, ...], set[str]] = {}

    def __call__(self, project: Project) -> Sequence[Result]:
        """What changes, and what could not be seen."""
        own = (project.folder, *(file.name for file in project.files))
        old = self._old.setdefault(own, _pinned(project))
        written = self._written.setdefault(own, set())
        unseen = [of_gap(gap) for gap in project.gaps]
        return [*unseen, *(changes(project, old, self._goal, written) if old else [_unknown(project)])]


def _pinned(project: Project) -> Version | None:
    """What the image says counts more than --traefik-version: a second run finds nothing to do."""
    return next((item.version for item in project.traefiks if item.version), project.wanted)


def _unknown(project: Project) -> Result:
    where = project.files[0].location(()) if project.files else None
    message = "which Traefik the project has now can't be seen, so nobody can say what the upgrade changes"
    return stated(NOT_SEEN, Outcome.UNKNOWN, project.folder, message, where, hint=_HINT)
