"""From files to the answer of `edgegen lint`: projects, the rules' findings, what is suppressed, and the fixes."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import LocalIOError
from edgegen.core.page import Page
from edgegen.lint.agreed import agreed
from edgegen.lint.answer import Answer, Reported
from edgegen.lint.engine import lint
from edgegen.lint.fingerprint import fingerprints
from edgegen.lint.model import File, Project
from edgegen.lint.results import Result, each_once, place
from edgegen.lint.suppression.apply import sift
from edgegen.lint.suppression.config import CONFIG_FILE, Config, read_config
from edgegen.project import lint as reading
from edgegen.project.lint_named import specs_among
from edgegen.project.lint_spec import SpecResults, has_spec, spec_results
from edgegen.project.rule_pages import lint_pages
from edgegen.system.read import read_bounded
from edgegen.traefik.version import Version

_LARGEST_CONFIG = 4 << 20
More = Callable[[Sequence[Project], Sequence[Result]], Sequence[Result]]
"""What others find in the projects, given what the rules found: the real Traefik, for one."""


class Choice(Struct, frozen=True):
    """What is looked at, and how it is judged."""

    files: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    folder: Path = Path()
    environment: str | None = None
    wanted: Version | None = None
    fail_on: str = "medium"
    strict: bool = False
    config: Path | None = None
    """Another file than `.edgegen-lint.yml`."""
    judge: Callable[[Project], Sequence[Result]] = lint
    """What is found in one project: all rules, or the steps of an upgrade."""


class Looked(Struct, frozen=True, eq=False):
    """The answer, and the projects that it is about."""

    answer: Answer
    projects: tuple[Project, ...]


def pages() -> Mapping[str, Page]:
    """Every rule that lint knows, by its id."""
    return {page.id: page for page in lint_pages()}


class _Ids(Collection[str]):
    """The ids of all rules, looked up when a comment or an entry names one: the spec's rules are slow to load."""

    @cached_property
    def _known(self) -> Mapping[str, Page]:
        return pages()

    def __contains__(self, item: object) -> bool:
        return item in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def config_of(choice: Choice) -> Config:
    """What `.edgegen-lint.yml` says. Raises SpecError for mistakes, LocalIOError where a named file can't be read."""
    path = choice.config or choice.folder / CONFIG_FILE
    try:
        content = read_bounded(path, _LARGEST_CONFIG)
    except LocalIOError as error:
        if choice.config is None and isinstance(error.__cause__, FileNotFoundError):
            return Config()
        raise
    return read_config(content, os.path.normpath(path), pages().keys())


def look(
    choice: Choice, config: Config, *, contents: Mapping[str, bytes] | None = None, more: More | None = None
) -> Looked:
    """Read, judge and sift. `contents`: what files would have in them, by their real paths."""
    names = choice.files or (() if choice.together else config.files)
    specs = _specs(choice, names)
    groups: list[tuple[Sequence[str], Sequence[str]]] = [((), spec.files) for spec in specs if spec.files]
    passed = {os.path.normpath(name) for spec in specs for name in (spec.name, *spec.files)}
    others = [name for name in names if os.path.normpath(name) not in passed]
    if others or choice.together or not specs:
        groups.append((others, choice.together))
    found_projects = [
        project
        for files, together in groups
        for project in reading.projects(files, together, choice.folder, wanted=choice.wanted, contents=contents)
    ]
    found = [result for project in found_projects for result in choice.judge(project)]
    results = each_once([*(result for spec in specs for result in spec.results), *found])
    if more is not None:
        results = each_once([*results, *more(found_projects, results)])
    texts = {name: text for spec in specs for name, text in spec.texts.items()} | _texts(found_projects, results)
    return Looked(_answer(choice, config, results, texts), tuple(found_projects))


def _specs(choice: Choice, names: Sequence[str]) -> list[SpecResults]:
    """What is wrong with each edge.yaml that is named, or with that of the folder where nothing is."""
    folders = [os.path.dirname(name) for name in specs_among(names, choice.folder)]  # noqa: PTH120  # of a text
    if not names and not choice.together and has_spec(choice.folder):
        folders = [""]
    return [spec_results(choice.folder, folder, choice.environment) for folder in folders]


def _texts(projects: Sequence[Project], results: Sequence[Result]) -> dict[str, str]:
    """The texts of all files that were looked at, or that a finding is in."""
    files: list[File] = [file for project in projects for file in project.files]
    files += [dynamic.file for project in projects for dynamic in project.dynamic]
    files += [result.found.spot.file for result in results if result.found]
    files += [gap.spot.file for project in projects for gap in project.gaps if gap.spot]
    return {file.name: file.text for file in files}


def _answer(choice: Choice, config: Config, results: Sequence[Result], texts: Mapping[str, str]) -> Answer:
    """Paths in the configuration, and those that make a fingerprint, are relative to the folder of the run."""
    base = "" if choice.folder == Path() else os.path.normpath(choice.folder) + "/"

    def short(name: str) -> str:
        return name.removeprefix(base)

    marked = list(zip(results, fingerprints(results, texts, short), strict=True))
    sifted = sift(marked, texts, config, _Ids(), short)
    reported = agreed([Reported(result, fingerprint) for result, fingerprint in sifted.results], config.severities)
    order = {name: index for index, name in enumerate(texts)}
    return Answer(
        tuple(sorted(reported, key=lambda item: place(item.result.finding, order))),
        sifted.suppressed,
        {name: text for name, text in texts.items() if not config.excludes(short(name))},
        choice.fail_on,
        choice.strict,
    )


def with_fixed(answer: Answer, fixed: int) -> Answer:
    """The answer after fixes."""
    return replace(answer, fixed=fixed)
