"""Routers and services as values, and for the file provider."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.traefik.router import (
    MAX_PRIORITY,
    Domain,
    HttpRouter,
    HttpService,
    TcpRouter,
    Tls,
    router_dynamic,
    service_dynamic,
)


def test_a_router_for_a_file() -> None:
    router = HttpRouter(
        "a", "Host(`a.test`)", ("web",), ("m@file",), "a", Tls("le", (Domain("a.test", ("b.test",)),)), 0
    )
    assert router_dynamic(router) == {
        "rule": "Host(`a.test`)",
        "entryPoints": ["web"],
        "middlewares": ["m@file"],
        "service": "a",
        "priority": 0,
        "tls": {"certResolver": "le", "domains": [{"main": "a.test", "sans": ["b.test"]}]},
    }
    assert router_dynamic(TcpRouter("a", "HostSNI(`a.test`)", ("pg",), "a", tls=Tls(passthrough=True)))["tls"] == {
        "passthrough": True
    }


def test_services_for_a_file() -> None:
    assert service_dynamic(HttpService("a", url="http://192.0.2.1", pass_host_header=False, health_path="/up")) == {
        "loadBalancer": {
            "servers": [{"url": "http://192.0.2.1"}],
            "passHostHeader": False,
            "healthCheck": {"path": "/up"},
        }
    }
    with pytest.raises(ValueError, match="needs a URL"):
        service_dynamic(HttpService("a", 80))


ROUTER: dict[str, Any] = {"name": "a", "rule": "x", "entrypoints": ("web",), "middlewares": (), "service": "a"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "a@b"}, "can't be a name"),
        ({"rule": ""}, "needs a rule"),
        ({"entrypoints": ()}, "at least one entrypoint"),
        ({"middlewares": ("a,b",)}, "can't be a reference"),
        ({"service": "a b"}, "can't be a reference"),
        ({"priority": MAX_PRIORITY + 1}, "must lie within"),
        ({"tls": Tls(passthrough=True)}, "passthrough belongs to TCP"),
    ],
)
def test_routers_that_traefik_would_drop_are_refused(change: dict[str, Any], sentence: str) -> None:
    HttpRouter(**ROUTER)
    with pytest.raises(ValueError, match=sentence):
        HttpRouter(**{**ROUTER, **change})


def test_contradictions_are_refused() -> None:
    with pytest.raises(ValueError, match="leave the resolver out"):
        Tls("le", passthrough=True)
    with pytest.raises(ValueError, match="holds its port"):
        HttpService("a", 80, url="http://a.test")
