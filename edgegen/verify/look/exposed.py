"""Traefik's API and dashboard, requested where nobody should get them. These looks are extras: they fail silently."""

from __future__ import annotations

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Response
from edgegen.net.conversation import origin
from edgegen.net.deadline import Deadline
from edgegen.net.http import Ask, fetch_from
from edgegen.verify.detours import target
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import PAGE, Settings

RAW_DATA = "/api/rawdata"
DASHBOARD = "/dashboard/"
INSECURE_PORT = 8080
"""Where `--api.insecure` opens everything."""
MOST_SECONDS = 2.0


def on_the_host(ask: Ask, deadline: Deadline) -> tuple[Response, ...]:
    """The host's own answers, without credentials; as many as time allows."""
    found: list[Response] = []
    for path in (RAW_DATA, DASHBOARD):
        response = ask("GET", path, {}) if deadline.left else None
        if response is None or (response.failure and not response.status):
            break
        found.append(response)
    return tuple(found)


def on_insecure_port(
    endpoint: Endpoint, address: str, settings: Settings, trust: Trust, deadline: Deadline
) -> tuple[Response, ...]:
    """What port 8080 of the address answers, if it does: asked once for all hosts of an address."""
    where = _insecure_port(endpoint, address, settings)
    if where is None or not deadline.left:
        return ()
    url, short = origin("http", address, INSECURE_PORT) + RAW_DATA, deadline.within(MOST_SECONDS)
    response = trust.dashboards.get(where, lambda: fetch_from(where, url, short, PAGE), deadline)
    return (response,) if response is not None and response.status else ()


def _insecure_port(endpoint: Endpoint, address: str, settings: Settings) -> tuple[str, int] | None:
    """Where the port is. None: a detour leads the endpoint elsewhere, and says nothing about that port."""
    if settings.detour(endpoint.host, INSECURE_PORT) or not settings.detour(endpoint.host, endpoint.port):
        return target(settings, endpoint.host, INSECURE_PORT, address)
    return None
