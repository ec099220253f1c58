"""What does the real Traefik make of these files? Asked without containers and without a network.

A rendered project's containers are served by a fake Docker API, and Traefik runs with the rendered static
configuration, changed only where it would reach out of this machine: its ports become free ones of the loopback, its
engine the fake one, its ACME server a closed port, its mounts the project's own files. What it then says of routers,
middlewares and services is read from its API, and what it complains of from its log.

Two of its complaints are this oracle's own doing, and are set aside (`SET_ASIDE` says exactly which).
"""

from __future__ import annotations

import json
import re
import socket
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.fakes.docker_api import FakeDockerApi
from tests.lab import published
from tests.lab.oracle_engine import COMPOSE, Engine
from tests.traefik.process import BINARY, Traefik, free_port, running

Data = dict[str, Any]
UNKNOWN_HOST = "nobody.invalid"
ROOTS = ("enable", "docker", "swarm", "http", "tcp", "udp", "tls")
PATIENCE = 20.0
"""Seconds in which all providers must have delivered."""
SENTINEL = "zz-oracle-sentinel"
"""A router that both providers deliver last of all: when it is there, all the others had their chance."""

SET_ASIDE = (
    # The ACME server is a closed port, so no certificate can be had.
    r"(127\.0\.0\.1:{acme}\b.*connection refused)",
    # Nothing listens behind the fake containers, so no health check can pass.
    r"(WRN Health check failed\. error=\"checking HTTP health: .* dial tcp 127\.\d+\.\d+\.\d+:\d+: connect: )",
    # What this oracle waits for.
    rf"({SENTINEL})",
    # Every start of this version writes these two, whatever it is given.
    r"(aliasHeadersStrategy is not configured)",
    r"(Traefik can reject some encoded characters)",
)
MISSING_MOUNT = r"(open {root}/\S+: no such file or directory)"
"""A file of a mount whose source is not on this disk: set aside in the log and at the routers that need it."""


@dataclass(frozen=True)
class Project:
    """A rendered project: its Compose file as `parsers.compose_config` gives it, and its folder of dynamic files."""

    compose: Data
    dynamic: Path | None = None
    one_host: bool = True
    """False where services of several hosts were laid together: then no two ports of it can clash."""
    engine: Engine = COMPOSE


@dataclass(frozen=True)
class OracleAnswer:
    """What Traefik understood. Keys are `name@provider`; Traefik's own (`@internal`) are left out of all of them."""

    http_routers: dict[str, Data] = field(default_factory=dict)
    tcp_routers: dict[str, Data] = field(default_factory=dict)
    middlewares: dict[str, Data] = field(default_factory=dict)
    services: dict[str, Data] = field(default_factory=dict)
    internal_routers: dict[str, Data] = field(default_factory=dict)
    log_lines: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    exit_code: int | None = None
    """Where Traefik did not even stay up."""
    expected: tuple[str, ...] = ()
    """Routers that the labels and the dynamic files name."""
    unknown_host: tuple[int, str] | None = None
    """Status and Location of `GET /x?y=1` for an unknown host on the entrypoint `web`."""
    unknown_labels: tuple[str, ...] = ()
    """Labels that begin with `traefik.` and that Traefik passes over without a word."""
    ports: tuple[str, ...] = ()
    """Where published ports and entrypoints don't fit."""

    @property
    def complaints(self) -> list[str]:
        """Everything that is not as it should be; empty for a good project."""
        found = [f"traefik ended with exit code {self.exit_code}"] if self.exit_code is not None else []
        found += [f"{label}: no part of Traefik's labels" for label in self.unknown_labels]
        found += [f"{name}: not there" for name in self.expected if name not in self._routers]
        for kind, items in (("router", self._routers), ("middleware", self.middlewares), ("service", self.services)):
            found += [
                f"{kind} {name}: {item.get('status')} {' '.join(_errors(item))}".rstrip()
                for name, item in items.items()
                if item.get("status") != "enabled" or _errors(item)
            ]
        if self.exit_code is None and not self._redirects:
            found.append(f"plain HTTP is not redirected to https: {self.unknown_host}")
        return [*found, *self.ports, *self.errors, *self.warnings]

    @property
    def _routers(self) -> dict[str, Data]:
        return self.http_routers | self.tcp_routers

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
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        return _asked(projects, Path(folder), lines, acme, binary)


