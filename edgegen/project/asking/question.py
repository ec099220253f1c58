"""A project as the oracle is asked about it."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping

from edgegen.core.data import mapping
from edgegen.core.errors import SpecError
from edgegen.lint.model import Mode, Mount, Project, Service, Traefik, Value
from edgegen.oracle.question import (
    PROJECT_LABEL,
    ConfigFile,
    Container,
    DynamicFile,
    Flags,
    Provider,
    Question,
    StaticSource,
    Variables,
)
from edgegen.project.asking.plain import plain
from edgegen.spec.source import read_yaml
from edgegen.spec.variables import VariableError, evaluate
from edgegen.traefik.go_values import as_number

UNKNOWN_PORT = 80
"""What the image exposes can't be seen: with a port of its own no container is without one."""
PLACEHOLDER = "unset-variable"
_ROUTED = ("traefik.http.", "traefik.tcp.", "traefik.udp.")
_NOT_HERE = "/nowhere"
_SPARED = re.compile(
    r"(?:--|TRAEFIK_)(?:accesslog|api|core|global|hostresolver|log|metrics|ping|serverstransport|tracing)[._=]",
    re.IGNORECASE,
)
"""Options on which nothing else depends: without its variable's value one would only keep Traefik from starting."""


def question_of(project: Project, traefik: Traefik | None) -> Question:
    """The project with one of its Traefiks, or with a plain one that has whatever the project names."""
    provider = provider_of(project, traefik)
    name = project.name or "project"
    containers = tuple(_container(service, project, name, provider) for service in project.services.values())
    dynamic = traefik.dynamic if traefik is not None else project.dynamic
    return Question(
        name,
        provider,
        containers,
        plain(containers, provider, dynamic) if traefik is None else _static(traefik),
        # Two folders can have files of one name.
        tuple(
            DynamicFile(f"{index}-{posixpath.basename(item.file.name)}", item.file.text)
            for index, item in enumerate(dynamic)
        ),
        dict(_mounts(project, traefik)),
        _environment(traefik),
    )


def provider_of(project: Project, traefik: Traefik | None) -> Provider:
    """The label provider that reads this project."""
    if traefik is not None:
        static = traefik.static
        if static.has("providers.swarm"):
            return "swarm" if project.mode is not Mode.COMPOSE or not static.has("providers.docker") else "docker"
        if static.has("providers.docker"):
            return "docker"
    return "swarm" if project.mode is Mode.SWARM else "docker"


def text_of(value: Value) -> str:
    """A value; its unset variables have a text that says so and breaks nothing."""
    if value.known:
        return value.text
    try:
        return evaluate(value.raw, dict.fromkeys(value.unset, PLACEHOLDER)).text
    except VariableError:
        return value.text


def container_name(project: str, service: str, provider: Provider) -> str:
    """As the engine would call it."""
    return f"{project}_{service}" if provider == "swarm" else f"{project}-{service}-1"


def _container(service: Service, project: Project, name: str, provider: Provider) -> Container:
    own = service.deploy_labels if provider == "swarm" else service.labels
    labels = {key: text_of(value) for key, value in own.items()}
    labels[PROJECT_LABEL[provider]] = name
    labels.setdefault("com.docker.compose.service", service.name)
    if not project.traefiks and any(key.lower().startswith(_ROUTED) for key in labels):
        labels.setdefault("traefik.enable", "true")  # whoever wrote them has a Traefik that looks at all containers
    return Container(
        container_name(name, service.name, provider),
        labels,
        tuple(_networks(service, project, name)),
        tuple(_ports(service)) or (UNKNOWN_PORT,),
        1,
        _endpoint_mode(service),
        {key: text_of(value) for key, value in service.labels.items()} if provider == "swarm" else {},
    )


def _endpoint_mode(service: Service) -> str:
    return str(mapping(service.data, "deploy").get("endpoint_mode") or "vip")


def _networks(service: Service, project: Project, name: str) -> Iterator[str]:
    if service.network_mode is not None:
        yield service.network_mode.text or "bridge"
        return
    for key in service.networks or ("default",):
        network = project.networks.get(key)
        yield (network.real_name if network else None) or f"{name}_{key}"


def _ports(service: Service) -> Iterator[int]:
    texts = [*(value.text for value in service.expose), *(port.target for port in service.ports)]
    for text in texts:
        first = text.partition("/")[0].partition("-")[0]
        if first.isascii() and first.isdigit() and 0 < as_number(first) < 65_536:
            yield int(first)


def _static(traefik: Traefik) -> StaticSource:
    service, static = traefik.service, traefik.static
    if static.source == "flags" and service is not None:
        words = (*service.entrypoint, *service.command)
        return Flags(tuple(text_of(word) for word in words if word.known or not _SPARED.match(word.raw)))
    if static.source in ("environment", "none") and service is not None:
        given = ((name, value) for name, value in service.environment.items() if value is not None)
        found = {name: text_of(value) for name, value in given if value.known or not _SPARED.match(name)}
        return Variables({name: text for name, text in found.items() if name.startswith("TRAEFIK_")})
    if static.source == "file" and static.spot is not None and (data := _data(traefik)) is not None:
        return ConfigFile(data)
    return Flags(tuple(f"--{option}={text_of(value)}" for option, value in static.written.items()))


def _data(traefik: Traefik) -> Mapping[str, object] | None:
    file = traefik.static.spot.file if traefik.static.spot else None
    if file is None or file.language not in ("yaml", "toml"):
        return None
    try:
        found = tomllib.loads(file.text) if file.language == "toml" else read_yaml(file.text.encode(), file.name).data
    except (SpecError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "services" not in found else None


def _environment(traefik: Traefik | None) -> dict[str, str]:
    service = traefik.service if traefik else None
    values: Iterable[tuple[str, Value | None]] = service.environment.items() if service else ()
    return {name: value.text for name, value in values if value is not None and value.known}


def _mounts(project: Project, traefik: Traefik | None) -> Iterator[tuple[str, str]]:
    """Path in Traefik's container -> path here; what is not a file of this project is somewhere else."""
    service = traefik.service if traefik else None
    for mount in service.mounts if service else ():
        yield mount.target, _source(project, mount)


def _source(project: Project, mount: Mount) -> str:
    source = mount.source
    if mount.kind in ("secret", "config"):
        declared = (project.secrets if mount.kind == "secret" else project.configs).get(mount.source)
        source = str(declared.data.get("file") or "") if declared else ""
    elif mount.kind != "bind":
        source = ""
    return posixpath.join(posixpath.abspath(project.folder), source) if source else _NOT_HERE
