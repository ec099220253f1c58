"""A spec with the current values of its variables: the rules judge it, and missing values are reported. Pure."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgegen.core.errors import Problem, SpecError, at_most
from edgegen.core.location import Location, Path, path_text
from edgegen.core.show import shown
from edgegen.spec.compose_values import Resolved
from edgegen.spec.dollars import HASH, lost, variable_of
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, parse
from edgegen.spec.no_edge import without_edge
from edgegen.spec.problems import Complaint, Complaints
from edgegen.spec.references import broken_references
from edgegen.spec.variable_places import Place, compose_places, replaced
from edgegen.spec.variables import Outcome, Variable, evaluate, variables

PROJECT = "COMPOSE_PROJECT_NAME"
"""Compose gives this one a value itself."""
_UNSEEN = {
    "image": "whether this image is pinned",
    "ports": "whether this port is free next to the edge's",
    "volumes": "whether this mount shows secret files",
    "build": "whether this folder holds secret files",
    "file": "whether this file is a secret",
    "device": "whether this folder holds secret files",
}
"""Keys that a rule judges by their value -> what it can't see without one."""


class Resolution(Struct, frozen=True):
    """What came out."""

    spec: Spec
    """Where a variable has no value, the text stays as it is."""
    missing: tuple[Problem, ...] = ()
    """Required variables without a value: Compose refuses to start."""
    unset: tuple[Problem, ...] = ()
    """Others without a value: Compose warns, and puts nothing in their place."""


def resolve(loaded: LoadedSpec, values: Mapping[str, str]) -> Resolution:
    """The spec with these values. Raises SpecError where a value makes it a wrong one."""
    if not loaded.has_dollars:
        return Resolution(loaded.spec)
    places = list(compose_places(loaded.data))
    known = ChainMap({PROJECT: str(loaded.spec.name)}, values)  # type: ignore[arg-type]  # only read
    outcomes = [(place, evaluate(place.text, known)) for place in places]
    missing = [problem for place, outcome in outcomes for problem in _problems(loaded, place, outcome.missing)]
    unset = [problem for place, outcome in outcomes for problem in _unset(loaded, place, outcome.unset)]
    return Resolution(_judged(loaded, outcomes), tuple(missing), tuple(unset))


def _judged(loaded: LoadedSpec, outcomes: list[tuple[Place, Outcome]]) -> Spec:
    texts = {
        # Doubled: a dollar sign of a value begins no variable.
        place.path: Resolved(outcome.text.replace("$", "$$"))
        for place, outcome in outcomes
        if not outcome.missing and not outcome.unset and any(True for _ in variables(place.text))
    }
    if not texts:
        return loaded.spec
    if foreign := [problem for place, _ in outcomes for problem in _foreign(loaded, place, texts.get(place.path, ""))]:
        raise SpecError(foreign)
    found = Complaints()
    spec = parse(replaced(loaded.data, texts), found)
    if spec is not None:
        found.take(broken_references(spec))
    if spec is None or found.found:
        written = {place.path: place.text for place, _ in outcomes}
        problems = [_refusal(loaded, complaint, written, texts) for complaint in found.found]
        raise SpecError(at_most(sorted(problems, key=lambda item: item.where or Location(loaded.file)), found.more))
    return without_edge(spec)


def _foreign(loaded: LoadedSpec, place: Place, text: str) -> Iterator[Problem]:
    """A value with bytes that are not text. Compose replaces each of them, and the container gets another value."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        names = ", ".join(dict.fromkeys(variable.name for variable in variables(place.text)))
        message = f"the value that {names} has now is not UTF-8 text"
        yield Problem(message, loaded.locate(place.path), path_text(place.path), "if `.env` has it, save that as UTF-8")


def _refusal(
    loaded: LoadedSpec, complaint: Complaint, written: Mapping[Path, str], texts: Mapping[Path, str]
) -> Problem:
    """The sentence about a value, with the text that was written in its place: a value may be a secret."""
    at = loaded.as_written(complaint.path)
    message = complaint.message
    place = next((path for path in texts if path[: len(at)] == at or at[: len(path)] == path), None)
    if place is not None:
        for limit in (60, 80, 70, 40):
            message = message.replace(f"`{shown(texts[place], limit)}`", f"`{shown(written[place], limit)}`")
        names = ", ".join(dict.fromkeys(variable.name for variable in variables(written[place])))
        message = f"{message} (with the value that {names} has now)"
    return Problem(message, loaded.locate(complaint.path), path_text(at), complaint.hint)


_DOLLAR = "; for a plain dollar sign write `$$`"
"""Hashes of passwords are full of them."""


def _unset(loaded: LoadedSpec, place: Place, lacking: list[Variable]) -> Iterator[Problem]:
    """One problem per variable. Names that may be parts of a secret are not shown."""
    name, text = variable_of(place.path, place.text)
    names = [item.name for item in lacking]
    if names and (HASH.search(text) or lost(name, text, names)):
        message = "Compose takes a `$` in this value for a variable, which has no value: that part is lost"
        yield Problem(message, loaded.locate(place.path), path_text(place.path), _DOLLAR.removeprefix("; "))
    else:
        yield from _problems(loaded, place, lacking)


def _problems(loaded: LoadedSpec, place: Place, lacking: Iterable[Variable]) -> Iterator[Problem]:
    unseen = next((text for key, text in _UNSEEN.items() if key in place.path[2:]), "")
    for variable in dict.fromkeys(lacking):
        message = f"{_said(variable)}; edgegen can't check {unseen}" if unseen else _said(variable)
        default = "" if variable.is_required else f", or give it a default: `${{{variable.name}:-…}}`{_DOLLAR}"
        hint = f"set {variable.name}{default}"
        yield Problem(message, loaded.locate(place.path), path_text(place.path), hint)


def _said(variable: Variable) -> str:
    nowhere = "set neither in the environment nor in `.env`"
    if not variable.is_required:
        return f"the variable {variable.name} is {nowhere}: Compose puts nothing in its place"
    empty = "empty, or " if variable.operator == ":?" else ""
    return f"the required variable {variable.name} is {empty}{nowhere}{_reason(variable)}"


def _reason(variable: Variable) -> str:
    reason = "".join(part if isinstance(part, str) else f"${part.name}" for part in variable.word)
    return f" ({shown(reason, 200)})" if reason else ""