def _asked(
    projects: Sequence[Project], folder: Path, awaited: Sequence[str], acme: int | None, binary: Path
) -> OracleAnswer:
    disk = Disk(folder)
    engine = projects[0].engine
    provider = engine.provider
    containers = [container for project in projects for container in _containers(project.compose, disk, engine)]
    if len(projects) > 1:  # they stand for one large one, whose name is the first's
        for container in containers:
            container["labels"][engine.project_label] = str(projects[0].compose.get("name", "project"))
    files = _dynamic_files(projects, disk)
    closed = free_port()
    directory = f"https://127.0.0.1:{acme or closed}/directory"
    expected = (*_named_by_labels(containers, provider), *_named_by_files(files))
    _refuse_one_name_for_two(containers, provider)
    with _offered(containers, disk, str(projects[0].compose.get("name", "project")), engine) as offered:
        static = Static.of(projects, disk, offered.endpoint, directory)
        waits = [provider, "file"] if static.has("providers.file.directory") else [provider]
        ports = (static.web, static.api)
        with running(static.flags, variables=static.variables, ports=ports, bare=True, binary=binary) as traefik:
            data = traefik.until(
                lambda data: (
                    all(_delivered(traefik, data, name) for name in waits)
                    and all(any(part in line for line in traefik.log) for part in awaited)
                ),
                seconds=PATIENCE,
            )
            answer = _probe(static.web) if "routers" in data else None
            code = traefik.process.poll()
    lines = tuple(disk.undone(line) for line in traefik.log)
    aside = re.compile("|".join(pattern.format(acme=closed) for pattern in SET_ASIDE))
    found = [disk.undone(line) for line in traefik.log if not aside.search(line) and not disk.lacks(line)]
    return OracleAnswer(
        http_routers=_own(data, "routers", disk),
        tcp_routers=_own(data, "tcpRouters", disk),
        middlewares=_own(data, "middlewares", disk) | _own(data, "tcpMiddlewares", disk),
        services=_own(data, "services", disk) | _own(data, "tcpServices", disk),
        internal_routers={key: item for key, item in data.get("routers", {}).items() if key.endswith("@internal")},
        log_lines=lines,
        errors=tuple(line for line in found if _level(line) in ("ERR", "FTL", "PNC")),
        warnings=tuple(line for line in found if _level(line) == "WRN"),
        exit_code=code,
        expected=expected,
        unknown_host=answer,
        unknown_labels=tuple(_unknown_labels(containers)),
        ports=tuple(line for project in projects if project.one_host for line in _ports(project)),
    )


def _level(line: str) -> str:
    """The level of a line; before logging is set up Traefik writes JSON, or plain text, and only when it fails."""
    if found := re.match(r"\S+ (TRC|DBG|INF|WRN|ERR|FTL|PNC) ", line):
        return found.group(1)
    if line.startswith("{"):
        words = {"error": "ERR", "fatal": "FTL", "panic": "PNC", "warn": "WRN"}
        return words.get(str(json.loads(line).get("level")), "INF")
    return "ERR" if "traefik error" in line or "panic:" in line else "INF"


def _delivered(traefik: Traefik, data: Data, provider: str) -> bool:
    """Whether a provider's routers are in force, or it failed as a whole (one bad file is enough) and said so.

    Resolvers are what Traefik looks at last: the sentinel's own is unknown, and the complaint about it is the end.
    """
    name = f"{SENTINEL}@{provider}"
    if name in data.get("routers", {}):
        return any(name in line and "nonexistent certificate resolver" in line for line in traefik.log)
    failed = "Error while building configuration" if provider == "file" else "Provider error"
    return any(_level(line) == "ERR" and failed in line for line in traefik.log)


def _own(data: Data, kind: str, disk: Disk) -> dict[str, Data]:
    items = data.get(kind) or {}
    return {
        name: disk.forgiven(disk.undone(item))
        for name, item in items.items()
        if not name.endswith("@internal") and SENTINEL not in name
    }


def _errors(item: Data) -> list[str]:
    found = item.get("error") or item.get("err") or []
    return [found] if isinstance(found, str) else list(found)


def _probe(port: int) -> tuple[int, str] | None:
    """Status and Location that an unknown host gets on this port."""
    request = f"GET /x?y=1 HTTP/1.1\r\nHost: {UNKNOWN_HOST}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request.encode())
            head = connection.makefile("rb").read().decode("latin-1").partition("\r\n\r\n")[0]
    except OSError:
        return None
    location = re.search(r"(?im)^location: (.*?)\r?$", head)
    return int(head.split()[1]), location.group(1) if location else ""


