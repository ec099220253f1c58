"""What `traefik_labels` may not set: edgegen's own things, and those of other services."""

from __future__ import annotations

import pytest

from edgegen.rules import traefik_labels_of_edgegen
from tests.rules.conftest import Said, said
from tests.rules.traefik_labels import router, service, spec

GUARD = {"traefik.http.middlewares.m.headers.stsseconds": "1"}
BROKEN = [
    (spec({"traefik.enable": "false"}), "written by edgegen itself"),
    (spec({"traefik.enable": "true"}, service="inner"), "written by edgegen itself"),
    (spec({"traefik.docker.network": "other"}), "written by edgegen itself"),
    (spec({"traefik.Docker.Network": "other"}), "written by edgegen itself"),
    (spec({"traefik.http.routers.open-https.rule": "Host(`x`)"}), "written by edgegen itself"),
    (spec({"traefik.http.routers.OPEN-HTTPS.Rule": "Host(`x`)"}), "written by edgegen itself"),
    (spec({"traefik.http.routers.shut-https.middlewares": "gzip@file"}, service="shut"), "written by edgegen itself"),
    (spec({"traefik.http.routers.open-https.priority": "9"}), "changes the router `open-https`"),
    (spec({"traefik.http.routers.open-https.tls.options": "x@file"}), "changes the router `open-https`"),
    (spec({"traefik.http.routers.open-https.rulesyntax": "v2"}), "changes the router `open-https`"),
    (spec({"traefik.http.routers.open-http.middlewares": "x"}), "written by edgegen itself"),
    (spec({"traefik.http.services.open.loadbalancer.server.port": "81"}), "written by edgegen itself"),
    (spec({"traefik.http.services.open.loadbalancer.server.scheme": "https"}), "changes the service `open`"),
    (spec({"traefik.http.services.open.loadbalancer.server.url": "http://x"}), "changes the service `open`"),
    (spec({"traefik.http.middlewares.https-only.redirectscheme.scheme": "http"}), "written by edgegen itself"),
    (spec({"traefik.http.middlewares.https-only.headers.stsseconds": "1"}), "edgegen's own, of every service"),
    (spec({"traefik.http.middlewares.hub-users.basicauth.removeheader": "true"}, service="hub"), "changes the middle"),
    (spec({"traefik.http.middlewares.hub-users.basicauth.users": "a:b"}), "edgegen's own, of the service `hub`"),
    (spec(router("Host(`x.test`)", name="shut-https")), "edgegen's own, of the service `shut`"),
    (spec(router("Host(`x.test`)", name="Shut-HTTPS")), "edgegen's own, of the service `shut`"),
    (spec(service("1", name="shut")), "edgegen's own, of the service `shut`"),
    (spec({"traefik.tcp.routers.db.priority": "1"}, service="db"), "changes the router `db`"),
    (spec({"traefik.tcp.services.db.loadbalancer.server.port": "1"}), "edgegen's own, of the service `db`"),
    (spec(service("1"), shut=service("2")), "`open` has a service `own` too"),
    (spec(router("Host(`x.test`)"), shut=router("Host(`y.test`)")), "`open` has a router `own` too"),
    (spec(GUARD, shut=GUARD | {"traefik.http.middlewares.m.headers.framedeny": "true"}), "`open` has a middleware"),
    (spec({"traefik.http.models.web.middlewares": "x"}), "affects every host"),
    (spec({"traefik.tls.stores.default.defaultgeneratedcert.resolver": "letsencrypt"}), "affects every host"),
    (
        spec({"traefik.http.services.hub.loadbalancer.healthcheck.path": "/v2/"}, service="hub"),
        "written by edgegen itself",
    ),
]
NEAR_MISSES = [
    spec({"traefik.http.services.open.loadbalancer.sticky.cookie.name": "s"}),
    spec({"traefik.http.services.open.loadbalancer.healthcheck.path": "/health"}),
    spec({"traefik.http.services.open.loadbalancer.passhostheader": "false"}),
    spec({"traefik.http.services.hub.loadbalancer.healthcheck.interval": "5s"}, service="hub"),
    spec({"traefik.http.routers.open-https.observability.accesslogs": "false"}),
    spec(router("Host(`x.test`)", service="own") | service("81")),
    spec(GUARD, shut=GUARD),
    spec({"traefik.tcp.services.open.loadbalancer.server.port": "81"}),  # TCP's names are its own
    spec(),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_broken(text: str, words: str) -> None:
    found = said(traefik_labels_of_edgegen, text)
    assert [item.refused for item in found] == [True], found
    assert words in found[0].message
    assert ".traefik_labels." in found[0].path
    assert found[0].line > 7


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(traefik_labels_of_edgegen, text) == list[Said]()
