"""From `edge.yaml` on disk to a `Spec`: the only part of the spec that reads files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from msgspec import Struct
from pydantic import ValidationError

from edgegen.core.errors import LocalIOError, Problem, SpecError, at_most
from edgegen.core.location import Location, Path, has, path_text
from edgegen.core.suggest import did_you_mean
from edgegen.spec import BASE, SPEC_FILE
from edgegen.spec.base import HintedError
from edgegen.spec.domain_options import broken_domains
from edgegen.spec.edge import Spec
from edgegen.spec.kinds import DEFAULT as DEFAULT_KIND
from edgegen.spec.kinds import KINDS, service_class
from edgegen.spec.meaning import digest
from edgegen.spec.no_edge import without_edge
from edgegen.spec.problems import Complaint, Complaints
from edgegen.spec.references import broken_references
from edgegen.spec.sentences import hint_for_value, split_hint
from edgegen.spec.service import ServiceBase
from edgegen.spec.slipped_keys import slip
from edgegen.spec.source import DEFAULT, Limits, Source, read_yaml
from edgegen.spec.variable_places import misplaced_variables
from edgegen.traefik.middlewares import HTTP, NAMED, TCP, Family, Middleware


class LoadedSpec(Struct, frozen=True):
    """A spec together with where it came from."""

    spec: Spec
    file: str
    environment: str | None
    """The overlay that was chosen; None for the spec without one."""
    locate: Callable[[Path], Location]
    as_written: Callable[[Path], Path]
    """A path of the models as a path of `data`."""
    in_file: Callable[[Path], Path]
    """A path of the models as a path of the file: that of the environment's overlay where the value comes from it."""
    data: dict[str, Any]
    """What was parsed: the file and the environment's overlay as one."""
    has_dollars: bool
    """Whether a text of it may hold variables."""

    @property
    def digest(self) -> str:
        """sha256 of what the spec means in this environment, in hex. Computed each time."""
        return digest(self.spec)


def load_text(
    text: bytes, file: str = SPEC_FILE, environment: str | None = None, *, limits: Limits = DEFAULT
) -> LoadedSpec:
    """Parse and check a spec. Raises SpecError with every mistake at once."""
    read = _ReadSpec(*_with_environment(read_yaml(text, file, limits=limits), environment))
    has_dollars = any(spelling in text for spelling in _DOLLARS)
    named = None if environment == BASE else environment
    spec = _checked(read, has_dollars)
    return LoadedSpec(
        without_edge(spec), file, named, read.locate, read.as_written, read.in_file, read.data, has_dollars
    )


class _ReadSpec:
    """What the file and the environment's overlay hold, and where each part of it is."""

    def __init__(self, source: Source, data: dict[str, Any], origin: Callable[[Path], Path]) -> None:
        self._source = source
        self._origin = origin
        self.data = {key: value for key, value in data.items() if not key.startswith("x-")}  # those hold anchors

    def as_written(self, path: Path) -> Path:
        return _as_written(self.data, path)

    def in_file(self, path: Path) -> Path:
        return self._origin(self.as_written(path))

    def locate(self, path: Path, *, key: bool = False) -> Location:
        return self._source.locate(self.in_file(path), key=key)

    def refuse(self, found: Complaints) -> None:
        """Raises SpecError if there are complaints, in the order of the file."""
        if found.found:
            problems = [self._problem(complaint) for complaint in found.found]
            problems.sort(key=lambda problem: problem.where or Location(self._source.filename))
            raise SpecError(at_most(problems, found.more))

    def _problem(self, complaint: Complaint) -> Problem:
        path = self.as_written(complaint.path)
        where = self.locate(path, key=complaint.at_key)
        if (
            complaint.is_unknown
            and not _is_spelled_apart(path, complaint)
            and (slipped := slip(str(path[-1]), _value_at(self.data, path), where))
        ):
            return Problem(slipped.message, where, path_text((*path[:-1], slipped.shown)), slipped.hint)
        return Problem(complaint.message, where, path_text(path), complaint.hint)


def _checked(read: _ReadSpec, has_dollars: bool) -> Spec:
    """The models, in two steps: what refers to something is only checked where everything has its form."""
    found = Complaints()
    if has_dollars:
        found.take(misplaced_variables(read.data))
    spec = parse(read.data, found)
    read.refuse(found)
    assert spec is not None  # noqa: S101  # refuse() has raised otherwise
    found.take(broken_references(spec))
    found.take(broken_domains(spec))
    if any(domain.records for domain in spec.domains.values()):
        from edgegen.spec.declared import broken_records  # brings dnspython along

        found.take(broken_records(spec))
    read.refuse(found)
    return spec


def _is_spelled_apart(path: Path, complaint: Complaint) -> bool:
    """Whether it is a key that exists, with spaces in it: then nothing of it is a value."""
    return complaint.hint == f"did you mean `{str(path[-1]).strip().replace(' ', '_')}`?"


_DOLLARS = (b"$", b"\\x24", b"\\u0024", b"\\U00000024")
"""How YAML spells it."""


def parse(data: dict[str, Any], found: Complaints) -> Spec | None:
    """Data as a spec; None where something was found to be wrong."""
    variables = list(found.found)
    data = _parse_parts(data, found)
    try:
        spec = Spec.model_validate(data)
    except ValidationError as error:
        found.take_error(error, data, Spec)
        spec = None
    if variables:
        found.found = [*variables, *_of_other_places(found.found[len(variables) :], variables)]
    return None if found.found else spec


