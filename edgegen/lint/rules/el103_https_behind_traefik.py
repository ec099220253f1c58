"""A service that speaks https where Traefik speaks http, or whose certificate Traefik refuses.

What it does
    Reports a port 443, 8443 or 9443 of a container without `loadbalancer.server.scheme=https`; and https, by that
    label or by `https://` and an address in a dynamic file, without a servers transport that says which certificate
    counts.

Why
    Plain HTTP on a port for TLS gets 400 or 502. With https Traefik calls the container by its address, which no
    certificate names: `x509: cannot validate certificate for 172.18.0.5`, and every request gets 500.

Example
    `traefik.http.services.unifi.loadbalancer.server.port=8443`

Instead
    The port for plain HTTP, where the application has one. Otherwise `…server.scheme=https` with
    `…loadbalancer.serverstransport=unifi@file`, and in a dynamic file
    `http: {serversTransports: {unifi: {serverName: unifi, rootCAs: [/certs/ca.pem]}}}`, or `insecureSkipVerify: true`.
    In an edge.yaml, `scheme: https` with `insecure_tls: true`.
"""

from __future__ import annotations

import ipaddress
import posixpath
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec.structs import replace

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.uses import is_used
from edgegen.lint.views.image import image_of
from edgegen.traefik.go_values import FALSE

RULE = Rule("EL103", "https-behind-traefik", Severity.MEDIUM)
_PORT = "loadbalancer.server.port"
_SCHEME = "loadbalancer.server.scheme"
_TRANSPORT = "loadbalancer.serverstransport"
_SERVERS = "loadbalancer.servers"
_PORTS = {"443": Severity.MEDIUM, "8443": Severity.LOW, "9443": Severity.LOW}
_PLAIN = ("code-server", "openvscode-server")
"""Their 8443 is for plain HTTP."""
_HINT = "name a servers transport of a dynamic file, with `serverName` and `rootCAs`, or `insecureSkipVerify`"


def check(project: Project) -> Iterator[Found]:
    """HTTP services of labels and files."""
    edge = edge_of(project)
    for item in edge.of("services", "http"):
        if item.service is None:
            found = _of_file(edge, item)
        elif not item.has("loadbalancer.server.url"):
            found = _of_labels(edge, item)
        else:
            continue
        yield from (one for one in found if is_used(edge, item))


def _of_labels(edge: Edge, item: Defined) -> Iterator[Found]:
    port, scheme = item.text(_PORT), item.text(_SCHEME).lower()
    if scheme != "https" and port not in _PORTS:
        return
    name = shown(item.name)
    if scheme == "https" and _is_checked(edge, item):
        message = f"Traefik calls `{name}` by the container's address, which its certificate does not name: 500"
        found = Found(item.owner, message, item.place(_SCHEME), _HINT, Severity.HIGH)
        yield found if edge.traefik else _unless_it_skips(found)
    elif port in _PORTS and not item.has(_SCHEME) and not _is_plain(item):
        message = f"Traefik speaks plain HTTP to port {port} of `{name}`, which is usually for https"
        hint = "use the application's port for plain HTTP, or add `loadbalancer.server.scheme=https`"
        yield Found(item.owner, message, item.place(_PORT), hint, _PORTS[port], Confidence.MEDIUM)


def _of_file(edge: Edge, item: Defined) -> Iterator[Found]:
    urls = item.below(_SERVERS, "url")
    host, index = next(((host, index) for index, url in enumerate(urls) if (host := _address(url))), ("", 0))
    if host and _is_checked(edge, item):
        message = f"Traefik calls `{shown(item.name)}` by the address {host}, which a certificate rarely names: 500"
        spot = item.place(_SERVERS).at(index, "url")
        found = Found(item.owner, message, spot, _HINT, confidence=Confidence.MEDIUM)
        yield found if edge.traefik else _unless_it_skips(found)


def _unless_it_skips(found: Found) -> Found:
    """For a Traefik that is not here: one that checks no certificate at all is common."""
    message = f"{found.message}, unless its Traefik has `serverstransport.insecureskipverify`"
    return replace(found, message=message, severity=Severity.LOW, confidence=Confidence.LOW)


def _is_checked(edge: Edge, item: Defined) -> bool:
    """Whether Traefik checks the certificate against the address."""
    skips = edge.traefik.static.get("serverstransport.insecureskipverify") if edge.traefik else None
    return not item.has(_TRANSPORT) and (skips is None or (skips.known and skips.text in FALSE))


def _is_plain(item: Defined) -> bool:
    image = image_of(item.service) if item.service else None
    return image is not None and posixpath.basename(image.name) in _PLAIN


def _address(url: str) -> str:
    """The address of an `https://` URL; empty for a name."""
    try:
        parts = urlsplit(url)
        return str(ipaddress.ip_address(parts.hostname or "")) if parts.scheme == "https" else ""
    except ValueError:
        return ""
