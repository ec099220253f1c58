"""`ip-allow-list` for TCP."""

from __future__ import annotations

from edgegen.traefik.middlewares import TCP
from tests.traefik.middlewares.checks import refuses


def test_gives_traefiks_options() -> None:
    middleware = TCP.parse({"kind": "ip-allow-list", "source_range": "192.0.2.1"})
    assert middleware.is_tcp
    assert middleware.dynamic() == {"ipAllowList": {"sourceRange": ["192.0.2.1"]}}


def test_refuses() -> None:
    refuses(
        {"kind": "ip-allow-list", "source_range": ["192.0.2.1"], "reject_status_code": 403},
        "Extra inputs",
        tcp=True,
    )
