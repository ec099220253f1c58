"""What the rules from EL060 on fix: each changes what is wrong and no other character."""

from __future__ import annotations

import difflib
import importlib

import pytest

from tests.lint.cases import Case, after_fixes

EDGE = """\
services:
  edge:
    image: {image}   # the proxy
    command:
      - --entrypoints.websecure.address=:443   # TLS
{more}"""
REGISTRY = """\
  reg:
    image: registry:{tag}
    environment:
      - REGISTRY_LOG_LEVEL=info
      - {variable}=x   # kept
    volumes:
      - ./config.yml:/etc/docker/registry/config.yml:ro
    labels:
      traefik.http.routers.r.rule: Host(`r.example.com`)
"""
ENVIRONMENT = """\
    environment:
      TZ: UTC
      DOCKER_API_VERSION: "1.41"  # for the old engine
"""
TIMEOUT = "      - --entrypoints.websecure.transport.respondingtimeouts.readtimeout=0"


def registry(tag: str = "2", variable: str = "REGISTRY_HTTP_ADDR", image: str = "traefik:v3.7") -> str:
    return EDGE.format(image=image, more=REGISTRY.format(tag=tag, variable=variable))


def changes(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [f"{line[0]} {line[2:].strip()}" for line in lines if line[0] in "+-"]


@pytest.mark.parametrize(
    ("rule", "compose", "expected"),
    [
        ("el060_traefik_refused_by_docker", EDGE.format(image="traefik:v3.6.0-alpine", more=""),
         ["- image: traefik:v3.6.0-alpine   # the proxy", "+ image: traefik:v3.6.1-alpine   # the proxy"]),
        ("el060_traefik_refused_by_docker", EDGE.format(image="'traefik:2.11.0'", more=""),
         ["- image: 'traefik:2.11.0'   # the proxy", "+ image: 'traefik:2.11.31'   # the proxy"]),
        ("el060_traefik_refused_by_docker", EDGE.format(image="traefik:v3.5", more=""), []),
        ("el060_traefik_refused_by_docker", EDGE.format(image="traefik:v2.10.7", more=""), []),
        ("el060_traefik_refused_by_docker", EDGE.format(image="traefik:v${V:-3.6.0}", more=""), []),
        ("el061_docker_api_version", EDGE.format(image="traefik:v3.7", more=ENVIRONMENT),
         ['- DOCKER_API_VERSION: "1.41"  # for the old engine']),
        ("el061_docker_api_version", EDGE.format(image="traefik:v3.5", more=ENVIRONMENT), []),
        ("el087_registry_read_timeout", registry(), [f"+ {TIMEOUT.strip()}"]),
        ("el090_registry_variables", registry(variable="REGISTRY_AUTH_HTPASWD_PATH"),
         ["- - REGISTRY_AUTH_HTPASWD_PATH=x   # kept", "+ - REGISTRY_AUTH_HTPASSWD_PATH=x   # kept"]),
        ("el090_registry_variables", registry(variable="REGISTRY_AUTH_HTPSWD_PTH"), []),
        ("el091_registry_config_path", registry(tag="3"),
         ["- - ./config.yml:/etc/docker/registry/config.yml:ro", "+ - ./config.yml:/etc/distribution/config.yml:ro"]),
    ],
)  # fmt: skip
def test_only_what_is_wrong_is_changed(rule: str, compose: str, expected: list[str]) -> None:
    module = importlib.import_module(f"edgegen.lint.rules.{rule}")
    assert list(module.check(Case(compose).project)), "there is something to fix"
    assert changes(compose, after_fixes(module, Case(compose))) == expected
