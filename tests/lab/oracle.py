"""A rendered project as a question to the oracle (`edgegen.oracle`), and what a good project's answer is.

The services of what `docker-compose config` or `docker stack config` has read become the containers; what is wrong for
a project of edgegen is judged here.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from edgegen.oracle.answer import Answer, errors_of
from edgegen.oracle.ask import ask
from edgegen.oracle.flow import flow, template_free
from edgegen.oracle.question import Container, DynamicFile, Flags, Question, Variables
from tests.lab import published
from tests.lab.oracle_engine import COMPOSE, Engine
from tests.traefik.process import BINARY

Data = dict[str, Any]
PATIENCE = 60.0
"""Seconds in which all providers must have delivered: a second, but for thousands of routers on a busy machine."""
UNKNOWN_HOST = "nobody.invalid"
ROOTS = ("enable", "docker", "swarm", "http", "tcp", "udp", "tls")


@dataclass(frozen=True)
class Project:
    """A rendered project: its Compose file as `parsers.compose_config` gives it, and its folder of dynamic files."""

    compose: Data
    dynamic: Path | None = None
    one_host: bool = True
    """False where services of several hosts were laid together: then no two ports of it can clash."""
    engine: Engine = COMPOSE


class OracleAnswer(Answer, frozen=True):
    """What Traefik understood, and what else can be seen of a project."""

    expected: tuple[str, ...] = ()
    """Routers that the labels and the dynamic files name."""
    unknown_host: tuple[int, str] | None = None
    """Status and Location of `GET /x?y=1` for an unknown host on the entrypoint `web`."""
    unknown_labels: tuple[str, ...] = ()
    """Labels that begin with `traefik.` and that Traefik passes over without a word."""
    clashes: tuple[str, ...] = ()
    """Where published ports and entrypoints don't fit."""

    @property
    def complaints(self) -> list[str]:
        """Everything that is not as it should be; empty for a good project."""
        found = [f"traefik ended with exit code {self.exit_code}"] if self.exit_code is not None else []
        found += [f"{label}: no part of Traefik's labels" for label in self.unknown_labels]
        found += [f"{name}: not there" for name in self.expected if name not in self._routers]
        for kind, items in (("router", self._routers), ("middleware", self.middlewares), ("service", self.services)):
            found += [
                f"{kind} {name}: {item.get('status')} {' '.join(errors_of(item))}".rstrip()
                for name, item in items.items()
                if item.get("status") != "enabled" or errors_of(item)
            ]
        if self.exit_code is None and not self._redirects:
            found.append(f"plain HTTP is not redirected to https: {self.unknown_host}")
        return [*found, *self.clashes, *self.errors, *self.warnings]

    @property
    def _routers(self) -> dict[str, Data]:
        return {**self.http_routers, **self.tcp_routers}

    @property
    def _redirects(self) -> bool:
        return (
            self.unknown_host is not None
            and self.unknown_host[0] == 301
            and self.unknown_host[1].startswith(f"https://{UNKNOWN_HOST}")
            and self.unknown_host[1].endswith("/x?y=1")
        )


def gate(compose: Data, dynamic: Path | None) -> list[str]:
    """Complaints about one project."""
    return ask_traefik(compose, dynamic).complaints


def ask_traefik(
    compose: Data,
    dynamic: Path | None = None,
    *,
    one_host: bool = True,
    lines: Sequence[str] = (),
    acme: int | None = None,
) -> OracleAnswer:
    """Traefik's answer to one project, not before each of `lines` is a part of its log.

    `acme`: the loopback port of an ACME server, in place of the closed one.
    """
    return ask_about([Project(compose, dynamic, one_host)], lines=lines, acme=acme)


