"""A hash or password whose dollar signs Compose takes for variables.

What it does
    Finds password hashes (`$apr1$…`, `$2y$…`, `$argon2id$…`) in Traefik's labels and in `environment` whose `$` is not
    written `$$`, and in `.env`, `env_file` and `label_file` where no single quotes protect it. The same for a password
    or token like `p4ss$word`: a variable of that name has no value. On a swarm, a hash in the default of a variable is
    right as it is, and reported with `$$`: `docker stack` does not look into defaults.

Why
    Compose puts a variable's value, mostly nothing, where `$apr1` was. The container gets what is left, and nobody can
    log in.

Example
    `traefik.http.middlewares.auth.basicauth.users=admin:$apr1$ruca84Hq$mbjdMZBAG.KWn7vfN/SNK/`

Instead
    `…users=admin:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/`, or better a file: `basicauth.usersfile`. In an env file
    `ADMIN_TOKEN='$argon2id$…'`, in single quotes.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Lossy, Mode, Project, Value
from edgegen.lint.rule import Edit, Fix, Found, Rule
from edgegen.spec.dollars import DOUBLED_HASH, HASH, lost
from edgegen.spec.variables import VariableError, as_written

RULE = Rule("EL032", "dollar-not-doubled", Severity.HIGH)
_DOUBLE = "write each `$` of the hash as `$$`"
_QUOTE = "put the value in single quotes"


def check(project: Project) -> Iterator[Found]:
    """Labels, environments, and the files that they come from."""
    for service, labels in edge_of(project).labelled:
        for label, value in labels.items():
            if "$" in value.raw and _has_broken_hash(project, value):
                yield _hash(project, service.name, label, "Traefik", value)
            yield from _doubled_in_default(project, service.name, label, value)
    for service in project.services.values():
        for name, variable in service.environment.items() if _has_single(service.data.get("environment")) else ():
            if variable is not None and "$" in variable.raw and variable.spot.file.language != "env":
                yield from _variable(project, service.name, name, variable)
    if project.mode is not Mode.SWARM:  # `docker stack` reads no `.env`, and takes an `env_file` as it is
        yield from (_lossy(".env", item) for item in project.lossy if _is_secret(item))
        for service in project.services.values():
            yield from (_lossy(service.name, item) for item in service.lossy if _is_secret(item))


def _has_single(data: object) -> bool:
    """Whether an `environment`, as it is written, has a `$` that is not doubled: most have none."""
    return data is not None and "$" in str(data).replace("$$", "")


def _has_broken_hash(project: Project, value: Value) -> bool:
    if value.spot.file.language == "env" or not HASH.search(_read_by(project.mode, value.raw)):
        return False
    return bool(value.unset) or project.mode is Mode.SWARM  # which stops at a `$` that begins nothing


def _read_by(mode: Mode, raw: str) -> str:
    """The part of a text in which dollar signs count: `docker stack` takes the default of `${NAME:-…}` as it is."""
    if mode is Mode.COMPOSE or "${" not in raw:
        return raw
    for default in _defaults(raw):
        raw = raw.replace(default, "\n")
    return raw


def _defaults(raw: str) -> list[str]:
    """Its variables with a default, as they are written."""
    try:
        return [written for variable, written in as_written(raw) if variable.operator.endswith("-")]
    except VariableError:
        return []


def _doubled_in_default(project: Project, service: str, name: str, value: Value) -> Iterator[Found]:
    """A hash that `docker stack` hands on with `$$`, where the variable has no value."""
    if project.mode is not Mode.SWARM or "$$" not in value.raw or "${" not in value.raw:
        return
    if any(DOUBLED_HASH.search(default) for default in _defaults(value.raw)):
        message = (
            f"`docker stack` takes a default as it is: the hash of `{name}` arrives with `$$`, and nobody can log in"
        )
        yield Found(service, message, value.spot, "write each `$` of a hash once there", Severity.MEDIUM)


def _variable(project: Project, service: str, name: str, value: Value) -> Iterator[Found]:
    yield from _doubled_in_default(project, service, name, value)
    if _has_broken_hash(project, value):
        yield _hash(project, service, name, "the container", value)
    elif lost(name, _read_by(project.mode, value.raw), value.unset):
        yield Found(service, _part(name), value.spot, "if it is a part of the value, write it `$$`", Severity.MEDIUM)


def _hash(project: Project, service: str, name: str, who: str, value: Value) -> Found:
    message = f"Compose takes the `$` in the hash of `{name}` for variables, and {who} gets a broken hash"
    return Found(service, message, value.spot, _DOUBLE, fix=_doubled(project.mode, value))


def _part(name: str) -> str:
    return f"Compose takes a `$` in the value of `{name}` for a variable, which has no value: that part is lost"


def _is_secret(item: Lossy) -> bool:
    return bool(HASH.search(item.raw) or lost(item.name, item.raw, item.unset))


def _lossy(subject: str, item: Lossy) -> Found:
    if HASH.search(item.raw):
        message = f"Compose takes the `$` in the hash of `{item.name}` for variables, and a broken hash is left"
        return Found(subject, message, item.spot, _QUOTE, fix=_quoted(item))
    return Found(subject, _part(item.name), item.spot, f"if it is a part of the value, {_QUOTE}", Severity.MEDIUM)


def _doubled(mode: Mode, value: Value) -> Fix | None:
    """The hash with its dollar signs doubled, where the file has it as it is."""
    edits = []
    file = value.spot.file
    start = file.places.index(value.spot.path)
    for found in HASH.finditer(_read_by(mode, value.raw)):
        at = file.text.find(found[0], start, start + len(value.raw) + 200)
        if at < 0:
            return None
        edits.append(Edit(file, at, at + len(found[0]), found[0].replace("$", "$$")))
    return Fix("double the dollar signs of the hash", tuple(edits))


def _quoted(item: Lossy) -> Fix | None:
    """The value in single quotes, where nothing in it means something else there."""
    text = item.raw[1:-1] if item.raw.startswith('"') else item.raw
    if "'" in text or "\\" in text or "${" in text:
        return None
    edit = Edit(item.spot.file, item.start, item.start + len(item.raw), f"'{text}'")
    return Fix("put the value in single quotes", (edit,))
