"""The use case of `lint --with-traefik`: what does the real Traefik make of these files?

`question.py` makes the oracle's question of a project, `places.py` knows where each name is written, `said.py` makes
findings of the answer, `disagree.py` compares them with the rules'. This file wires them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import OutsideError
from edgegen.lint.model import Project, Traefik
from edgegen.lint.results import Result
from edgegen.oracle.ask import ask
from edgegen.oracle.binaries import HINT, Binary, choose, installed
from edgegen.project.asking import disagree, said
from edgegen.project.asking.question import question_of
from edgegen.system.waiting import waiting_for
from edgegen.traefik.version import NEWEST, Version

_ABOUT = re.compile(r"^(?:router|middleware|service) \S+: ")
SECONDS = 30.0
"""For one project."""


class Asked(Struct, frozen=True):
    """The result for one project. `binary` is None where Traefik was not asked."""

    results: tuple[Result, ...]
    notes: tuple[str, ...]
    binary: Binary | None = None

    @property
    def was_asked(self) -> bool:
        return self.binary is not None


def ask_about(
    projects: Sequence[Project],
    found: Callable[[Project], Sequence[Result]],
    *,
    check: Callable[[], None] | None = None,
    binaries: Sequence[Binary] | None = None,
) -> list[Asked]:
    """The real Traefik's word on each project, with what the rules have `found` in it to compare.

    `check` is called while it waits, and may raise to end it.
    """
    known = tuple(installed()) if binaries is None else binaries
    return [_asked(project, found(project), known, check) for project in projects]


def _asked(
    project: Project, results: Sequence[Result], known: Sequence[Binary], check: Callable[[], None] | None
) -> Asked:
    if not project.services and not project.dynamic and not project.traefiks:
        return Asked((), (f"{project.folder}: nothing to ask Traefik about",), Binary(Path(), Version(0)))
    try:
        binary = _chosen(project, known)
        found = [item for traefik in project.traefiks or (None,) for item in _of_one(project, traefik, binary, check)]
    except OutsideError as error:
        problem = error.problems[0]
        return Asked((said.not_asked(project, problem.message, problem.hint),), (f"Traefik was not asked: {error}",))
    unique = _once(found)
    compared = disagree.results(project, results, unique, binary.version)
    return Asked((*unique, *compared), (_note(project, binary),), binary)


def _once(found: Sequence[Result]) -> list[Result]:
    """Traefik says most things twice: in its log, and of the router."""
    kept: dict[object, Result] = {}
    for item in found:
        kept.setdefault((item.finding.where, _ABOUT.sub("", item.finding.message)), item)
    return list(kept.values())


def _chosen(project: Project, known: Sequence[Binary]) -> Binary:
    """Raises OutsideError where none of them can judge this project: Traefik 3 reads other rules than Traefik 2."""
    wanted = project.version
    binary = choose(wanted, known)
    if wanted is not None and wanted.major not in (NEWEST, binary.version.major):
        raise OutsideError(
            f"the stack is for Traefik {wanted}, and this machine only has Traefik {binary.version}",
            hint=f"`edgegen lint --upgrade {binary.version.major}.{binary.version.minor}` shows what changes; {HINT}",
        )
    return binary


def _of_one(
    project: Project, traefik: Traefik | None, binary: Binary, check: Callable[[], None] | None
) -> Iterator[Result]:
    question = question_of(project, traefik)
    with waiting_for(f"asking Traefik {binary.version} about {len(question.containers)} containers"):
        answer = ask(question, binary.path, seconds=SECONDS, check=check)
    if not answer.is_complete:
        raise OutsideError(f"Traefik {binary.version} had not read everything after {SECONDS:g} seconds")
    yield from said.results(said.Asked(project, traefik, question, binary.version), answer)


def _note(project: Project, binary: Binary) -> str:
    wanted = project.version
    where = f"{project.folder}: " if project.folder not in ("", ".") else ""
    said_by = f"{where}asked Traefik {binary.version} ({binary.path})"
    if wanted is None or (wanted.major, wanted.minor) in ((3, NEWEST), (binary.version.major, binary.version.minor)):
        return said_by
    return f"{said_by}; the stack pins {wanted}, which is not on this machine"


class Asking:
    """Asks about whatever projects lint has read, given all that its rules found; keeps what is to be told."""

    def __init__(self, check: Callable[[], None] | None = None) -> None:
        self._check = check
        self.notes: list[str] = []
        self.could_ask = True

    def __call__(self, projects: Sequence[Project], results: Sequence[Result]) -> list[Result]:
        """What Traefik says of all of them."""
        asked = ask_about(projects, lambda project: _own(project, results), check=self._check)
        self.notes = [note for item in asked for note in item.notes]
        self.could_ask = all(item.was_asked for item in asked)
        return [result for item in asked for result in item.results]


def _own(project: Project, results: Sequence[Result]) -> list[Result]:
    names = {file.name for file in project.files} | {item.file.name for item in project.dynamic}
    return [item for item in results if item.finding.where is not None and item.finding.where.file in names]