def ask_about(
    projects: Sequence[Project], *, lines: Sequence[str] = (), acme: int | None = None, binary: Path = BINARY
) -> OracleAnswer:
    """Traefik's answer to several projects at once; the static configuration is the first one's, with the further
    entrypoints of the others. Raises ValueError where two of them give one name to different things.
    """
    engine = projects[0].engine
    first = str(projects[0].compose.get("name", "project"))
    containers = [item for project in projects for item in _containers(project.compose, engine)]
    if len(projects) > 1:  # they stand for one large one, whose name is the first's
        for container in containers:
            container.labels[engine.project_label] = first  # type: ignore[index]
    files, contents = _dynamic_files(projects)
    _refuse_one_name_for_two(containers, engine.provider)
    question = Question(
        first,
        engine.provider,
        tuple(containers),
        _static(projects),
        files,
        {target: source for project in projects for target, source in _mounts(project.compose)},
        _environment(next(_traefiks(projects[0].compose), {})),
        acme or 0,
    )
    seen: list[tuple[int, str] | None] = []
    answer = ask(question, binary, seconds=PATIENCE, lines=lines, look=_looking(seen))
    own = {name: getattr(answer, name) for name in answer.__struct_fields__}
    return OracleAnswer(
        **own,
        expected=(*_named_by_labels(containers, engine.provider), *_named_by_files(contents)),
        unknown_host=seen[-1] if seen else None,
        unknown_labels=tuple(_unknown_labels(containers)),
        clashes=tuple(line for project in projects if project.one_host for line in _ports(project)),
    )


def _looking(seen: list[tuple[int, str] | None]) -> Callable[[Mapping[str, int]], None]:
    return lambda ports: seen.append(_probe(ports.get("web", ports["traefik"])))


def _probe(port: int) -> tuple[int, str] | None:
    """Status and Location that an unknown host gets on this port."""
    request = f"GET /x?y=1 HTTP/1.1\r\nHost: {UNKNOWN_HOST}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(request.encode())
            head = connection.makefile("rb").read().decode("latin-1").partition("\r\n\r\n")[0]
    except OSError:
        return None
    location = re.search(r"(?im)^location: (.*?)\r?$", head)
    return int(head.split()[1]), location.group(1) if location else ""


def _ports(project: Project) -> Iterator[str]:
    for service in _traefiks(project.compose):
        yield from published.complaints(service, dict(_words(service)[0]))


# The static configuration.


def _static(projects: Sequence[Project]) -> Flags | Variables:
    """The first one's, with the entrypoints of the others. On several hosts no two entrypoints have one port."""
    first = _traefik(projects[0].compose)
    words, as_flags = _words(first)
    for project in filter(_has_traefik, projects[1:]):
        known = {key for key, _ in words}
        more = [word for word in _words(_traefik(project.compose))[0] if word[0].startswith("entrypoints.")]
        words += [word for word in more if word[0] not in known]
    if not all(project.one_host for project in projects):
        names = [key for key, _ in words if _ADDRESS.fullmatch(key)]
        words = [(key, _with_port(value, 40_000 + names.index(key)) if key in names else value) for key, value in words]
    if as_flags:
        return Flags(tuple(f"--{key}={value}" for key, value in words))
    return Variables({f"TRAEFIK_{key.replace('.', '_').upper()}": value for key, value in words})


_ADDRESS = re.compile(r"entrypoints\.([^.]+)\.address")


def _with_port(address: str, port: int) -> str:
    _, slash, protocol = address.partition("/")
    return f":{port}{slash}{protocol}"


def _traefik(compose: Data) -> Data:
    """The service that is Traefik. Raises ValueError where another project's serves."""
    if found := list(_traefiks(compose)):
        return found[0]
    raise ValueError("no service of this file is Traefik")


def _has_traefik(project: Project) -> bool:
    return any(_traefiks(project.compose))


def _traefiks(compose: Data) -> Iterator[Data]:
    services: dict[str, Data] = compose["services"]
    for name, service in services.items():
        if name == "traefik" or "traefik" in str(service.get("image", "")).rpartition("/")[2]:
            yield service


def _words(service: Data) -> tuple[list[tuple[str, str]], bool]:
    """(option, value) of the static configuration in lower case, and whether they are flags."""
    command = service.get("command") or []
    if flags := command if isinstance(command, list) else command.split():
        pairs = (flag.removeprefix("--").partition("=") for flag in flags)
        return [(key.lower(), value if equals else "true") for key, equals, value in pairs], True
    return [
        (key.removeprefix("TRAEFIK_").replace("_", ".").lower(), value)
        for key, value in _environment(service).items()
        if key.startswith("TRAEFIK_")
    ], False


def _environment(service: Data) -> dict[str, str]:
    found = service.get("environment") or {}
    pairs = found.items() if isinstance(found, dict) else (item.split("=", 1) for item in found)
    return {str(key): str(value) for key, value in pairs}


# Files.