def _ports(project: Project) -> Iterator[str]:
    for service in _traefiks(project.compose):
        yield from published.complaints(service, dict(_words(service)[0]))


# The static configuration: what the Traefik service's command or variables say, kept from reaching out.


@dataclass(frozen=True)
class Static:
    """Traefik's static configuration on the loopback."""

    flags: list[str]
    variables: dict[str, str]
    web: int
    api: int

    @classmethod
    def of(cls, projects: Sequence[Project], disk: Disk, endpoint: str, directory: str) -> Static:
        first = _traefik(projects[0].compose)
        words, as_flags = _words(first)
        addresses = {"traefik": ":8080"}
        ports: dict[str, int] = {}
        for project in filter(_has_traefik, projects):
            known = {key for key, _ in words}
            more = [word for word in _words(_traefik(project.compose))[0] if word[0].startswith("entrypoints.")]
            words += [word for word in more if word[0] not in known]
            addresses |= {found.group(1): value for key, value in more if (found := _ADDRESS.fullmatch(key))}
            ports = _free_ports(addresses, one_host=project.one_host) | ports
        api = ports["traefik"]
        moved = dict(_moved(key, value, ports, disk, directory) for key, value in words)
        moved |= {
            "entrypoints.traefik.address": f"127.0.0.1:{api}",
            "api.insecure": "true",
            f"providers.{projects[0].engine.provider}.endpoint": endpoint,
            "log.level": "INFO",
            "log.nocolor": "true",
            "providers.providersthrottleduration": "100ms",
        }
        moved.pop("log.filepath", None)
        environment = _environment(first)
        kept = {key: value for key, value in environment.items() if as_flags or not _is_traefik_word(key)}
        variables = {key: disk.on_disk(value) for key, value in kept.items()}
        if as_flags:
            flags, own = [f"--{key}={value}" for key, value in moved.items()], {}
        else:
            flags, own = [], {f"TRAEFIK_{key.replace('.', '_').upper()}": value for key, value in moved.items()}
        return cls(flags, variables | own, ports.get("web", api), api)

    def has(self, key: str) -> bool:
        """Whether the configuration says this."""
        variable = f"TRAEFIK_{key.replace('.', '_').upper()}"
        return variable in self.variables or any(flag.startswith(f"--{key}=") for flag in self.flags)


_ADDRESS = re.compile(r"entrypoints\.([^.]+)\.address")


def _free_ports(addresses: Mapping[str, str], *, one_host: bool) -> dict[str, int]:
    """A free port for each entrypoint. On one host, two entrypoints on one port stay two on one port."""
    free: dict[Any, int] = {}
    keys = {name: _port_and_protocol(address) if one_host else name for name, address in addresses.items()}
    return {name: free.setdefault(key, free_port()) for name, key in keys.items()}


def _port_and_protocol(address: str) -> tuple[str, str]:
    place, _, protocol = address.partition("/")
    return place.rpartition(":")[2], protocol or "tcp"


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
    variables = _environment(service)
    return [
        (key.removeprefix("TRAEFIK_").replace("_", ".").lower(), value)
        for key, value in variables.items()
        if _is_traefik_word(key)
    ], False


def _is_traefik_word(variable: str) -> bool:
    return variable.startswith("TRAEFIK_")


def _environment(service: Data) -> dict[str, str]:
    found = service.get("environment") or {}
    pairs = found.items() if isinstance(found, dict) else (item.split("=", 1) for item in found)
    return {str(key): str(value) for key, value in pairs}


def _moved(key: str, value: str, ports: Mapping[str, int], disk: Disk, directory: str) -> tuple[str, str]:
    if found := _ADDRESS.fullmatch(key):
        _, slash, protocol = value.partition("/")
        return key, f"127.0.0.1:{ports[found.group(1)]}{slash}{protocol}"
    if key == "providers.file.directory":
        return key, str(disk.dynamic)
    if key.endswith(".acme.caserver"):
        return key, directory
    if key.endswith(".acme.storage"):
        return key, str(disk.folder / f"{key.split('.')[1]}.json")
    return key, ",".join(disk.on_disk(part) for part in value.split(","))


# Files: what a container would see by its mounts, seen where it really lies.

_PATH_KEYS = ("usersfile", "ca", "cert", "key", "certfile", "keyfile")


