"""A value of a static option: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el042_static_value as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--providers.plugin.x.a=b", "--tcpserverstransport.tls.spiffe.ids=x"), {}),
        [
            "5 high `--providers.plugin.x.a`: no plugin `x` is loaded, and Traefik does not start",
            "6 high `--tcpserverstransport.tls.spiffe.ids`: Traefik fails on it unless `serversTransport.spiffe` is set, "
            "too: its API and redirections are gone",
        ],
    ),
    (
        (edge("--entrypoints.web.proxyprotocol=true", "--providers.knative.token=x", "--entrypoints.b.address="), {}),
        [
            "5 high `--entrypoints.web.proxyprotocol`: `proxyProtocol` trusts nobody, and Traefik does not start",
            "6 high `--providers.knative.token`: it needs `experimental.knative`, and Traefik does not start",
            "7 medium `--entrypoints.b.address`: an entrypoint without an address listens on whatever port is free",
        ],
    ),
    (
        (edge("--entrypoints.web.address=80"), {}),
        ["5 high `--entrypoints.web.address`: `80` is not an address, and Traefik does not start"],
    ),
    (
        (edge("--entrypoints.web.address=:99999", "--entrypoints.dns.address=:53/upd"), {}),
        [
            "5 high `--entrypoints.web.address`: `99999` is not a port, and Traefik does not start",
            "6 high `--entrypoints.dns.address`: `upd` is not a protocol, and Traefik does not start",
        ],
    ),
    (
        (edge("--entrypoints.web.forwardedheaders.trustedips=10.0.0.0/8,nope"), {}),
        [
            "5 high `--entrypoints.web.forwardedheaders.trustedips`: `nope` is not an IP address or a network like 10.0.0.0/8, and Traefik does not start"
        ],
    ),
    (
        (edge("--certificatesresolvers.le.acme.keytype=ec256", "--certificatesresolvers.le.acme.storage="), {}),
        [
            "5 medium `--certificatesresolvers.le.acme.keytype`: `ec256` is not a key type that Traefik knows: it takes RSA4096",
            "6 high `--certificatesresolvers.le.acme.storage`: a resolver needs a file to keep its certificates in, and Traefik does not start",
        ],
    ),
    (
        (
            edge(
                "--certificatesresolvers.le.acme.certificatesduration=0",
                "--certificatesresolvers.le.acme.clienttimeout=5s",
            ),
            {},
        ),
        [
            "5 high `--certificatesresolvers.le.acme.certificatesduration`: a certificate must last an hour at least, and Traefik leaves this resolver out",
            "6 high `--certificatesresolvers.le.acme.clienttimeout`: `clientTimeout` must be at least `clientResponseHeaderTimeout`: Traefik leaves this resolver out",
        ],
    ),
    (
        (
            edge(
                "--certificatesresolvers.le.acme.dnschallenge.provider=azure",
                "--certificatesresolvers.le.acme.dnschallenge.delaybeforecheck=5",
            ),
            {},
        ),
        [
            "5 low `--certificatesresolvers.le.acme.dnschallenge.provider`: `azure` is deprecated",
            "6 low `--certificatesresolvers.le.acme.dnschallenge.delaybeforecheck`: it is deprecated",
        ],
    ),
    (
        (edge("--certificatesresolvers.le.acme.email=a@b.c", "--certificatesresolvers.le.tailscale=true"), {}),
        [
            "6 high `--certificatesresolvers.le.tailscale`: a resolver is for ACME or for Tailscale, not for both, and Traefik does not start"
        ],
    ),
    (
        (edge("--log.level=WARNING", "--log.format=text", "--accesslog.format=JSON"), {}),
        [
            "5 medium `--log.level`: `WARNING` is not a level: Traefik logs errors only",
            "6 medium `--log.format`: `text` is not a format: Traefik takes `common`",
            "7 medium `--accesslog.format`: `JSON` is not a format: Traefik takes `common`",
        ],
    ),
    (
        (edge("--accesslog.filters.statuscodes=2xx", "--accesslog.fields.defaultmode=hide"), {}),
        [
            "5 medium `--accesslog.filters.statuscodes`: `2xx` is not a status code or a range like 200-299: nothing is filtered",
            "6 low `--accesslog.fields.defaultmode`: `hide` is not a mode: the field is kept",
        ],
    ),
    (
        (edge("--core.defaultrulesyntax=v1", "--providers.precedence=dokcer", "--api.basepath=x"), {}),
        [
            "5 high `--core.defaultrulesyntax`: `v1` is not a syntax, and Traefik does not start",
            "5 low `--core.defaultrulesyntax`: it is deprecated since Traefik 3.4",
            "6 high `--providers.precedence`: `dokcer` is not a provider, and Traefik does not start",
            "7 high `--api.basepath`: `x` must begin with `/`, and Traefik does not start",
        ],
    ),
    (
        (
            edge("--entrypoints.web.http.aliasheadersstrategy=drop", "--entrypoints.web.http2.maxconcurrentstreams=-1"),
            {},
        ),
        [
            "5 high `--entrypoints.web.http.aliasheadersstrategy`: `drop` is not a strategy, and Traefik does not start",
            "6 high `--entrypoints.web.http2.maxconcurrentstreams`: it must be zero or more, and Traefik does not start",
        ],
    ),
    (
        (
            edge(
                "--log.otlp.http.endpoint=http://a",
                "--tracing.otlp.grpc.insecure=true",
                "--tracing.otlp.grpc.tls.ca=/x",
            ),
            {},
        ),
        [
            "5 high `--log.otlp.http.endpoint`: it needs `experimental.otlpLogs`, and Traefik does not start",
            "6 high `--tracing.otlp.grpc.insecure`: `insecure` and `tls` exclude each other, and Traefik does not start",
        ],
    ),
    (
        (edge("--tracing.globalattributes.a=b", "--core.defaultrulesyntax=v2"), {}),
        [
            "5 low `--tracing.globalattributes.a`: it is deprecated since Traefik 3.3",
            "6 low `--core.defaultrulesyntax`: it is deprecated since Traefik 3.0",
        ],
    ),
]
PASSED: list[Row] = [
    (
        edge(
            "--entrypoints.web.proxyprotocol.trustedips=10.0.0.0/8",
            "--entrypoints.b.proxyprotocol.insecure=true",
            "--entrypoints.c.proxyprotocol=false",
            "--experimental.knative=true",
            "--providers.knative.token=x",
            "--providers.plugin.x.a=b",
            "--experimental.plugins.x.modulename=github.com/a/b",
        ),
        {},
    ),
    (edge("--entrypoints.web.address=:80", "--entrypoints.dns.address=[::1]:53/UDP", "--log.level=warn"), {}),
    (edge("--entrypoints.web.address=:http"), {}),
    (edge("--entrypoints.web.address=${ADDRESS}", "--log.level=${LEVEL}"), {}),
    (edge("--certificatesresolvers.le.acme.keytype=EC256", "--certificatesresolvers.le.acme.clienttimeout=1m30s"), {}),
    (edge("--core.defaultrulesyntax=v3", image="traefik:v3.3"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL042", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL042", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "value_faults", lambda *_: iter(()))
    assert differs("EL042", CAUGHT, PASSED)
