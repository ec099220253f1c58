"""A router of one's own takes no host and no password away."""

from __future__ import annotations

import pytest

from edgegen.rules import traefik_labels_protection
from tests.rules.conftest import Said, said
from tests.rules.traefik_labels import router, service, spec

OWN = "Host(`own.example.com`)"
TCP = {"traefik.tcp.routers.t.entrypoints": "websecure", "traefik.tcp.routers.t.tls.passthrough": "true",
       "traefik.tcp.services.t.loadbalancer.server.port": "81"}  # fmt: skip
BROKEN = [
    # A host of another service, of an alias, of the dashboard, of services without a container.
    (spec(router("Host(`shut.example.com`)")), "away from `shut`"),
    (spec(router("Host(`shut.example.com`) && PathPrefix(`/x`)")), "away from `shut`"),
    (spec(router("Host(`edge.example.com`) && PathPrefix(`/x`)")), "away from `dashboard`"),
    (spec(router("Host(`moved.example.com`)")), "away from `moved`"),
    (spec(router("Host(`nas.example.com`)", middlewares="auth@file")), "away from `nas`"),
    (spec(router("HostRegexp(`^.+$`) && PathPrefix(`/`)", priority="100")), "would get requests for"),
    (spec(router("PathPrefix(`/`)", priority="100")), "would get requests for"),
    (spec(router("!Host(`other.test`)", priority="100")), "would get requests for"),
    (spec(router("Host(`own.test`) || Header(`A`, `b`)", priority="100")), "would get requests for"),
    (spec(router("HostRegexp(`^[a-z]+[.]wild[.]example[.]com$`)")), "away from `any`"),
    (spec(router("Host(`open.example.com`) && PathPrefix(`/apis`)")), "away from `part`"),
    (spec(router("Host(`open.example.com`) && PathPrefix(`/other`)"), service="part"), "away from `open`"),
    (spec(router("Host(`open.example.com`)", priority="500"), service="part"), "away from `open`"),
    # Requests of the service's own routers, without what guards them.
    (spec(router("Host(`shut.example.com`) && Path(`/hook`)"), service="shut"), "without its `auth@file`"),
    (spec(router(OWN), service="shut"), "leads to `shut` without its `auth@file`"),
    (spec(router(OWN, service="shut")), "leads to `shut` without its `auth@file`"),
    (spec(router(OWN, service="shut@docker")), "leads to `shut` without its `auth@file`"),
    (spec(router(OWN, service="nas@file")), "leads to `nas` without its `auth@file`"),
    (spec(router(OWN, middlewares="gzip@file"), service="chained"), "without its `gate@file`"),
    (spec(router(OWN, service="hub")), "leads to `hub` without its `hub-users`"),
    (spec(router(OWN, service="own") | service("5000"), service="hub"), "leads to `hub` without its `hub-users`"),
    (spec(router("Host(`hub.example.com`) && Path(`/v2/`)", service="hub"), service="hub"), "without its `hub-users`"),
    (spec(router(OWN), service="any"), "leads to `any` without its `auth@file`"),
    (spec(router("Host(`x.wild.example.com`)"), service="any"), "leads to `any` without its `auth@file`"),
    (spec(router(OWN, service="own") | service("80"), service="shut"), "leads to `shut` without its `auth@file`"),
    (
        spec(router(OWN, service="own") | {"traefik.http.services.own.loadbalancer.server.url": "http://shut:80"}),
        "leads to `shut` without its `auth@file`",
    ),
    (
        spec(router(OWN, service="own") | {"traefik.http.services.own.loadbalancer.server.url": "http://a-hub-1:5000"}),
        "leads to `hub` without its `hub-users`",
    ),
    # Plain HTTP in place of the redirect to https, and an alias that is redirected no more.
    (
        spec(router("Host(`open.example.com`)", entrypoints="web", tls_certresolver="", priority="100")),
        "instead of `open-http`, without its `https-only`",
    ),
    (spec(router("Host(`www.open.example.com`) && Path(`/x`)")), "instead of `open-alias`, without its `open-to-host`"),
    # Past all of it.
    (spec(router(OWN, service="api@internal")), "would be public"),
    (spec(TCP | {"traefik.tcp.routers.t.rule": "HostSNI(`shut.example.com`)"}), "before any HTTP router"),
    (spec(TCP | {"traefik.tcp.routers.t.rule": "HostSNI(`*`)", "traefik.tcp.routers.t.priority": "-9"}), "before any"),
    (
        spec({"traefik.tcp.routers.t.rule": "HostSNI(`x.test`)", "traefik.tcp.routers.t.entrypoints": "pg",
              "traefik.tcp.routers.t.tls": "true"}, service="db"),
        "leads to `db` without its `near@file`",
    ),
]  # fmt: skip
NEAR_MISSES = [
    spec(router(OWN)),
    spec(router(OWN, middlewares="gzip@file")),
    spec(router(OWN, middlewares="auth@file"), service="shut"),
    spec(router(OWN, middlewares="gate@file"), service="chained"),
    spec(router(OWN, middlewares="gate@file"), service="shut"),  # a chain that holds it
    spec(router("Host(`shut.example.com`) && Path(`/x`)", middlewares="auth@file,gzip@file"), service="shut"),
    spec(router(OWN, service="own") | service("9090"), service="shut"),  # another port of the container
    spec(router("Host(`open.example.com`) && PathPrefix(`/api/v2`)"), service="part"),
    spec(router("Host(`open.example.com`) && PathPrefix(`/x`)")),
    spec(router("PathPrefix(`/`)", priority="-200000")),  # behind everybody else
    spec(router("Host(`x.wild.example.com`)")),  # a whole name comes before a wildcard
    spec(router("Host(`a.test`) || Host(`b.test`)", priority="500")),
    spec(router(OWN, entrypoints="web", tls_certresolver="")),
    spec(
        router("Host(`open.example.com`) && PathPrefix(`/x`)", entrypoints="web", tls_certresolver="",
               middlewares="https-only")
    ),
    spec(router(OWN, service="hub", middlewares="hub-users")),
    spec(TCP | {"traefik.tcp.routers.t.rule": "HostSNI(`new.test`)"}),
    spec(router(OWN) | service("80"), service="inner"),
    spec(),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_broken(text: str, words: str) -> None:
    found = said(traefik_labels_protection, text)
    assert [item.refused for item in found] == [True], found
    assert words in found[0].message
    assert ".traefik_labels." in found[0].path
    assert found[0].line > 7


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(traefik_labels_protection, text) == list[Said]()
