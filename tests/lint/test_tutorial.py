"""The stack of a typical tutorial and its four faults: exactly these are found, each at its line, and what is certain
is fixed; the real Traefik then finds nothing to complain of."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from edgegen.core.finding import Outcome
from edgegen.lint.engine import lint
from edgegen.lint.model import Project
from edgegen.lint.results import Result
from edgegen.oracle.binaries import Binary
from edgegen.project.asking import ask_about
from edgegen.traefik.version import Version
from tests.conftest import Edgegen
from tests.lint.support import COMPOSE, project
from tests.traefik.process import BINARY

RESOLVER = "traefik.http.routers.registry.tls.certresolvers=letsencrypt"
REDIRECT = "--entrypoints.web.http.redirections.entrypoint.scheme=https"
ADDRESS = "--entrypoints.websecure.address=:443"
TIMEOUT = "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0"
STACK = f"""\
    services:
      socket-proxy:
        image: haproxy:3.2-alpine
        networks: [socket]
        volumes:
          - /var/run/docker.sock:/var/run/docker.sock

      traefik:
        image: traefik:v3.7
        command:
          - --providers.docker=true
          - --providers.docker.endpoint=tcp://socket-proxy:2375
          - --providers.docker.exposedbydefault=false
          - --entrypoints.web.address=:80
          - {REDIRECT}
          - {ADDRESS}
          - --certificatesresolvers.letsencrypt.acme.email=ops@commenthouse.com
          - --certificatesresolvers.letsencrypt.acme.storage=/letsencrypt/acme.json
          - --certificatesresolvers.letsencrypt.acme.tlschallenge=true
        ports: ["80:80", "443:443"]
        networks: [socket, edge]
        volumes:
          - letsencrypt:/letsencrypt

      registry:
        image: registry:2   # the images
        networks: [edge]
        volumes:
          - data:/var/lib/registry
        labels:
          - traefik.enable=true
          - traefik.http.routers.registry.rule=Host(`commenthouse.com`)
          - traefik.http.routers.registry.entrypoints=websecure
          - {RESOLVER}
          - traefik.http.services.registry.loadbalancer.server.port=5000

    networks:
      edge:
      socket:
        internal: true
    volumes:
      data:
      letsencrypt:
"""
FAULTS = {"EL001": RESOLVER, "EL047": REDIRECT, "EL085": "image: registry:2", "EL087": ADDRESS}
"""Rule -> what stands in the line of its finding."""
LOGIN = """\
        environment:
          REGISTRY_AUTH: htpasswd
          REGISTRY_AUTH_HTPASSWD_REALM: Registry
          REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
"""
"""What no program can know for the user, as the hint of EL085 says it."""


def faults(item: Project) -> list[Result]:
    return [result for result in lint(item) if result.finding.outcome is Outcome.FAIL]


def lines(item: Project, results: list[Result]) -> dict[str, str]:
    """Rule -> the line of its finding."""
    text = item.files[0].text.splitlines()
    return {one.finding.id: text[one.finding.where.line - 1] for one in results if one.finding.where}


def traefik_says(item: Project) -> list[str]:
    binary = Binary(BINARY, Version(3, 7, 15))
    (asked,) = ask_about([item], lambda _: lint(item), binaries=[binary])
    assert asked.was_asked
    return [one.finding.message for one in asked.results]


def test_exactly_the_four_are_found_each_at_its_line() -> None:
    item = project(STACK)
    found = faults(item)
    assert sorted(one.finding.id for one in found) == sorted(FAULTS)
    said = lines(item, found)
    assert all(part in said[rule] for rule, part in FAULTS.items()), said


@pytest.mark.parametrize("rule", FAULTS)
def test_each_is_found_without_the_others(rule: str) -> None:
    """All but one of the four are fixed by hand."""
    fixed = {
        "EL001": (RESOLVER, RESOLVER.replace("certresolvers", "certresolver")),
        "EL047": (REDIRECT, REDIRECT.replace("scheme=https", "to=websecure")),
        "EL085": ("image: registry:2   # the images\n", f"image: registry:2\n{LOGIN}"),
        "EL087": (ADDRESS, f"{ADDRESS}\n          - {TIMEOUT}"),
    }  # fmt: skip
    text = STACK
    for other, (wrong, right) in fixed.items():
        text = text.replace(wrong, right) if other != rule else text
    assert [one.finding.id for one in faults(project(text))] == [rule]


@pytest.mark.slow
def test_what_is_certain_is_fixed_and_then_traefik_is_content(tmp_path: Path, edgegen: Edgegen) -> None:
    (tmp_path / COMPOSE).write_text(textwrap.dedent(STACK))
    before = project(STACK)
    assert any("certresolvers" in text for text in traefik_says(before))
    ran = edgegen("lint", "-C", tmp_path, "--fix", COMPOSE)
    assert ran.code == 1, ran.stderr
    text = (tmp_path / COMPOSE).read_text()
    assert "image: registry:2   # the images" in text, "comments and layout stay"
    assert "certresolver=letsencrypt" in text
    assert [one.finding.id for one in faults(project(text))] == ["EL085"], text
    text = text.replace("image: registry:2   # the images\n", f"image: registry:2\n{textwrap.dedent(LOGIN)}")
    after = project(text.replace("\nenvironment:", "\n    environment:").replace("\n  REGISTRY", "\n      REGISTRY"))
    assert faults(after) == []
    assert traefik_says(after) == []
