"""Plain HTTP on the web port: one question whose path and query must survive the redirect. Nothing is followed."""

from __future__ import annotations

from msgspec import Struct

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Failure, Phase, Response
from edgegen.net.conversation import origin
from edgegen.net.deadline import Deadline
from edgegen.net.http import fetch_from
from edgegen.verify.detours import target
from edgegen.verify.settings import PAGE, Settings

PROBE = "edgegen-probe?edgegen=1"


class WebSeen(Struct, frozen=True):
    """What the web port said: one answer, or why there was no connection; neither: it was not asked."""

    plain: tuple[Response, ...] = ()
    connect: Failure | None = None


def look_at_web(endpoint: Endpoint, address: str, settings: Settings, deadline: Deadline) -> WebSeen:
    """GET below the endpoint's path, with a query. Never raises."""
    if endpoint.web_port is None:
        return WebSeen()
    response = get_plain(endpoint, f"{endpoint.path.rstrip('/')}/{PROBE}", address, settings, deadline)
    unreached = response.failure if response.failure and response.failure.phase is Phase.CONNECT else None
    return WebSeen(connect=unreached) if unreached else WebSeen((response,))


def get_plain(endpoint: Endpoint, path: str, address: str, settings: Settings, deadline: Deadline) -> Response:
    """One GET by plain HTTP on the web port, which there must be."""
    port = endpoint.web_port or 80
    where = target(settings, endpoint.host, port, address)
    return fetch_from(where, origin("http", endpoint.host, port) + path, deadline, PAGE)
