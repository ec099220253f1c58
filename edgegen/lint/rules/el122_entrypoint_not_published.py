"""An entrypoint whose port nobody outside reaches.

What it does
    Reports an entrypoint that routers name and whose port is not among the published ones of Traefik, where others are.
    Routers to Traefik's own services (`api@internal`) do not count, and of HTTP only ports 80 and 443: other ones are
    often only for containers. Next to a tunnel (cloudflared, Tailscale, …) nothing is reported.

Why
    The router is enabled and never gets a connection: clients get `connection refused`, and Traefik's log is empty.

Example
    `--entrypoints.ssh.address=:2222` and a TCP router on it, with `ports: ["80:80", "443:443"]`

Instead
    `ports: ["80:80", "443:443", "2222:2222"]`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import Address, Judged, is_for_http_challenge, judged, listening
from edgegen.lint.views.image import image_of
from edgegen.lint.views.published import covers

RULE = Rule("EL122", "entrypoint-not-published", Severity.MEDIUM, Confidence.MEDIUM)
_TUNNELS = frozenset(("cloudflared", "tailscale", "newt", "frpc", "ngrok", "boringproxy", "rathole", "zrok", "netbird"))
_WEB = (80, 443)


def check(project: Project) -> Iterator[Found]:
    """The entrypoints of a project's only Traefik, if it publishes ports."""
    edge = edge_of(project)
    for item in judged(project):
        service = item.traefik.service
        if edge.traefik is not item.traefik or service is None or service.partial or not service.ports:
            continue
        if (service.network_mode and project.mode is not Mode.SWARM) or any(map(_is_tunnel, project.services.values())):
            continue
        yield from _of_traefik(edge, item, service)


def _of_traefik(edge: Edge, item: Judged, service: Service) -> Iterator[Found]:
    told: set[int] = set()
    for name, spot, address in listening(item):
        router = next((router for router in edge.of("routers") if _is_on(edge, router, name, address)), None)
        # A port that is published for the other protocol is EL105's, and one that a challenge needs EL080's.
        open_ports = any(port.unset or covers(port.target, address.port) for port in service.ports)
        if router is None or open_ports or address.port in told or _is_for_challenge(item, name, address.port):
            continue
        told.add(address.port)
        protocol = "/udp" if address.protocol == "udp" else ""
        where = f"`{shown(name)}` (port {address.port}{protocol}), which the router `{shown(router.name)}` is on"
        message = f"no published port of `{service.name}` leads to {where}"
        hint = f'add `"{address.port}:{address.port}{protocol}"` to the ports of `{service.name}`'
        yield Found(service.name, message, spot, hint)


def _is_on(edge: Edge, router: Defined, name: str, address: Address) -> bool:
    """Whether a router is for this entrypoint, and for clients from outside."""
    if not (edge.takes(router) and router.knows("entrypoints")) or router.text("service").endswith("@internal"):
        return False
    if router.section == "http" and address.port not in _WEB:
        return False
    named = [word.lower() for word in router.words("entrypoints")]
    return name.lower() in named and (router.section == "udp") == (address.protocol == "udp")


def _is_for_challenge(item: Judged, name: str, port: int) -> bool:
    over_tls = port == 443 and any(".acme.tlschallenge" in option for option in item.static.options)
    return over_tls or is_for_http_challenge(item.static, name)


def _is_tunnel(service: Service) -> bool:
    """Whether it brings visitors to Traefik by another way; an image that a variable hides may."""
    image = image_of(service)
    return image.name in _TUNNELS if image is not None else service.image is not None
