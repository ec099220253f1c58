"""What edge.yaml wants behind a host, and where it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.desired.endpoints import endpoints
from edgegen.explain.wanted import wanted
from edgegen.spec.load import load_text
from tests.explain.making import API, DASHBOARD, OLD, REGISTRY, WEB, wanted_of


def test_a_service() -> None:
    found = wanted_of(API)
    assert (found.project, found.service, found.is_registry, found.without_container) == ("shop", "api", False, "")
    assert found.labels["traefik.http.routers.api-https.rule"] == "Host(`api.example.com`)"
    assert found.labels["traefik.http.routers.api-https.tls.certresolver"] == "letsencrypt"
    assert any(flag.startswith("--entrypoints.websecure.") for flag in found.edge["command"])
    assert str(found.where) == "edge.yaml:17:8"


def test_other_kinds() -> None:
    assert wanted_of(REGISTRY).is_registry
    assert str(wanted_of(REGISTRY).auth_where) == "edge.yaml:9:12"
    assert (wanted_of(OLD).without_container, wanted_of(OLD).body) == (
        "Traefik itself redirects, there is no container",
        {},
    )
    dashboard = wanted_of(DASHBOARD)
    assert (dashboard.service, dashboard.without_container) == ("traefik", "")
    assert dashboard.body == dashboard.edge


BY_URL = b"""\
name: shop
services:
  s3: {image: "minio:1", port: 9000, host: s3.example.test, volumes: ["./data:/data"]}
  console: {kind: external, host: console.example.test, url: "http://s3:9001"}
  nas: {kind: external, host: nas.example.test, url: "http://nas:5000"}
"""


@pytest.mark.parametrize(
    ("host", "service", "by_url", "why", "line"),
    [
        ("console.example.test", "s3", True, "", 4),
        ("nas.example.test", "nas", False, "it is outside of Docker", 5),
        ("s3.example.test", "s3", False, "", 3),
    ],
)
def test_a_url_that_leads_to_a_container_of_this_project(
    host: str, service: str, why: str, line: int, *, by_url: bool
) -> None:
    loaded = load_text(BY_URL)
    endpoint = next(item for item in endpoints(loaded.spec, loaded.locate) if item.host == host)
    found = wanted(loaded, endpoint, Path("/nonexistent"), {})
    assert (found.service, found.is_asked_by_url, found.without_container) == (service, by_url, why)
    assert found.where is not None
    assert found.where.line == line
    assert bool(found.body) == (service == "s3")


def test_places() -> None:
    override = "services:\n  web:\n    labels: {a.b: c}\n"
    found = wanted_of(WEB, override=override)
    assert str(found.place("a.b")) == "compose.override.yaml:3:14"
    assert str(found.place("traefik.http.routers.own.tls.certresolvers")).startswith("edge.yaml:16:")
    assert found.place("nowhere") == found.where
    assert wanted_of(WEB).place("a.b") == found.where


@pytest.mark.parametrize("name", ["compose.override.yml", "docker-compose.override.yaml"])
def test_the_users_own_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("services: {}\n")
    found = wanted_of(API, project=tmp_path).override
    assert found is not None
    assert (found.file, found.lines) == (name, ("services: {}",))


def test_an_override_that_can_t_be_read(tmp_path: Path) -> None:
    (tmp_path / "compose.override.yaml").write_bytes(b"x" * (1024 * 1024 + 1))
    assert wanted_of(API, project=tmp_path).override is None


def test_a_service_of_a_stack(tmp_path: Path) -> None:
    text = (
        b"name: a\ntarget: swarm\nservices:\n  web: {image: 'w:1', port: 80, host: www.example.com, networks: [db]}\n"
    )
    loaded = load_text(text + b"networks: {db: {}}\n")
    (tmp_path / "stack.yml").write_text("services:\n  web:\n    labels:\n      traefik.enable: 'true'\n")
    (tmp_path / "compose.override.yml").write_text("# traefik.enable\n")
    (endpoint,) = endpoints(loaded.spec, loaded.locate)
    of = wanted(loaded, endpoint, tmp_path, {})
    assert of.labels["traefik.swarm.network"] == "a_edge"
    assert of.labels["traefik.enable"] == "true"
    assert of.networks == ("a_edge", "a_db")
    assert of.override is None, "nothing is merged over the file of a stack"
    assert str(of.label_place("traefik.enable")) == "stack.yml:4:7"
    assert str(of.place("traefik.enable")) == str(of.where)
    assert (str(of.key_place("image")), of.key_place("cpus")) == ("edge.yaml:4:16", of.where)