class Disk:
    """A folder in which every mount of Traefik's container is a symbolic link to its source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "root"
        self.dynamic = folder / "dynamic"
        self.root.mkdir()
        self.dynamic.mkdir()
        self._targets: list[str] = []
        self._missing = re.compile(MISSING_MOUNT.format(root=re.escape(str(self.root))))

    def mount(self, source: str, target: str) -> None:
        """Let `target` of the container be `source` of this machine, if it is there."""
        place = self.root / target.lstrip("/")
        self._targets.append(target.rstrip("/"))
        place.parent.mkdir(parents=True, exist_ok=True)
        if Path(source).exists() and not place.exists():
            place.symlink_to(Path(source).resolve())

    def on_disk(self, path: str) -> str:
        """A path of the container as one of this machine; anything else as it is."""
        inside = any(path == target or path.startswith(f"{target}/") for target in self._targets)
        return f"{self.root}{path}" if inside else path

    def undone(self, value: Any) -> Any:
        """`on_disk` taken back, wherever it stands in a value."""
        return json.loads(json.dumps(value).replace(str(self.root), ""))

    def lacks(self, line: str) -> bool:
        """Whether a line complains of nothing but a mounted file that is not on this machine."""
        return bool(self._missing.search(line))

    def forgiven(self, item: Data) -> Data:
        """A router or service without its complaints about mounted files that are not on this machine."""
        missing = re.compile(r"open (\S+): no such file or directory")
        errors = _errors(item)
        kept = [line for line in errors if not self._is_missing_mount(missing.search(line))]
        if not errors or kept:
            return item
        return {key: value for key, value in item.items() if key not in ("error", "err")} | {"status": "enabled"}

    def _is_missing_mount(self, found: re.Match[str] | None) -> bool:
        return found is not None and self.on_disk(found.group(1)) != found.group(1)


def _mounts(compose: Data, disk: Disk) -> None:
    """The mounts of Traefik's container: binds, and secrets below /run/secrets."""
    service = next(_traefiks(compose), {})
    for volume in service.get("volumes") or []:
        if isinstance(volume, dict) and volume.get("type") == "bind":
            disk.mount(volume["source"], volume["target"])
    declared = compose.get("secrets") or {}
    for use in service.get("secrets") or []:
        name, target = _used(use)
        place = target if target.startswith("/") else f"/run/secrets/{target}"
        disk.mount(str(declared.get(name, {}).get("file", "/nowhere")), place)
    configs = compose.get("configs") or {}
    for use in service.get("configs") or []:
        name, target = _used(use)
        disk.mount(str(configs.get(name, {}).get("file", "/nowhere")), f"/{target.lstrip('/')}")


def _used(use: Any) -> tuple[str, str]:
    """(name, target) of a use of a secret or a config."""
    return (use, use) if isinstance(use, str) else (use["source"], use.get("target") or use["source"])


# Containers.


def _containers(compose: Data, disk: Disk, engine: Engine) -> list[Data]:
    """Every service as running: with its labels, or Traefik's only where the engine lets those route."""
    _mounts(compose, disk)
    edge = next(_traefiks(compose), None)
    project = str(compose.get("name", "project"))
    found = []
    for name, service in compose["services"].items():
        labels = {} if service is edge and not engine.edge_has_labels else _labels(engine.labels(service), disk)
        labels[engine.project_label] = project
        found.append(
            {
                "name": engine.name.format(project=project, name=name),
                "labels": labels,
                "networks": _networks(compose, service),
                "replicas": int((service.get("deploy") or {}).get("replicas", 1)),
                "ports": [int(str(port).partition("/")[0]) for port in service.get("expose") or []],
            }
        )
    return found


def _labels(found: Any, disk: Disk) -> dict[str, str]:
    found = found or {}
    pairs = found.items() if isinstance(found, dict) else (item.partition("=")[::2] for item in found)
    return {
        str(key): disk.on_disk(str(value)) if str(key).rpartition(".")[2].lower() in _PATH_KEYS else str(value)
        for key, value in pairs
    }


def _networks(compose: Data, service: Data) -> list[str]:
    declared = compose.get("networks") or {}
    real = []
    for name in service.get("networks") or ["default"]:
        options = declared.get(name) or {}
        plain = name if options.get("external") else f"{compose.get('name', 'project')}_{name}"
        real.append(str(options.get("name") or plain))
    return real