def _mounts(compose: Data) -> Iterator[tuple[str, str]]:
    """The mounts of Traefik's container, (target, source): binds, and secrets below /run/secrets."""
    service = next(_traefiks(compose), {})
    for volume in service.get("volumes") or []:
        if isinstance(volume, dict) and volume.get("type") == "bind":
            yield volume["target"], volume["source"]
    for kind, above in (("secrets", "/run/secrets/"), ("configs", "/")):
        declared = compose.get(kind) or {}
        for use in service.get(kind) or []:
            name, target = (use, use) if isinstance(use, str) else (use["source"], use.get("target") or use["source"])
            place = target if target.startswith("/") else f"{above}{target}"
            yield place, str(declared.get(name, {}).get("file", "/nowhere"))


def _dynamic_files(projects: Sequence[Project]) -> tuple[tuple[DynamicFile, ...], list[Data]]:
    """The files as they are, or of several projects one file with all that they say; and what they say."""
    found = [path for project in projects if project.dynamic for path in sorted(project.dynamic.iterdir())]
    if len(projects) == 1:
        texts = [(path.name, path.read_text()) for path in found]
        return tuple(DynamicFile(*pair) for pair in texts), [_read(text) for _, text in texts]
    merged: Data = {}
    for path in found:
        _merge(merged, _read(path.read_text()), path.name)
    return (DynamicFile("merged.yml", template_free(flow(merged))),), [merged]


def _read(text: str) -> Data:
    """What a file says. One that is no YAML says nothing here: Traefik has the word."""
    try:
        data = yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        return {}
    return data if isinstance(data, dict) else {}


def _merge(into: Data, data: Data, where: str) -> None:
    for key, value in data.items():
        if key not in into:
            into[key] = value
        elif isinstance(value, dict) and isinstance(into[key], dict):
            _merge(into[key], value, f"{where}: {key}")
        elif into[key] != value:
            raise ValueError(f"{where}: two projects say different things of {key}")


def _named_by_files(contents: Sequence[Data]) -> list[str]:
    return [
        f"{name}@file"
        for data in contents
        for kind in ("http", "tcp")
        for name in (data.get(kind) or {}).get("routers", {})
    ]


# Containers.


def _containers(compose: Data, engine: Engine) -> list[Container]:
    """Every service as running: with its labels, or Traefik's only where the engine lets those route."""
    edge = next(_traefiks(compose), None)
    project = str(compose.get("name", "project"))
    found = []
    for name, service in compose["services"].items():
        labels = {} if service is edge and not engine.edge_has_labels else _labels(engine.labels(service))
        labels[engine.project_label] = project
        found.append(
            Container(
                engine.name.format(project=project, name=name),
                labels,
                tuple(_networks(compose, service)),
                tuple(int(str(port).partition("/")[0]) for port in service.get("expose") or []),
                int((service.get("deploy") or {}).get("replicas", 1)),
            )
        )
    return found


def _labels(found: Any) -> dict[str, str]:
    found = found or {}
    pairs = found.items() if isinstance(found, dict) else (item.partition("=")[::2] for item in found)
    return {str(key): str(value) for key, value in pairs}


def _networks(compose: Data, service: Data) -> Iterator[str]:
    declared = compose.get("networks") or {}
    for name in service.get("networks") or ["default"]:
        options = declared.get(name) or {}
        plain = name if options.get("external") else f"{compose.get('name', 'project')}_{name}"
        yield str(options.get("name") or plain)


_LABELLED = re.compile(r"traefik\.(http|tcp|udp)\.routers\.([^.]+)\..*", re.IGNORECASE)


def _named_by_labels(containers: Sequence[Container], provider: str) -> list[str]:
    """Routers that the labels of enabled containers name, or of services that have a task."""
    enabled = (item.labels for item in containers if item.replicas and item.labels.get("traefik.enable") == "true")
    found = (_LABELLED.fullmatch(key) for labels in enabled for key in labels)
    return list(dict.fromkeys(f"{match.group(2)}@{provider}" for match in found if match and match.group(1) != "udp"))


def _refuse_one_name_for_two(containers: Sequence[Container], provider: str) -> None:
    owners: dict[str, str] = {}
    for container in containers:
        for router in _named_by_labels([container], provider):
            if owners.setdefault(router, container.name) != container.name:
                raise ValueError(f"{owners[router]} and {container.name} both have a router {router}")


def _unknown_labels(containers: Sequence[Container]) -> Iterator[str]:
    for container in containers:
        for key in container.labels:
            root, *parts = key.split(".")
            if root.lower() == "traefik" and (root != "traefik" or not parts or parts[0].lower() not in ROOTS):
                yield f"{container.name}: {key}"
