"""A Traefik that can't reach the Docker that it should read labels from.

What it does
    Follows `endpoint` of `providers.docker` and `providers.swarm`, by default the socket `/var/run/docker.sock`. It
    reports a socket that is not mounted, a name in `tcp://NAME:2375` that no service here has, or one that shares no
    network with Traefik, and a socket proxy (tecnativa, linuxserver) that does not allow what Traefik reads. Where no
    service here has labels for Traefik, the severity is medium.

Why
    Traefik starts, and every host answers 404. Only its log says why: `failed to connect to the docker API`,
    `Failed to list containers`.

Example
    `--providers.docker.endpoint=tcp://socket-proxy:2375`, and `socket-proxy` without `CONTAINERS: 1`

Instead
    A network that only the two are on, and `environment: {CONTAINERS: 1}`; for a swarm
    `{SERVICES: 1, TASKS: 1, NETWORKS: 1, NODES: 1}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.container_names import is_nowhere, names_of, share
from edgegen.lint.model import Project, Service, Spot
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.services import innermost
from edgegen.lint.statics import Judged, is_on, judged
from edgegen.lint.views.hidden import environment_is_hidden
from edgegen.lint.views.image import image_of

RULE = Rule("EL114", "docker-out-of-reach", Severity.HIGH)
SOCKET = "/var/run/docker.sock"
_TCP = re.compile(r"(?:tcp|http)://([A-Za-z0-9_-]+)(?::(\d+))?/?")
"""A name without dots: any other may be a host of the network."""
_PROXIES = ("tecnativa/docker-socket-proxy", "linuxserver/socket-proxy")
_NEEDED = {"docker": ("CONTAINERS",), "swarm": ("SERVICES", "TASKS", "NETWORKS", "NODES")}
_FOR_BOTH = ("PING", "VERSION")
"""What these proxies allow unless a variable turns it off. Traefik's Docker provider also needs EVENTS."""
_ON = ("1", "true", "yes", "on")
_PORT = "2375"


def check(project: Project) -> Iterator[Found]:
    """The endpoint of each provider of labels."""
    for item in judged(project):
        service = item.traefik.service
        if service is None or service.partial or not item.whole:
            continue
        for provider in _NEEDED:
            if is_on(item.static, f"providers.{provider}"):
                for found in _endpoint(project, item, service, provider):
                    yield found if project.labelled else replace(found, severity=Severity.MEDIUM)


def _endpoint(project: Project, item: Judged, traefik: Service, provider: str) -> Iterator[Found]:
    option = f"providers.{provider}.endpoint"
    value = item.static.get(option)
    if value is not None and not value.known:
        return
    endpoint = (value.text if value is not None else "") or f"unix://{SOCKET}"
    spot = item.spot(option if value is not None else f"providers.{provider}")
    if endpoint.startswith("unix://"):
        path = endpoint.removeprefix("unix://")
        if _lacks_socket(traefik, path):
            message = (
                f"no Docker socket is mounted at `{shown(path)}` into `{traefik.name}`: Traefik sees no container, and"
                " says so only in its log"
            )
            yield Found(item.subject, message, spot, f"mount it, or set `{option}` to that of a socket proxy")
    elif (found := _TCP.fullmatch(endpoint)) and traefik.network_mode is None:
        yield from _host(project, traefik, provider, (found[1].lower(), found[2] or _PORT), spot)


def _lacks_socket(service: Service, path: str) -> bool:
    """Whether nothing is mounted there, as far as all of its mounts are known."""
    unsure = any(mount.unset or not mount.target for mount in service.mounts)
    if unsure or "volumes_from" in service.data or service.data.get("use_api_socket"):
        return False
    spellings = {path, path.removeprefix("/var"), f"/var{path}"}  # `/var/run` is a link to `/run` in the image
    return all(innermost(service, spelled) is None for spelled in spellings)


def _host(project: Project, traefik: Service, provider: str, endpoint: tuple[str, str], spot: Spot) -> Iterator[Found]:
    name, port = endpoint
    service = next((one for one in project.services.values() if name in names_of(project, one)), None)
    if service is None:
        yield from _nobody(project, traefik, name, spot)
    elif service.network_mode is None and not service.partial and service.name != traefik.name:
        if not share(project, traefik, service):
            message = f"`{service.name}` shares no network with `{traefik.name}`: Traefik sees no container"
            yield Found(traefik.name, message, spot, "put both on one network, best one that is `internal: true`")
            return
        yield from _proxy(project, service, provider, port, spot)


def _nobody(project: Project, traefik: Service, name: str, spot: Spot) -> Iterator[Found]:
    if is_nowhere(project, traefik, name):
        message = f"no service here is called `{shown(name)}`: Traefik sees no container, and says so only in its log"
        yield Found(traefik.name, message, spot, severity=Severity.MEDIUM, confidence=Confidence.MEDIUM)


def _proxy(project: Project, service: Service, provider: str, port: str, spot: Spot) -> Iterator[Found]:
    image = image_of(service)
    if image is None or not image.repository.lower().endswith(_PROXIES) or environment_is_hidden(project, service):
        return
    said = {name: value for name, value in service.environment.items() if value is not None}
    if any(not value.known for value in said.values()):
        return
    path = said["SOCKET_PATH"].text if "SOCKET_PATH" in said else SOCKET
    if _lacks_socket(service, path):
        message = f"no Docker socket is mounted at `{shown(path)}` into `{service.name}`: Traefik sees no container"
        yield Found(service.name, message, service.spot, f'add `"{SOCKET}:{SOCKET}:ro"` to its volumes')
    if port != _PORT and "BIND_CONFIG" not in said:
        message = f"`{service.name}` listens on port {_PORT}, and not on {port}: Traefik sees no container"
        yield Found(service.name, message, spot, f"write `tcp://{service.name}:{_PORT}`")
    on = {name for name, value in said.items() if value.text.lower() in _ON}
    kept = (*_FOR_BOTH, *(("EVENTS",) if provider == "docker" else ()))
    lacking = [name for name in _NEEDED[provider] if name not in on]
    lacking += [name for name in kept if name in said and name not in on]
    if lacking:
        words = ", ".join(f"`{name}=1`" for name in lacking)
        message = f"`{service.name}` does not let Traefik read what it needs, and no host has a route: it lacks {words}"
        place = next((said[name].spot for name in lacking if name in said), service.spot)
        yield Found(service.name, message, place, f"add {words} to its environment")
