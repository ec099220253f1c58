"""A rendered stack file as `docker stack config` prints it, and as it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgegen.compose.swarm_names import in_stack
from edgegen.core.errors import OutsideError, Problem, RefusedError, SpecError
from edgegen.deploy.answers import Reader
from edgegen.deploy.model import Project, read_yaml
from edgegen.deploy.swarm.commands import config_command
from edgegen.deploy.swarm.refusal import path_in
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.terminal_text import tail

CONFIG = Reader("docker stack config")
ENCRYPTED = "encrypted"
"""The option of an overlay's driver."""
_NO_VALUE = "required variable "
_NO_COMMAND = ("unknown command", "is not a docker command")
_CONSTRAINT = re.compile(r"node\.labels\.(?P<label>[\w.-]+)\s*==\s*true", re.ASCII)
_DEFINED = re.compile(r"traefik\.(?:http|tcp)\.middlewares\.[^.]+")


@dataclass(frozen=True, slots=True)
class Service:
    """One service of the file."""

    name: str
    image: str = ""
    labels: frozenset[str] = frozenset()
    """The labels that its node must have, with the value `true`."""
    constraints: tuple[str, ...] = ()
    """All conditions that its node must meet."""
    cpus: float = 0.0
    memory: int = 0
    """What is reserved for each task; memory in bytes."""
    is_global: bool = False
    is_off: bool = False
    """Whether no task of it is wanted."""
    host_ports: tuple[tuple[int, str], ...] = ()
    """Port and protocol of each port that it takes on its own node."""
    build: Any = None
    command: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    """Keys of the file, as those of secrets are."""
    rules: tuple[str, ...] = ()
    """The rules of its routers."""
    middlewares: tuple[str, ...] = ()
    """Those that its labels define, each as the beginning of its labels."""


@dataclass(frozen=True, slots=True)
class Network:
    """One network of the file, by its real name."""

    key: str
    name: str
    external: bool = False
    encrypted: bool = False
    internal: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    """Those of the driver, without `encrypted`."""
    subnets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class VolumeDriver:
    """What makes a volume."""

    name: str = "local"
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StackFile:
    """What a start has to know of the file. All names of networks, volumes, secrets and configs are real ones."""

    name: str
    services: tuple[Service, ...] = ()
    networks: tuple[Network, ...] = ()
    volumes: Mapping[str, str] = field(default_factory=dict)
    """Key of the file -> real name, without external ones: no command deletes those."""
    drivers: Mapping[str, VolumeDriver] = field(default_factory=dict)
    """Key of a volume -> its driver, where the file says it, and Swarm does not fill anything in."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    configs: Mapping[str, str] = field(default_factory=dict)
    """Key of the file -> real name, as in secrets."""
    written: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The file as it was written, its variables not replaced."""

    def __iter__(self) -> Iterator[Service]:
        return iter(self.services)

    def real(self, section: str, key: str) -> str:
        """The real name of a secret or config."""
        return (self.secrets if section == "secrets" else self.configs).get(key, key)

    @property
    def built(self) -> tuple[Service, ...]:
        """The services whose images are built."""
        return tuple(service for service in self.services if service.build is not None)


def read_stack(talk: Talk, file: Path, name: str, values: Mapping[str, str]) -> tuple[StackFile, Project]:
    """Raises SpecError if Docker refuses the file, RefusedError if a required variable has no value, OutsideError."""
    result = talk.run(config_command(file, values))
    if not result.ok:
        said = tail(result.stderr, 5)
        message = f"`docker stack` refuses {file}: {said}"
        if any(words in result.stderr for words in _NO_COMMAND):
            raise OutsideError(
                "this Docker client has no `docker stack config`, with which edgegen reads a stack as Docker does",
                hint="install version 23.0 or later: https://docs.docker.com/engine/install/",
            )
        if _NO_VALUE in result.stderr:
            raise RefusedError(message, hint="set the variable in the environment or in `.env`")
        hint = "`edgegen render` writes the file again; keys under `extra:` are yours"
        raise SpecError(Problem(message, path=path_in(result.stderr), hint=hint))
    data, written = _yaml(result.stdout), _yaml(file.read_text("utf-8", "replace"))
    return stack_of(name, data, written), Project.read({**data, "name": name})


def _yaml(text: str) -> dict[str, Any]:
    """Docker has read the same: what it prints, or reads, is YAML unless another program is in its place."""
    from yaml import YAMLError

    try:
        return read_yaml(text)
    except YAMLError:
        CONFIG.refuse("printed something that is not YAML")


def stack_of(name: str, data: Mapping[str, Any], written: Mapping[str, Any]) -> StackFile:
    """From what `docker stack config` prints, and from the file itself: `build` is only there."""
    builds = {key: body.get("build") for key, body in _entries(written, "services")}
    return StackFile(
        name,
        tuple(_service(key, body, builds.get(key)) for key, body in _entries(data, "services")),
        tuple(_network(name, key, body) for key, body in _entries(data, "networks")),
        {key: _real(name, key, body) for key, body in _entries(data, "volumes") if not body.get("external")},
        dict(_drivers(data)),
        {key: _real(name, key, body) for key, body in _entries(data, "secrets")},
        {key: _real(name, key, body) for key, body in _entries(data, "configs")},
        written,
    )


