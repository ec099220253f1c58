"""Plain HTTP on the web port: one question whose path and query must survive the redirect. Nothing is followed."""

from __future__ import annotations

from dataclasses import dataclass

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Failure, Response
from edgegen.net.conversation import origin
from edgegen.net.deadline import Deadline
from edgegen.net.http import fetch
from edgegen.net.tcp import dial
from edgegen.verify.detours import target
from edgegen.verify.settings import PAGE, Settings

PROBE = "edgegen-probe?edgegen=1"


@dataclass(frozen=True, slots=True)
class WebSeen:
    """What the web port said: one answer, or why there was no connection; neither: it was not asked."""

    plain: tuple[Response, ...] = ()
    connect: Failure | None = None


def look_at_web(endpoint: Endpoint, address: str, settings: Settings, deadline: Deadline) -> WebSeen:
    """GET below the endpoint's path, with a query. Never raises."""
    if endpoint.web_port is None:
        return WebSeen()
    response = get_plain(endpoint, f"{endpoint.path.rstrip('/')}/{PROBE}", address, settings, deadline)
    return WebSeen(connect=response) if isinstance(response, Failure) else WebSeen((response,))


def get_plain(
    endpoint: Endpoint, path: str, address: str, settings: Settings, deadline: Deadline
) -> Response | Failure:
    """One GET by plain HTTP on the web port, which there must be. A Failure: there was no connection."""
    port = endpoint.web_port or 80
    sock = dial(*target(settings, endpoint.host, port, address), deadline)
    if isinstance(sock, Failure):
        return sock
    return fetch(sock, "GET", origin("http", endpoint.host, port) + path, {}, deadline, limits=PAGE)
