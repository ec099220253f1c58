"""The examples as the real Compose reads them: it accepts each, and what they mean is what was meant."""

from __future__ import annotations

import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SCRIPTS
from tests.golden.examples import Rendered, dynamic_of

pytestmark = pytest.mark.slow


def compose_reads(project: Path) -> dict[str, Any]:
    """The project as the real Compose understands it."""
    argv = [f"{SCRIPTS}/docker-compose", "-f", "docker-compose.yml", "config", "--format", "json"]
    done = subprocess.run(argv, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr.strip(), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


as_read = functools.cache(compose_reads)
"""The same for what `rendered` made: it does not change."""


def test_compose_accepts_it_without_a_word(example: tuple[str, str | None, Path]) -> None:
    as_read(example[2])


def mounted_in_containers(project: Path) -> set[str]:
    """Files of secrets that any other container than Traefik's mounts, as Compose reads the project."""
    stack = as_read(project)
    names = {
        mount["source"]
        for name, service in stack["services"].items()
        if name != "traefik"
        for mount in service.get("secrets", [])
    }
    return {Path(stack["secrets"][name]["file"]).relative_to(project).as_posix() for name in names}


def test_every_file_that_may_not_be_shown_is_private(example: tuple[str, str | None, Path]) -> None:
    project = example[2]
    mounted = mounted_in_containers(project)
    for file in project.rglob("*"):
        parts = file.relative_to(project).parts
        if file.is_file() and (parts[0] in ("secrets", "acme") or file.name == "htpasswd"):
            wanted = 0o444 if file.relative_to(project).as_posix() in mounted else 0o600
            assert file.stat().st_mode & 0o777 == wanted, file
    for folder in ("secrets", "acme", ".edgegen"):
        if (project / folder).exists():
            assert (project / folder).stat().st_mode & 0o777 == 0o700


def test_the_edges_network_is_named_by_its_real_name(example: tuple[str, str | None, Path]) -> None:
    """Compose gives a network another name than the file's key; Traefik needs the real one."""
    stack = as_read(example[2])
    real = {network["name"] for network in stack["networks"].values()}
    seen = 0
    for service in stack["services"].values():
        if name := service.get("labels", {}).get("traefik.docker.network"):
            seen += 1
            assert name in real
            assert name in {stack["networks"][key]["name"] for key in service["networks"]}
    assert seen or "traefik" not in stack["services"]  # `edge: none` has no labels


def test_every_middleware_that_a_router_names_exists(example: tuple[str, str | None, Path]) -> None:
    project = example[2]
    containers, files = labels_of(project), dynamic_of(project)
    in_labels = {key.split(".")[3] for key in containers if key.startswith("traefik.http.middlewares.")}
    in_files = {name for data in files for name in data.get("http", {}).get("middlewares", {})}
    for key, value in containers.items():
        if re.fullmatch(r"traefik\.http\.(routers\.[^.]+|middlewares\.[^.]+\.chain)\.middlewares", key):
            for name in value.split(","):
                assert name.removesuffix("@file") in (in_files if name.endswith("@file") else in_labels), key
    for data in files:
        for router in data.get("http", {}).get("routers", {}).values():
            assert {name.removesuffix("@file") for name in router.get("middlewares", [])} <= in_files


def labels_of(project: Path) -> dict[str, str]:
    """All labels, as an engine would get them."""
    services = as_read(project)["services"].values()
    return {key: value for service in services for key, value in service.get("labels", {}).items()}


def test_s1_the_routers_of_the_course(rendered: Rendered) -> None:
    stack = as_read(rendered("01-registry"))
    labels = stack["services"]["registry"]["labels"]
    claims = {
        "traefik.enable": "true",
        "traefik.docker.network": "registry",
        "traefik.http.routers.registry-http.rule": "Host(`commenthouse.com`)",
        "traefik.http.routers.registry-http.entrypoints": "web",
        "traefik.http.routers.registry-http.middlewares": "https-only",
        "traefik.http.routers.registry-http.service": "registry",
        "traefik.http.routers.registry-https.rule": "Host(`commenthouse.com`)",
        "traefik.http.routers.registry-https.entrypoints": "websecure",
        "traefik.http.routers.registry-https.tls": "true",
        "traefik.http.routers.registry-https.tls.certresolver": "letsencrypt",
        "traefik.http.routers.registry-https.service": "registry",
        "traefik.http.services.registry.loadbalancer.server.port": "5000",
        "traefik.http.middlewares.https-only.redirectscheme.scheme": "https",
    }
    assert {key: labels.get(key) for key in claims} == claims
    assert not any("certresolvers" in key for key in labels)
    assert stack["networks"]["registry"] == {"name": "registry", "external": True, "ipam": {}} or (
        stack["networks"]["registry"]["external"] is True
    )
    assert stack["volumes"]["registry-data"]["external"] is True
    assert stack["services"]["registry"]["restart"] == "always"
    assert "ports" not in stack["services"]["registry"]


def test_s1_the_flags_of_the_edge(rendered: Rendered) -> None:
    edge = as_read(rendered("01-registry"))["services"]["traefik"]
    flags = edge["command"]
    for flag in (
        "--entrypoints.web.address=:80",
        "--entrypoints.websecure.address=:443",
        "--entrypoints.web.http.redirections.entrypoint.to=websecure",
        "--entrypoints.web.http.redirections.entrypoint.scheme=https",
        "--entrypoints.web.http.redirections.entrypoint.priority=1",
        "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0",
        "--providers.docker.exposedbydefault=false",
        "--certificatesresolvers.letsencrypt.acme.storage=/acme/acme.json",
        "--certificatesresolvers.letsencrypt.acme.httpchallenge.entrypoint=web",
        "--certificatesresolvers.letsencrypt.acme.email=ops@commenthouse.com",
    ):
        assert flag in flags
    assert not any("insecure" in flag or "8080" in flag for flag in flags)
    assert not any(volume["source"] == "/var/run/docker.sock" for volume in edge["volumes"])


def test_the_read_timeout_is_lifted_for_a_registry_alone(rendered: Rendered) -> None:
    for name, lifted in (
        ("01-registry", True),
        ("02-web-app", False),
        ("03-edge-kinds", True),
        ("04-local-registry", True),
    ):
        flags = as_read(rendered(name))["services"]["traefik"]["command"]
        assert any("readtimeout" in flag for flag in flags) is lifted, name


def test_a_dollar_is_doubled_where_compose_interpolates_and_nowhere_else(rendered: Rendered) -> None:
    project = rendered("02-web-app")
    assert 'PRICE_FORMAT: "$$0.00"' in (project / "docker-compose.yml").read_text()
    assert as_read(project)["services"]["web"]["environment"]["PRICE_FORMAT"] == "$$0.00"  # `config` escapes again
    kinds = rendered("03-edge-kinds")
    services = (kinds / "traefik/dynamic/services.yml").read_text()
    assert "https://www.commenthouse.com/new/${1}" in services
    assert "$$" not in services


def test_the_core_publishes_nothing_but_the_edge(rendered: Rendered) -> None:
    """An override file can only add ports: the core must have none of the stores'."""
    core = as_read(rendered("02-web-app"))
    assert [name for name, service in core["services"].items() if service.get("ports")] == ["traefik"]
    dev = as_read(rendered("02-web-app", "dev"))["services"]
    assert [(port["host_ip"], port["published"], port["target"]) for port in dev["web"]["ports"]] == [
        ("127.0.0.1", "3000", 3000)
    ]
    assert "image" not in dev["web"]
    assert dev["web"]["build"]["target"] == "development"
    production = as_read(rendered("02-web-app", "production"))["services"]
    assert production["web"]["image"] == "ghcr.io/acme/shop:1.4.2"
    assert "build" not in production["web"]


def test_stores_are_on_no_network_of_the_edge(rendered: Rendered) -> None:
    stack = as_read(rendered("02-web-app"))
    assert set(stack["services"]["db"]["networks"]) == {"backend"}
    assert stack["networks"]["backend"]["internal"] is True
    assert set(stack["services"]["web"]["networks"]) == {"edge", "backend"}
    assert set(stack["services"]["docker-socket-proxy"]["networks"]) == {"socket"}
    assert stack["networks"]["socket"]["internal"] is True


def test_hsts_is_on_every_public_service_unless_it_is_switched_off(rendered: Rendered) -> None:
    def chains(name: str) -> dict[str, str]:
        labels = labels_of(rendered(name))
        return {key.split(".")[3]: value for key, value in labels.items() if key.endswith("-https.middlewares")}

    assert chains("01-registry") == {"registry-https": "hsts"}
    web = chains("02-web-app")
    assert web["web-https"].startswith("secure-headers@file")  # which says HSTS itself
    assert web["api-https"].startswith("hsts")
    assert chains("04-local-registry") == {}


def test_registry_configuration_follows_its_version(rendered: Rendered) -> None:
    two = as_read(rendered("01-registry"))["services"]["registry"]
    assert two["image"].startswith("registry:2.")
    assert two["environment"]["REGISTRY_AUTH"] == "htpasswd"
    assert "OTEL_TRACES_EXPORTER" not in two["environment"]
    three = as_read(rendered("03-edge-kinds"))["services"]
    hub, cache = three["hub"], three["cache"]
    assert hub["image"].startswith("registry:3.")
    assert hub["environment"]["OTEL_TRACES_EXPORTER"] == "none"
    assert hub["environment"]["REGISTRY_STORAGE"] == "s3"
    assert hub["environment"]["REGISTRY_STORAGE_DELETE_ENABLED"] == "true"
    assert "REGISTRY_AUTH" not in hub["environment"]  # anonymous: Traefik asks for passwords, and only to write
    assert cache["environment"]["REGISTRY_PROXY_REMOTEURL"] == "https://registry.example.net"
    assert cache["environment"]["REGISTRY_AUTH"] == "htpasswd"


def test_anonymous_pull_is_a_router_for_pulls_only(rendered: Rendered) -> None:
    labels = labels_of(rendered("03-edge-kinds"))
    rule = re.fullmatch(
        r"Host\(`r\.commenthouse\.com`\) && \(Method\(`GET`\) \|\| Method\(`HEAD`\)\) && PathRegexp\(`(\^.*\$)`\)",
        labels["traefik.http.routers.hub-pull.rule"],
    )
    assert rule
    digest = "sha256:" + "0a" * 32
    for path in ("tags/list", "manifests/1", "manifests/v1.2-rc.1_x", f"manifests/{digest}", f"blobs/{digest}"):
        for name in ("a", "team/app", "a.b/c__d/e-f--g/9"):
            assert re.search(rule[1], f"/v2/{name}/{path}")
    for path in ("/v2/", "/v2/_catalog", "/v2/_catalog/tags/list", "/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/0-1",
                 "/v2/a/../_catalog", "/v2/../a/tags/list", "/v2//tags/list", "/v2/tags/list", "/v2/a/tags/list/",
                 "/v2/a/tags", "/v2/A/tags/list", "/V2/a/tags/list", "/x/v2/a/tags/list",
                 "/v2/a%2fb/tags/list"):  # fmt: skip
        assert not re.search(rule[1], path), path
    assert "users" not in labels["traefik.http.routers.hub-pull.middlewares"]
    assert "hub-users" in labels["traefik.http.routers.hub-https.middlewares"].split(",")
    assert labels["traefik.http.middlewares.hub-users.basicauth.usersfile"].endswith("/hub/htpasswd")


def test_an_anonymous_registry_has_a_network_of_traefik_and_itself(rendered: Rendered) -> None:
    project = rendered("03-edge-kinds")
    stack = as_read(project)
    on_it = {name for name, service in stack["services"].items() if "hub-edge" in service.get("networks", ())}
    assert on_it == {"traefik", "hub"}
    assert set(stack["services"]["hub"]["networks"]) == {"hub-edge"}
    network = stack["networks"]["hub-edge"]
    assert not network.get("external")
    assert not network.get("internal")  # its blobs are at S3
    assert stack["services"]["hub"]["labels"]["traefik.docker.network"] == network["name"]
    assert "edge" in stack["services"]["cache"]["networks"]


def test_what_edgegen_adds_by_itself_has_limits(rendered: Rendered) -> None:
    services = as_read(rendered("03-edge-kinds"))["services"]
    limits = {
        name: (int(item["mem_limit"]), item["pids_limit"]) for name, item in services.items() if "mem_limit" in item
    }
    gib = 2**30
    assert limits == {
        "traefik": (gib, 1024), "docker-socket-proxy": (gib // 16, 32), "hub": (gib, 1024), "cache": (gib, 1024)
    }  # fmt: skip


def test_an_international_name_reaches_traefik_in_ascii(rendered: Rendered) -> None:
    labels = labels_of(rendered("03-edge-kinds"))
    assert labels["traefik.http.routers.books-https.rule"] == "Host(`xn--bcher-kva.commenthouse.com`)"


def test_the_tcp_service_has_its_entrypoint_published(rendered: Rendered) -> None:
    stack = as_read(rendered("03-edge-kinds"))["services"]
    assert "--entrypoints.postgres.address=:5432" in stack["traefik"]["command"]
    assert ("5432", 5432) in {(port["published"], port["target"]) for port in stack["traefik"]["ports"]}
    labels = stack["pg"]["labels"]
    assert labels["traefik.tcp.routers.pg.rule"] == "HostSNI(`pg.commenthouse.com`)"
    assert labels["traefik.tcp.routers.pg.entrypoints"] == "postgres"
    assert "ports" not in stack["pg"]


def test_another_port_than_443_is_in_every_url(rendered: Rendered) -> None:
    stack = as_read(rendered("04-local-registry"))["services"]
    assert "--entrypoints.web.http.redirections.entrypoint.to=:8443" in stack["traefik"]["command"]
    assert stack["registry"]["environment"]["REGISTRY_HTTP_HOST"] == "https://registry.test.commenthouse.com:8443"
    assert stack["plain"]["labels"]["traefik.http.middlewares.https-only.redirectscheme.port"] == "8443"
    assert {port["host_ip"] for port in stack["traefik"]["ports"]} == {"127.0.0.1"}
    assert "docker-socket-proxy" not in stack