@contextmanager
def _offered(containers: Sequence[Data], disk: Disk, project: str, engine: Engine) -> Iterator[FakeDockerApi]:
    """The containers behind a fake engine, on addresses of the loopback: health checks must not leave the machine."""
    placed = []
    for index, container in enumerate(containers):
        address = f"127.64.{index // 250}.{index % 250 + 1}"
        placed.append({**container, "networks": dict.fromkeys(container["networks"], address)})
    labels = {
        engine.project_label: project,
        "traefik.enable": "true",
        f"traefik.http.routers.{SENTINEL}.rule": f"Host(`{SENTINEL}.invalid`)",
        f"traefik.http.routers.{SENTINEL}.entrypoints": "traefik",
        f"traefik.http.routers.{SENTINEL}.service": "noop@internal",
        f"traefik.http.routers.{SENTINEL}.tls.certresolver": SENTINEL,
        f"traefik.http.services.{SENTINEL}.loadbalancer.server.port": "1",
    }
    networks = dict.fromkeys(_all_networks(containers), "127.64.255.1")
    placed.append({"name": SENTINEL, "labels": labels, "networks": networks})
    with engine.answering(placed, disk.folder / "docker.sock") as offered:
        yield offered


def _all_networks(containers: Sequence[Data]) -> Iterable[str]:
    return dict.fromkeys(network for container in containers for network in container["networks"])


_LABELLED = re.compile(r"traefik\.(http|tcp|udp)\.routers\.([^.]+)\..*", re.IGNORECASE)


def _named_by_labels(containers: Sequence[Data], provider: str) -> list[str]:
    """Routers that the labels of enabled containers name, or of services that have a task."""
    running = (item["labels"] for item in containers if item.get("replicas", 1))
    enabled = (labels for labels in running if labels.get("traefik.enable") == "true")
    found = (_LABELLED.fullmatch(key) for labels in enabled for key in labels)
    return list(dict.fromkeys(f"{match.group(2)}@{provider}" for match in found if match and match.group(1) != "udp"))


def _refuse_one_name_for_two(containers: Sequence[Data], provider: str) -> None:
    owners: dict[str, str] = {}
    for container in containers:
        for router in _named_by_labels([container], provider):
            if owners.setdefault(router, container["name"]) != container["name"]:
                raise ValueError(f"{owners[router]} and {container['name']} both have a router {router}")


def _unknown_labels(containers: Sequence[Data]) -> Iterator[str]:
    for container in containers:
        for key in container["labels"]:
            root, *parts = key.split(".")
            if root.lower() == "traefik" and (root != "traefik" or not parts or parts[0].lower() not in ROOTS):
                yield f"{container['name']}: {key}"


# Dynamic files.


def _dynamic_files(projects: Sequence[Project], disk: Disk) -> list[Data]:
    """Put the files into one folder, with their paths changed and nothing else. Returns what they say."""
    single = len(projects) == 1
    merged: Data = {}
    contents: list[Data] = []
    for path in (path for project in projects if project.dynamic for path in sorted(project.dynamic.iterdir())):
        text = path.read_text()
        for pattern in (_PATH_LINE, _PATH_ENTRY):
            text = pattern.sub(lambda found: found.group(1) + disk.on_disk(found.group(2)), text)
        if single:
            (disk.dynamic / path.name).write_text(text)
            contents.append(_read(text))
        else:
            _merge(merged, _read(text), path.name)
    if not single:
        # Files of this provider are Go templates: `{{` must not stand in one. In JSON it can only be in a string.
        (disk.dynamic / "merged.yml").write_text(json.dumps(merged).replace("{{", "{\\u007b"))
        contents.append(merged)
    sentinel = {
        "rule": f"Host(`{SENTINEL}.invalid`)",
        "entryPoints": ["traefik"],
        "service": "noop@internal",
        "tls": {"certResolver": SENTINEL},
    }
    (disk.dynamic / f"{SENTINEL}.yml").write_text(json.dumps({"http": {"routers": {SENTINEL: sentinel}}}))
    return contents


_PATH_LINE = re.compile(rf"(?im)^(\s*(?:- )?(?:{'|'.join(_PATH_KEYS)}):\s*[\"']?)(/[^\"'\n]*)")

_PATH_ENTRY = re.compile(rf"(?i)(\"(?:{'|'.join(_PATH_KEYS)})\": \")(/[^\"\n]*)")
"""The same in JSON."""


def _read(text: str) -> Data:
    """What a file says. One that is no YAML says nothing here: Traefik has the word."""
    try:
        data = yaml.safe_load(text)
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