def _drivers(data: Mapping[str, Any]) -> Iterator[tuple[str, VolumeDriver]]:
    for key, body in _entries(data, "volumes"):
        if not body.get("external") and (body.get("driver") or body.get("driver_opts")):
            driver = volume_driver(CONFIG, body.get("driver"), body.get("driver_opts"))
            if not any("{{" in value for value in driver.options.values()):
                yield key, driver


def volume_driver(reader: Reader, name: object, options: object) -> VolumeDriver:
    """What makes a volume, in the words of a stack or of the engine, which adds `:latest` to the name of a plugin."""
    named = reader.text(name, "driver").removesuffix(":latest")
    return VolumeDriver(named or VolumeDriver().name, reader.pairs(options, "options"))


def part_of(stack: StackFile, without: Collection[str] = ()) -> str:
    """The file without some services, as text for stdin. Its paths begin where the file is."""
    services = {key: body for key, body in _entries(stack.written, "services") if key not in without}
    whole = {key: value for key, value in stack.written.items() if not str(key).startswith("x-")}
    return json.dumps({**whole, "services": services}, default=str)


def with_more(text: str, over: Mapping[str, Any], labels: Mapping[str, str] | None = None) -> str:
    """Such a text with what `over` says of its services, and with `labels` on each of them."""
    part = json.loads(text)
    for name, body in part["services"].items():
        own = over.get(name, {})
        deploy = body.get("deploy") or {}
        more = {**(labels or {}), **own.get("deploy", {}).get("labels", {})}
        body.update({**own, "deploy": {**deploy, "labels": _joined(deploy.get("labels") or {}, more)}})
    return json.dumps(part)


def _joined(written: Any, more: Mapping[str, str]) -> Any:
    if isinstance(written, list):
        return [*written, *(f"{label}={value}" for label, value in more.items())]
    return {**written, **more}


def _service(name: str, body: dict[str, Any], build: Any) -> Service:
    deploy = _map(body.get("deploy"))
    constraints = CONFIG.texts(_map(deploy.get("placement")).get("constraints"), name)
    reserved = _map(_map(deploy.get("resources")).get("reservations"))
    return Service(
        name,
        CONFIG.text(body.get("image"), name),
        labels_in(constraints),
        tuple(constraints),
        _cpus(reserved.get("cpus")),
        CONFIG.number(reserved.get("memory"), name),
        deploy.get("mode") == "global",
        deploy.get("replicas") == 0,
        tuple(_host_ports(body, name)),
        build,
        tuple(CONFIG.texts(body.get("command"), name)),
        _sources(body, "secrets", name),
        _sources(body, "configs", name),
        tuple(_rules(deploy)),
        tuple(defined_middlewares(_map(deploy.get("labels")))),
    )


def labels_in(constraints: Iterable[str]) -> frozenset[str]:
    """The labels that a node must have, with the value `true`."""
    found = (_CONSTRAINT.fullmatch(one.strip()) for one in constraints)
    return frozenset(match["label"] for match in found if match)


def defined_middlewares(labels: Iterable[str]) -> Iterator[str]:
    """The middlewares that labels define, each as the beginning of its labels."""
    for label in labels:
        if found := _DEFINED.match(label.lower()):
            yield found[0]


def _cpus(value: object) -> float:
    """Docker has checked that it is a number."""
    try:
        return float(str(value or 0))
    except ValueError:
        return 0.0


def _rules(deploy: dict[str, Any]) -> Iterator[str]:
    for label, value in _map(deploy.get("labels")).items():
        if label.startswith("traefik.http.routers.") and label.endswith(".rule"):
            yield CONFIG.text(value, label)


def _host_ports(body: dict[str, Any], name: str) -> Iterator[tuple[int, str]]:
    for port in CONFIG.mappings(body.get("ports"), name):
        if (number := CONFIG.number(port.get("published"), name)) and port.get("mode") == "host":
            yield number, CONFIG.text(port.get("protocol"), name) or "tcp"


def _network(stack: str, key: str, body: dict[str, Any]) -> Network:
    options = CONFIG.pairs(body.get("driver_opts"), key)
    return Network(
        key,
        _real(stack, key, body),
        bool(body.get("external")),
        is_encrypted(options),
        bool(body.get("internal")),
        {name: value for name, value in options.items() if name != ENCRYPTED},
        frozenset(subnets(CONFIG, _map(body.get("ipam")).get("config"))),
    )


def is_encrypted(options: Mapping[str, str]) -> bool:
    """Whether the options of an overlay's driver ask for encryption."""
    return ENCRYPTED in options and options[ENCRYPTED].lower() != "false"


def subnets(reader: Reader, config: object) -> Iterator[str]:
    """The subnets of a network, in the words of a stack or of the engine."""
    for part in reader.mappings(config, "subnets"):
        yield from (reader.text(value, key) for key, value in part.items() if key.lower() == "subnet")


def _real(stack: str, key: str, body: dict[str, Any]) -> str:
    """An external thing has its own name, another one the stack's before it unless it says so itself."""
    said = CONFIG.text(body.get("name"), key)
    return said or (key if body.get("external") else in_stack(stack, key))


def _sources(body: dict[str, Any], section: str, name: str) -> tuple[str, ...]:
    return tuple(CONFIG.text(use.get("source"), section) for use in CONFIG.mappings(body.get(section), name))


def _entries(data: Mapping[str, Any], section: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((key, _map(body)) for key, body in _map(data.get(section)).items())


def _map(value: object) -> dict[str, Any]:
    return CONFIG.mapping(value, "the stack")
