"""An address at which Traefik's container finds nobody.

What it does
    Follows the addresses of a file's services (`servers: [{url: …}]`), of a label's (`loadbalancer.server.url`) and of
    `forwardauth.address`, as the container of the project's Traefik would: `localhost`, which is the container itself;
    `host.docker.internal` without `extra_hosts`; a service of these files that is on none of Traefik's networks; and a
    name that no service has and that is one letter from one. A service or middleware that no router needs is passed.

Why
    Traefik accepts the address, and shows the service as healthy. Every request gets 502, behind a forward-auth 500.

Example
    `url: http://localhost:8123`, for a program of the host

Instead
    `url: http://host.docker.internal:8123`, with `extra_hosts: ["host.docker.internal:host-gateway"]` at Traefik; for a
    container the name of its service, `http://app:8123`, and a network that both are on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from edgegen.core.data import items, mapping
from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.container_names import names_of, share
from edgegen.lint.corrections import is_slip
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Mode, Project, Service, Spot
from edgegen.lint.networks import routed_containers
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import Judged, judged, listening
from edgegen.lint.uses import is_used
from edgegen.lint.views.image import image_of

RULE = Rule("EL120", "address-out-of-reach", Severity.HIGH)
_URL = late_pattern(
    r"(?:(?:https?|h2c)://)?(?:[^@/\s]*@)?(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?P<port>\d+))?(?:[/?].*)?",
    re.IGNORECASE,
)
_LOOPBACK = late_pattern(r"localhost|127(?:\.\d{1,3}){3}|\[::1\]", re.IGNORECASE)
_THE_HOST = "host.docker.internal"
_DIGITS = late_pattern(r"\D+")


class _Address(Struct, frozen=True, eq=False):
    """Where something leads to."""

    of: Defined
    what: str
    text: str
    host: str
    port: str
    spot: Spot


def check(project: Project) -> Iterator[Found]:
    """The addresses that the project's only Traefik asks, if it is a container with its own network."""
    found = list(judged(project))
    traefik = found[0].traefik.service if len(found) == len(project.traefiks) == 1 else None
    if traefik is None or traefik.partial or (traefik.network_mode and project.mode is not Mode.SWARM):
        return
    for address in _addresses(project):
        message, hint, sure = _fault(project, found[0], traefik, address)
        if message:
            subject = f"{address.what} `{shown(address.of.name)}`"
            severity, confidence = (None, None) if sure else (Severity.MEDIUM, Confidence.MEDIUM)
            yield Found(address.of.owner, f"{subject} {message}", address.spot, hint, severity, confidence)


def _addresses(project: Project) -> Iterator[_Address]:
    edge = edge_of(project)
    for item in edge.of("services"):
        if is_used(edge, item):
            for text, spot in _servers(item):
                yield from _address(item, "the service", text, spot)
    for item in edge.of("middlewares", "http"):
        if (text := item.text("forwardauth.address")) and item.knows("forwardauth.address") and is_used(edge, item):
            yield from _address(item, "the middleware", text, item.place("forwardauth.address"))


def _servers(item: Defined) -> Iterator[tuple[str, Spot]]:
    option = "loadbalancer.server.url"
    if item.item is not None:
        if (text := item.text(option)) and item.knows(option):
            yield text, item.place(option)
        return
    key = "url" if item.section == "http" else "address"
    for index, server in enumerate(items(item.value_in_file("loadbalancer.servers"))):
        words = {str(word).lower(): word for word in mapping(server)}
        if key in words and isinstance(server[words[key]], str):
            yield server[words[key]], item.place("loadbalancer.servers").at(index, words[key])


def _address(item: Defined, what: str, text: str, spot: Spot) -> Iterator[_Address]:
    if found := _URL.fullmatch(text):
        yield _Address(item, what, text, found["host"], found["port"] or "", spot)


def _fault(project: Project, item: Judged, traefik: Service, address: _Address) -> tuple[str, str, bool]:
    """What is wrong with an address, how to repair it, and whether that is certain."""
    host = address.host.lower()
    if _LOOPBACK.fullmatch(host):
        if not _is_alone(project, traefik) or _is_own(item, address.port):
            return "", "", True
        message = f"leads to `{shown(host)}`, which is the container of Traefik itself: nothing answers there"
        name = f"the name of its service, or `{_THE_HOST}` for a program of the host"
        return message, f"write {name}", True
    if host == _THE_HOST:
        if _knows_the_host(project, traefik):
            return "", "", True
        message = f"leads to `{_THE_HOST}`, a name that Docker on Linux gives only to a container that asks for it"
        return message, f'give `{traefik.name}` `extra_hosts: ["{_THE_HOST}:host-gateway"]`', False
    return _of_name(project, traefik, host) if "." not in host and not host.startswith("[") else ("", "", True)


def _of_name(project: Project, traefik: Service, host: str) -> tuple[str, str, bool]:
    others = [one for one in project.services.values() if host in names_of(project, one)]
    if others:
        one = others[0]
        if len(others) > 1 or one.name == traefik.name or one.partial or one.network_mode:
            return "", "", True
        if (
            share(project, traefik, one)
            or host in str(traefik.data.get("extra_hosts"))
            or one in routed_containers(edge_of(project))
        ):
            return "", "", True  # a service with a route is EL013's
        return f"leads to `{one.name}`, which shares no network with `{traefik.name}`", "put both on one network", False
    if host in str(traefik.data.get("extra_hosts")) or project.partial:
        return "", "", True
    meant = [name for name in project.services if _is_meant(host, name)]
    if meant:
        return f"leads to `{shown(host)}`, and no service here has that name", f"did you mean `{meant[0]}`?", False
    return "", "", True  # a container of another project, which joins the network from there


def _is_meant(host: str, name: str) -> bool:
    """One letter, and no digit, differs: `app1` and `app2` may be two."""
    return is_slip(host, name.lower()) and _DIGITS.sub("", host) == _DIGITS.sub("", name)


def _is_alone(project: Project, traefik: Service) -> bool:
    """Whether only Traefik can listen in its container: nothing else is in its image, or joins its network."""
    image = image_of(traefik)
    if image is None or not image.is_official or traefik.built:
        return False
    modes = [one.network_mode.text for one in project.services.values() if one.network_mode is not None]
    return not any(mode in ("", f"service:{traefik.name}") or mode.startswith("container:") for mode in modes)


def _is_own(item: Judged, port: str) -> bool:
    """Whether Traefik listens there itself, as far as that is known."""
    heard = {str(address.port) for _, _, address in listening(item)}
    return not item.whole or not port or port in heard


def _knows_the_host(project: Project, traefik: Service) -> bool:
    extra = str(traefik.data.get("extra_hosts"))
    taken = any(_THE_HOST in names_of(project, one) for one in project.services.values())
    return _THE_HOST in extra or "$" in extra or taken or project.mode is Mode.SWARM
