"""`edgegen lint` in a project: what the rules about edge.yaml find, and which files were rendered from it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import LocalIOError, Problem, RefusedError, SpecError, at_most
from edgegen.core.finding import Outcome, Severity
from edgegen.core.location import Location, path_text
from edgegen.lint.own import NOT_SEEN
from edgegen.lint.results import Result, stated
from edgegen.lint.rule import Rule
from edgegen.project.lint_named import is_compose_file
from edgegen.spec import SPEC_FILE

if TYPE_CHECKING:
    from edgegen.spec.load import LoadedSpec

_REFUSED = Severity.HIGH


def has_spec(folder: Path) -> bool:
    """Whether it is a project of edgegen: a Compose file may be called edge.yaml, too."""
    return (folder / SPEC_FILE).is_file() and not is_compose_file(folder / SPEC_FILE)


class SpecResults(Struct, frozen=True):
    """What lint makes of one edge.yaml."""

    name: str
    """As the user would write it, from the folder where lint runs; `files` too."""
    files: tuple[str, ...]
    """The rendered file to lint, and the user's override over it."""
    texts: Mapping[str, str]
    """The text of edge.yaml."""
    results: tuple[Result, ...]


def spec_results(here: Path, below: str, environment: str | None) -> SpecResults:
    """Judge the edge.yaml of a folder below `here`. Raises SpecError for one that can't be read."""
    from edgegen.spec.load import load
    from edgegen.targets import find_target

    folder = here / below
    name = os.path.normpath(folder / SPEC_FILE)
    loaded = load(folder, environment)
    found = list(_found(folder, loaded, name))
    found += _of_other_environments(folder, loaded, name, {(item.finding.id, item.finding.message) for item in found})
    target = find_target(loaded.spec.target)
    files = [file for file in ([target.file_name] if target else []) if (folder / file).is_file()]
    if files and target:  # as `up` hands it on
        files += [file for file in target.overrides if (folder / file).is_file()][:1]
    if not files and target:
        found.append(_unseen(f"`{target.file_name}` is not rendered yet", name, "run `edgegen render`"))
    text = (folder / SPEC_FILE).read_bytes().decode("utf-8", "replace").removeprefix("\ufeff")
    named, *files = (os.path.join(below, file) for file in (SPEC_FILE, *files))  # noqa: PTH118  # of texts
    return SpecResults(named, tuple(files), {name: text}, tuple(found))


def _found(folder: Path, loaded: LoadedSpec, name: str) -> Iterator[Result]:
    from edgegen.files.values import Values
    from edgegen.rules import violations
    from edgegen.spec.resolve import resolve

    resolved = resolve(loaded, Values(folder, os.environ))
    for missing in (*resolved.missing, *resolved.unset):
        yield _unseen(missing.message, name, missing.hint, missing.where)
    found = violations(resolved.spec, loaded.spec)
    for item in found:
        if item.rule:
            place = loaded.locate(item.path)
            yield _result(Problem(item.message, place, path_text(item.path), item.hint, item.rule), item.severity, name)
    if not any(item.refused for item in found):
        yield from _on_disk(folder, loaded, name)


def _of_other_environments(
    folder: Path, loaded: LoadedSpec, name: str, known: set[tuple[str, str]]
) -> Iterator[Result]:
    """What the rules find with each of the other overlays, whose variables may only have values elsewhere.

    Raises SpecError with the mistakes of all of them: nothing else reads an overlay before its environment is used.
    """
    from edgegen.rules import violations
    from edgegen.spec.load import load

    wrong: list[Problem] = []
    for other in loaded.spec.environments:
        if other == loaded.environment:
            continue
        try:
            overlaid = load(folder, other)
        except SpecError as error:
            wrong += (replace(problem, message=f"with `-e {other}`: {problem.message}") for problem in error.problems)
            continue
        for item in violations(overlaid.spec):
            if item.rule and (item.rule, item.message) not in known:
                known.add((item.rule, item.message))
                place, message = overlaid.locate(item.path), f"with `-e {other}`: {item.message}"
                problem = Problem(message, place, path_text(item.path), item.hint, item.rule)
                yield _result(problem, item.severity, name)
    if wrong:
        raise SpecError(at_most(wrong))


def _on_disk(folder: Path, loaded: LoadedSpec, name: str) -> Iterator[Result]:
    """What only a render sees: secrets in build contexts and mounts. Nothing is written.

    A secret without a value here, as in a fresh clone, was not seen. With something in its place the rest is judged.
    """
    from edgegen.project.render import prepare
    from edgegen.secrets.generated import SecretUnsetError

    environ = dict(os.environ)
    while True:
        try:
            prepare(folder, loaded.environment, environ=environ, loaded=loaded, compared=True)
        except SecretUnsetError as error:
            yield from (_unseen(item.message, name, item.hint) for item in error.problems)
            environ[error.variable] = "unset"
            continue
        except LocalIOError as error:
            if not isinstance(error.__cause__, FileNotFoundError):
                raise
            yield from (
                _unseen(f"{item.where or item.path}: {item.message}", name, item.hint) for item in error.problems
            )
        except (SpecError, RefusedError) as error:
            if not any(item.rule for item in error.problems):
                raise
            yield from (_result(item, _REFUSED, name) for item in error.problems if item.rule)
        return


def _result(problem: Problem, severity: Severity, name: str) -> Result:
    from edgegen.rules import DISK_RULES, RULES

    names = {rule.id: rule.name for rule in (*RULES, *DISK_RULES)}
    known = Rule(problem.rule, names[problem.rule], severity)
    where = problem.where or Location(name)
    place = Location(name, where.line, where.column)
    return stated(known, Outcome.FAIL, problem.path, problem.message, place, hint=problem.hint)


def _unseen(message: str, name: str, hint: str, where: Location | None = None) -> Result:
    place = Location(name, where.line, where.column) if where else Location(name)
    return stated(NOT_SEEN, Outcome.UNKNOWN, name, message, place, hint=hint)
