"""Routers, services and middlewares of `traefik_labels`: whole, and naming only what is there."""

from __future__ import annotations

import pytest

from edgegen.rules import traefik_labels_complete
from tests.rules.conftest import Said, said
from tests.rules.traefik_labels import router, service, spec

HOST = "Host(`own.example.com`)"
M = "traefik.http.middlewares.m"
TCP = {"traefik.tcp.routers.t.rule": "HostSNI(`*`)", "traefik.tcp.routers.t.entrypoints": "pg"}
BROKEN = [
    (spec(router("")), "has no rule"),
    (spec(router("Host(own.example.com)")), "must be in backticks"),
    (spec(router("Host(`a`, `b`)")), "takes 1 argument, not 2"),
    (spec(router("Hosts(`a`)")), "did you mean `Host`?"),
    (spec(router("PathPrefix(`x`)")), "must start with `/`"),
    (spec(router("HostRegexp(`(`)")), "the rule of `own`"),
    (spec(router(HOST, rulesyntax="v2")), "in the syntax of Traefik 3"),
    (spec(router(HOST, entrypoints="")), "has no entrypoints"),
    (spec(router(HOST, entrypoints="websecure,webs")), "there is no entrypoint `webs`"),
    (spec(router(HOST, middlewares="auth")), "there is no middleware `auth`"),
    (spec(router(HOST, middlewares="auth@file,nope@file")), "there is no middleware `nope@file`"),
    (spec(router(HOST, middlewares="auth@swarm")), "there is no middleware `auth@swarm`"),
    (spec(router(HOST, middlewares="near-tcp@file")), "there is no middleware"),
    (spec(router(HOST, service="nope")), "there is no service `nope`"),
    (spec(router(HOST, service="nas")), "there is no service `nas`"),
    (spec(router(HOST) | service("81")), "has no service: `open, own` exist"),
    (spec(router(HOST, tls_certresolver="")), "has no TLS"),
    (spec(router(HOST, tls_certresolver="le")), "there is no certificate resolver `le`"),
    (spec(router(HOST, tls_certresolver="letsencrypt ")), "there is no certificate resolver"),
    (spec(router(HOST, tls_options="strong")), "there are no TLS options `strong`"),
    (spec(router(HOST, priority="9223372036854775807")), "a priority lies within"),
    (spec(router(HOST, name="own@file", service="open")), "can't be defined"),
    (spec(router(HOST, service="own") | {"traefik.http.services.own.loadbalancer.passhostheader": "true"}), "no port"),
    (spec(service("81", serverstransport="x@file")), "no servers transport"),
    (spec({f"{M}.headers.stsseconds": "1", f"{M}.compress": "true"}), "has several kinds"),
    (spec({f"{M}.chain.middlewares": "auth"}), "there is no middleware `auth`"),
    (spec({f"{M}.errors.service": "nope", f"{M}.errors.status": "500", f"{M}.errors.query": "/"}), "no service `nope`"),
    (spec({f"{M}.plugin.x.y": "1"}), "has no plugins"),
    (spec({f"{M}.ipallowlist.sourcerange": "192.0.2.0/24,nonsense"}), "`nonsense` is not a range"),
    (spec({f"{M}.ipallowlist.sourcerange": "10.0.0.0/255.0.0.0"}), "`10.0.0.0/255.0.0.0` is not a range"),
    (spec({f"{M}.redirectregex.regex": "(?=a)", f"{M}.redirectregex.replacement": "b"}), "look-around"),
    (spec({f"{M}.basicauth.realm": "x"}), "has no users"),
    (spec(service("81"), service="inner"), "neither a `host` nor a router"),
    (spec(router(HOST), service="inner"), "has no service: the container has none"),
    (spec({"traefik.udp.routers.u.entrypoints": "dns", "traefik.udp.routers.u.service": "u",
           "traefik.udp.services.u.loadbalancer.server.port": "53"}), "no entrypoint for UDP"),
    (spec(TCP | {"traefik.tcp.routers.t.rule": "HostSNI(`x.test`)"}, service="db"), "without TLS no host is known"),
    (spec(TCP | {"traefik.tcp.routers.t.middlewares": "auth@file"}, service="db"), "no middleware `auth@file` for TCP"),
    (spec(TCP), "has no service: the container has none"),
    (spec(TCP | {"traefik.tcp.routers.t.tls.passthrough": "true",
                 "traefik.tcp.routers.t.tls.certresolver": "letsencrypt"}, service="db"), "passes TLS through"),
]  # fmt: skip
NEAR_MISSES = [
    spec(router(HOST)),
    spec(router("Host(`a.test`) || Host(`b.test`) && !PathPrefix(`/x`)", service="own") | service("81")),
    spec(router(HOST, middlewares="auth@file, hsts,m@docker", service="open@docker") | {f"{M}.compress": "true"}),
    spec(router(HOST, service="nas@file")),
    spec(router(HOST, middlewares="secure-headers@file")),  # a preset that nothing else uses
    spec(router(HOST, entrypoints="web", tls_certresolver="")),
    spec(router(HOST, entrypoints="web,websecure", priority="-7", tls_options="default@file")),
    spec(router(HOST) | {"traefik.http.routers.open-https.observability.tracing": "false"}),
    spec(router(HOST, service="noop@internal")),
    spec(router(HOST) | service("81"), service="inner"),
    spec(TCP | {"traefik.tcp.routers.t.middlewares": "near@file"}, service="db"),
    spec({f"{M}.chain.middlewares": "auth@file,gzip@file", f"{M}2.basicauth.users": "a:b"}),
    spec({"traefik.http.services.open.loadbalancer.sticky.cookie": "true"}),
    spec(),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_broken(text: str, words: str) -> None:
    found = said(traefik_labels_complete, text)
    assert [item.refused for item in found] == [True], found
    assert words in found[0].message
    assert ".traefik_labels" in found[0].path
    assert found[0].line > 7


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(traefik_labels_complete, text) == list[Said]()


def test_where_certificates_are_files_there_is_no_resolver() -> None:
    local = "acme: {ca: local}\n"
    (found,) = said(traefik_labels_complete, local + spec(router(HOST)))
    assert "there is no certificate resolver `letsencrypt`" in found.message
    assert said(traefik_labels_complete, local + spec(router(HOST, tls_certresolver="", tls="true"))) == []