def _of_other_places(found: list[Complaint], variables: list[Complaint]) -> Iterator[Complaint]:
    """What does not only follow from a variable that is in the wrong place."""
    for complaint in found:
        above = any(variable.path[: len(complaint.path)] == complaint.path for variable in variables)
        if not above or "${" not in complaint.message:
            yield complaint


def _as_written(data: Any, path: Path) -> Path:
    """A path of the spec's models as a path of the file: where names are a list there, the name's index."""
    for depth, part in enumerate(path):
        if isinstance(data, list) and isinstance(part, str):
            index = next((index for index, item in enumerate(data) if _is_named(item, part)), None)
            return path if index is None else (*path[:depth], index)
        data = data[part] if has(data, part) else None
    return path


def _value_at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _is_named(item: object, name: str) -> bool:
    """Whether an item of a list is a name, or gives it a value: `- NAME=value`."""
    return isinstance(item, str) and (item == name or item.startswith(f"{name}="))


def load(project: FilePath, environment: str | None = None) -> LoadedSpec:
    """Read and check `edge.yaml` of a project directory. Raises SpecError or LocalIOError."""
    from edgegen.system.read import read_bounded

    path = project / SPEC_FILE
    try:
        text = read_bounded(path, DEFAULT.max_bytes)
    except LocalIOError as error:
        if not isinstance(error.__cause__, FileNotFoundError):
            raise
        raise SpecError(f"there is no `{path}`", hint=_instead_of(project)) from None
    return load_text(text, SPEC_FILE, environment)


def _instead_of(project: FilePath) -> str:
    """What to do where there is no edge.yaml: it may have another ending, or be in the folder above."""
    other = next((name for name in ("edge.yml", "Edge.yaml") if (project / name).is_file()), None)
    if other:
        return f"`{other}` is there, and edgegen reads only `{SPEC_FILE}`: `mv {other} {SPEC_FILE}`"
    if (project / ".." / SPEC_FILE).is_file():
        return f"the folder above has one: use `-C {project / '..'}`"
    return "`edgegen init registry DOMAIN` writes one"


def _with_environment(source: Source, environment: str | None) -> tuple[Source, dict[str, Any], Callable[[Path], Path]]:
    if environment is None or environment == BASE:
        return source, source.data, lambda path: path
    declared = source.data.get("environments") or {}
    if not isinstance(declared, dict):  # a mistake of the spec, whatever the environment
        return source, source.data, lambda path: path
    known = list(declared)
    if environment not in known:
        hint = did_you_mean(environment, known, f"environments are: {', '.join(known) or 'none'}")
        raise SpecError(f"there is no environment `{environment}`", where=source.locate(("environments",)), hint=hint)
    overlay = declared[environment] or {}
    if not isinstance(overlay, dict):
        raise SpecError("an environment must be a mapping", where=source.locate(("environments", environment)))
    at = ("environments", environment, "environments")
    if "environments" in overlay:
        raise SpecError(
            "there can't be environments inside an environment", where=source.locate(at, key=True),
            hint="move them out, next to it",
        )  # fmt: skip
    from edgegen.spec.overlay import merge_with_origin

    return source, *merge_with_origin(source.data, overlay, at[:2])


def _parse_parts(data: dict[str, Any], found: Complaints) -> dict[str, Any]:
    """Services and middlewares as models, parsed one by one: only the kinds that are used are ever loaded."""
    data = dict(data)
    if isinstance(named := data.get("middlewares"), dict):
        data["middlewares"] = {
            name: _parsed(value, ("middlewares", name), found, NAMED) for name, value in named.items()
        }
    if isinstance(services := data.get("services"), dict):
        data["services"] = {
            name: _service_parsed(service, ("services", name), found) for name, service in services.items()
        }
    return data


def _service_parsed(service: Any, at: Path, found: Complaints) -> Any:
    if not isinstance(service, dict):
        found.take([Complaint(at, "expected a mapping (`key: value` lines)", hint_for_value("", service))])
        return _broken(ServiceBase)
    try:
        model = service_class(service.get("kind", DEFAULT_KIND))
    except ValueError as error:
        message, hint = (str(error), error.hint) if isinstance(error, HintedError) else split_hint(str(error))
        found.take([Complaint((*at, "kind"), message, hint or f"kinds are {', '.join(KINDS)}")])
        return _broken(ServiceBase)
    if isinstance(uses := service.get("middlewares"), list):
        family = HTTP if model.speaks_http else TCP
        parsed = [_parsed(use, (*at, "middlewares", index), found, family) for index, use in enumerate(uses)]
        service = {**service, "middlewares": parsed}
    try:
        return model.model_validate(service)
    except ValidationError as error:
        found.take_error(error, service, model, at)
    return _broken(ServiceBase)


def _parsed(value: Any, at: Path, found: Complaints, family: Family) -> Any:
    if not isinstance(value, dict):
        return value
    if not found.room:
        return _broken(Middleware)
    try:
        return family.parse(value)
    except ValidationError as error:
        found.take_error(error, value, family.model(value["kind"]), at)
    except ValueError as error:
        message, hint = split_hint(str(error))
        at = (*at, "kind") if "kind" in value else at
        found.take([Complaint(at, message, hint or f"kinds are {', '.join(family.kinds)}")])
    return _broken(Middleware)


@cache
def _broken(model: type[ServiceBase] | type[Middleware]) -> Any:
    """A stand-in for a part that was reported here: the spec's own model must not report it again."""
    return model.model_construct(kind="broken")
