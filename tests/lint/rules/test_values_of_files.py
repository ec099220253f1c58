"""Routers, services and TLS options of dynamic files: what Traefik can't build, by the rules for labels and files."""

from __future__ import annotations

import pytest

from tests.lint.edge_table import edge, said

FLAGS = ("--entrypoints.web.address=:80", "--providers.file.directory=/dyn")


def rows(rule: str, text: str) -> list[str]:
    compose = edge(*FLAGS, more="volumes: ['./dyn:/dyn']")
    return said(rule, (compose, {"dyn/a.yml": text}))


CAUGHT = [
    (
        "EL005",
        "http:\n  middlewares:\n    here: {compress: {}}\n    all:\n      chain:\n        middlewares:\n"
        "          - here\n          - gone\n",
        "8 medium there is no middleware `gone`: no file of this Traefik defines it, and Traefik disables every router "
        "that uses `all`",
    ),
    (
        "EL006",
        "http: {routers: {a: {rule: Host(`a`)}}}",
        "1 high the router `a` has no service, and Traefik disables it",
    ),
    (
        "EL006",
        "http: {services: {s: {weighted: {services: [{weight: 1}]}}}}",
        "1 high `s` has a member without a name, and Traefik disables what leads to it",
    ),
    (
        "EL019",
        "tcp: {routers: {a: {service: s}}, services: {s: {loadBalancer: {servers: [{address: 'a:1'}]}}}}",
        "1 high the router `a` has no rule, and Traefik disables it",
    ),
    (
        "EL035",
        "http: {routers: {a: {rule: Host(`a`), service: s}}, services: {s: {}}}",
        "1 high the service `s` has no type, and Traefik disables every router that leads to it",
    ),
    (
        "EL035",
        "http: {services: {s: {loadBalancer: {servers: [{url: app}]}}}}",
        "1 medium the service `s` has a server with the URL `app`, which has no scheme: nothing answers there",
    ),
    (
        "EL035",
        "http: {routers: {a: {rule: Host(`a`), service: s}}, "
        "services: {s: {loadBalancer: {servers: [{url: '10.0.0.1:80'}]}}}}",
        "1 high the service `s` has a server with the URL `10.0.0.1:80`, which has no scheme, and Traefik disables every "
        "router that leads to it",
    ),
    (
        "EL035",
        "tls: {options: {o: {minVersion: TLS1.2}}}",
        "1 medium the TLS options `o` have `TLS1.2` as a version of TLS; it takes VersionTLS10, VersionTLS11, "
        "VersionTLS12, VersionTLS13: Traefik goes on without it",
    ),
    (
        "EL035",
        "tls: {options: {o: {clientAuth: {clientAuthType: RequireAndVerifyClientCert}}}}",
        "1 medium the TLS options `o` want certificates of clients, and have no `caFiles`: Traefik disables every router "
        "that uses them",
    ),
]
PASSED = [
    ("EL006", "http: {routers: {a: {rule: Host(`a`), service: noop@internal}}}"),
    (
        "EL006",
        "http: {routers: {a: {rule: Host(`a`)}, b: {rule: Path(`/b`), parentRefs: [a], service: noop@internal}}}",
    ),
    ("EL019", "udp: {routers: {a: {service: s}}}"),
    ("EL035", "http: {services: {s: {loadBalancer: {servers: [{url: 'h2c://app:1'}]}}}}"),
    ("EL035", "tcp: {services: {s: {loadBalancer: {servers: [{address: 'app:1'}]}}}}"),
    ("EL035", "tls: {options: {o: {minVersion: VersionTLS12, cipherSuites: [TLS_AES_128_GCM_SHA256]}}}"),
]


@pytest.mark.parametrize(("rule", "text", "message"), CAUGHT)
def test_it_is_found(rule: str, text: str, message: str) -> None:
    assert rows(rule, text) == [message]


@pytest.mark.parametrize(("rule", "text"), PASSED)
def test_it_is_not_found(rule: str, text: str) -> None:
    assert rows(rule, text) == []
