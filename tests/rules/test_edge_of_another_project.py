"""With `edge.use`, whatever needs a Traefik of one's own is refused at its line."""

from __future__ import annotations

import pytest

from edgegen.rules import edge_of_another_project as rule
from edgegen.spec.shared import EdgeSettings
from tests.rules.conftest import Said, said

USE = "edge: {use: shared}\n"
EDGE = {
    "mem_limit": "2g",
    "pids_limit": "99",
    "image": '"traefik:v3.7"',
    "docker_socket": "direct",
    "socket_proxy_image": '"haproxy:3.0"',
    "ports": "{websecure: 8443}",
    "bind": "192.0.2.1",
    "http3": "true",
    "read_timeout": "1h",
    "trusted_ips": "[192.0.2.0/24]",
    "log_level": "DEBUG",
    "access_log": "false",
    "dashboard": "{host: d.example.com, users: [a]}",
    "replicas": "1",
    "extra": "{mem_limit: 1g}",
    "serves": "own",
}
"""Each key of `edge` that belongs to a Traefik, with a value that is right in itself."""
BROKEN = [
    ("acme: {email: a@example.com}\n", "acme", "asks for the certificates"),
    ("services: {pg: {kind: tcp, image: pg, host: h.x.test, entrypoint: pg, listen: 5, port: 5}}\n", "services.pg",
     "an entrypoint"),
    ("services: {nas: {kind: external, host: h.x.test, url: 'http://192.0.2.1'}}\n", "services.nas", "a file of"),
    ("services: {old: {kind: redirect, host: h.x.test, to: 'https://x.test'}}\n", "services.old", "a file of"),
    ("services: {r: {kind: registry, host: r.x.test, users: [ci], anonymous: pull}}\n", "services.r.anonymous",
     "anonymous pull"),
    ("secrets: {s: {generate: 32}}\nmiddlewares: {m: {kind: basic-auth, users_secret: s}}\n",
     "middlewares.m.users_secret", "the users are in a file"),
    ("middlewares: {m: {kind: basic-auth, users_file: /f}}\n", "middlewares.m.users_file", "the users are in a file"),
    ("middlewares: {m: {kind: digest-auth, users: ['a:b:a2688e031edb4be6a3797f3882655c05']}}\n",
     "middlewares.m.users", "the users are in a file"),
    ("middlewares: {m: {kind: forward-auth, address: 'https://a.test', tls: {ca: /ca.pem}}}\n", "middlewares.m.tls.ca",
     "`ca` is a file"),
    ("middlewares: {m: {kind: rate-limit, average: 1, redis: {endpoints: ['r:1'], tls: {cert: /c, key: /k}}}}\n",
     "middlewares.m.redis.tls.cert", "`cert` is a file"),
    ("services: {w: {image: a:1, port: 1, host: w.x.test, middlewares: [{kind: basic-auth, users_file: /f}]}}\n",
     "services.w.middlewares[0].users_file", "the users are in a file"),
    ("middlewares: {m: {kind: forward-auth, address: 'https://a.test', auth_response_headers_regex: 'a,b'}}\n"
     "domains: {x.test: {caa: true}}\n", "domains.x.test.caa", "which authority issues"),
    ("middlewares: {m: {kind: headers, custom_request_headers: {'X.Dot': a}}}\n", "middlewares.m", "labels nest"),
]  # fmt: skip
NEAR_MISSES = [
    "edge: {use: shared, network: their-net, hsts: false}\n",
    USE + "middlewares: {m: {kind: ip-allow-list, source_range: [192.0.2.0/24]}, n: {kind: chain, middlewares: [m]}}\n"
    "services: {w: {image: a:1, port: 1, host: w.x.test, aliases: [x.test], middlewares: [n, secure-headers]}}\n"
    "domains: {x.test: {addresses: [192.0.2.1]}}\n",
    USE + "services: {r: {kind: registry, host: r.x.test, users: [ci]}}\n",
]


@pytest.mark.parametrize("key", EDGE)
def test_settings_of_a_traefik(key: str) -> None:
    (found,) = said(rule, f"edge:\n  use: shared\n  {key}: {EDGE[key]}\n")
    assert (found.path, found.line, found.refused) == (f"edge.{key}", 4, True)
    assert "project `shared`" in found.message
    assert said(rule, f"edge:\n  {key}: {EDGE[key]}\n") == list[Said]()


def test_every_key_of_the_edge_is_either_of_a_traefik_or_not() -> None:
    """A new key has to be placed: in `SHARED_KEYS`, or by the refusal that it gets here."""
    assert set(EdgeSettings.model_fields) == {*EDGE, *rule.SHARED_KEYS}


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(rule, USE + spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 1
    assert said(rule, spec) == list[Said]()


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(rule, spec) == list[Said]()


def test_a_project_cannot_use_itself() -> None:
    (found,) = said(rule, "edge: {use: a}\n")
    assert (found.path, "this project itself" in found.message) == ("edge.use", True)
