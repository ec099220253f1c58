"""A registry without a host: no edge, on the loopback, with passwords only where there are users."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.core.errors import SpecError
from edgegen.desired.build import Desired, build
from edgegen.desired.endpoints import endpoints
from edgegen.spec.load import load_text


def desired(text: str) -> Desired:
    return build(load_text(f"name: try\n{text}".encode()).spec)


def data(text: str) -> Any:
    return plain(desired(text).file.data())


def test_alone_it_needs_no_edge() -> None:
    made = desired("services: {registry: {kind: registry, delete: true}}")
    file: Any = plain(made.file.data())
    assert list(file["services"]) == ["registry"]
    body = file["services"]["registry"]
    assert body["ports"] == ["127.0.0.1:5000:5000"]
    assert body["environment"] == {"REGISTRY_STORAGE_DELETE_ENABLED": "true"}
    assert "networks" not in body
    assert not body.get("labels")
    assert not file.get("networks")
    assert made.dynamic == {}
    assert made.users_files == ()
    assert made.notes["registry"] == "registry: http://127.0.0.1:5000, for this machine only"
    assert endpoints(made.spec) == ()


def test_users_are_asked_for() -> None:
    made = desired("services: {registry: {kind: registry, users: [me], listen: 5001}}")
    file: Any = plain(made.file.data())
    body = file["services"]["registry"]
    assert body["ports"] == ["127.0.0.1:5001:5000"]
    assert body["environment"]["REGISTRY_AUTH"] == "htpasswd"
    assert [item.path for item in made.users_files] == ["registry/htpasswd"]


def test_beside_public_services_it_stays_past_the_edge() -> None:
    file = data(
        "services: {registry: {kind: registry, networks: [x]}, web: {image: 'w:1', port: 80, host: w.test}}\n"
        "networks: {x: {}}"
    )
    assert set(file["services"]) == {"traefik", "docker-socket-proxy", "registry", "web"}
    assert file["services"]["registry"]["networks"] == ["x"]
    assert not file["services"]["registry"].get("labels")


def test_an_edge_that_is_asked_for_is_there() -> None:
    assert "traefik" in data("edge: {serves: all}\nservices: {registry: {kind: registry}}")["services"]
    assert "traefik" in data("services: {db: {image: 'd:1'}}")["services"]


def test_dns_challenge_without_an_edge_needs_no_token() -> None:
    assert "cf-dns-api-token" not in str(desired("acme: {challenge: dns}\nservices: {r: {kind: registry}}").secrets)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("anonymous: pull", "`anonymous` needs a `host`"),
        ("middlewares: [secure-headers]", "`middlewares` needs a `host`"),
        ("replicas: 2, storage: {s3: {bucket: b, region: r}}", "`replicas` needs a `host`"),
        ("listen: 5001, host: r.test, users: [a]", "`listen` is for a registry without a `host`"),
    ],
)
def test_what_needs_the_edge_is_refused(keys: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        load_text(f"name: a\nservices: {{r: {{kind: registry, {keys}}}}}".encode())


def test_a_cache_has_a_host() -> None:
    with pytest.raises(SpecError, match="host"):
        load_text(b"name: a\nservices: {r: {kind: registry-cache, upstream: 'https://x.test'}}")
