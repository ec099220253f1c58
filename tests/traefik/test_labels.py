"""Typed values as labels."""

from __future__ import annotations

import pytest

from edgegen.traefik.labels import (
    middleware_labels,
    router_labels,
    service_labels,
    tcp_router_labels,
    tcp_service_labels,
)
from edgegen.traefik.middlewares import TCP, parse_middleware
from edgegen.traefik.router import Domain, HttpRouter, HttpService, TcpRouter, TcpService, Tls


def test_a_router() -> None:
    tls = Tls("le", (Domain("a.test", ("*.a.test", "b.test")), Domain("c.test")), "strong@file")
    router = HttpRouter("web-https", "Host(`a.test`)", ("web", "tls"), ("a", "b@file"), "web", tls, 7)
    assert router_labels(router) == {
        "traefik.http.routers.web-https.rule": "Host(`a.test`)",
        "traefik.http.routers.web-https.entrypoints": "web,tls",
        "traefik.http.routers.web-https.middlewares": "a,b@file",
        "traefik.http.routers.web-https.service": "web",
        "traefik.http.routers.web-https.priority": "7",
        "traefik.http.routers.web-https.tls": "true",
        "traefik.http.routers.web-https.tls.certresolver": "le",
        "traefik.http.routers.web-https.tls.options": "strong@file",
        "traefik.http.routers.web-https.tls.domains[0].main": "a.test",
        "traefik.http.routers.web-https.tls.domains[0].sans": "*.a.test,b.test",
        "traefik.http.routers.web-https.tls.domains[1].main": "c.test",
    }


def test_tls_without_options_is_said() -> None:
    labels = router_labels(HttpRouter("a", "Host(`a.test`)", ("tls",), (), "a", Tls()))
    assert labels["traefik.http.routers.a.tls"] == "true"
    assert "traefik.http.routers.a.middlewares" not in labels


def test_a_tcp_router_and_its_service() -> None:
    router = TcpRouter("pg", "HostSNI(`a.test`)", ("pg",), "pg", tls=Tls(passthrough=True))
    labels = tcp_router_labels(router) | tcp_service_labels(TcpService("pg", 5432))
    assert labels["traefik.tcp.routers.pg.tls.passthrough"] == "true"
    assert labels["traefik.tcp.services.pg.loadbalancer.server.port"] == "5432"


def test_a_service() -> None:
    prefix = "traefik.http.services.web.loadbalancer"
    assert service_labels(HttpService("web", 3000)) == {f"{prefix}.server.port": "3000"}
    assert service_labels(HttpService("web", 443, scheme="https", pass_host_header=False, health_path="/up")) == {
        f"{prefix}.server.port": "443",
        f"{prefix}.server.scheme": "https",
        f"{prefix}.passhostheader": "false",
        f"{prefix}.healthcheck.path": "/up",
    }
    assert service_labels(HttpService("web", url="https://nas.test:5001")) == {
        f"{prefix}.server.url": "https://nas.test:5001"
    }


def test_keys_are_lower_case_and_nested_options_are_joined_by_dots() -> None:
    data = {"kind": "rate-limit", "average": 1, "source_criterion": {"ip_strategy": {"excluded_ips": ["192.0.2.1"]}}}
    assert middleware_labels("m", parse_middleware(data)) == {
        "traefik.http.middlewares.m.ratelimit.average": "1",
        "traefik.http.middlewares.m.ratelimit.sourcecriterion.ipstrategy.excludedips": "192.0.2.1",
    }


def test_a_middleware_without_options_is_said() -> None:
    assert middleware_labels("m", parse_middleware({"kind": "compress"})) == {
        "traefik.http.middlewares.m.compress": "true"
    }


def test_a_tcp_middleware_is_in_its_own_section() -> None:
    labels = middleware_labels("m", TCP.parse({"kind": "in-flight-conn", "amount": 1}))
    assert labels == {"traefik.tcp.middlewares.m.inflightconn.amount": "1"}


@pytest.mark.parametrize("item", ["/a,b", " /a", "/a "])
def test_a_list_item_that_no_label_carries_is_refused(item: str) -> None:
    middleware = parse_middleware({"kind": "strip-prefix-regex", "regex": ["/x", item]})
    with pytest.raises(ValueError, match=r"comma separated label\. Declare it under `middlewares:`"):
        middleware_labels("m", middleware)


def test_a_key_with_a_dot_is_refused() -> None:
    middleware = parse_middleware({"kind": "headers", "custom_request_headers": {"X.A": "b"}})
    with pytest.raises(ValueError, match="labels nest at dots"):
        middleware_labels("m", middleware)


@pytest.mark.parametrize("name", ["", "a.b", "a@file", "A", "a b", "a\n", "-a"])
def test_names_are_checked(name: str) -> None:
    with pytest.raises(ValueError, match="can't be a name in Traefik"):
        middleware_labels(name, parse_middleware({"kind": "compress"}))
