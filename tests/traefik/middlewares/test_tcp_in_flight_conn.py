"""`in-flight-conn` for TCP."""

from __future__ import annotations

from edgegen.traefik.middlewares import TCP
from tests.traefik.middlewares.checks import refuses


def test_gives_traefiks_options() -> None:
    middleware = TCP.parse({"kind": "in-flight-conn", "amount": 3})
    assert middleware.is_tcp
    assert middleware.dynamic() == {"inFlightConn": {"amount": 3}}


def test_refuses() -> None:
    refuses({"kind": "in-flight-conn", "amount": 0}, "must be at least 1", tcp=True)
