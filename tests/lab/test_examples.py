"""Every example, in every environment of its own, before the real Compose and the real Traefik."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.oracle import Project, ask_about
from tests.lab.parsers import compose_config
from tests.lab.test_oracle import edgegen

pytestmark = pytest.mark.lab
SHARED = """\
name: commenthouse
edge: {serves: all}
services:
  web: {image: "nginx:1", port: 80, host: www.commenthouse.test, middlewares: [secure-headers]}
  registry: {kind: registry, host: commenthouse.test, users: [ci]}
"""
"""The project whose edge an example without one uses, with services of the same names."""
EXAMPLES = Path(__file__).parents[2] / "examples"


def cases() -> list[tuple[str, str]]:
    """(example, environment); "" for the spec without an overlay."""
    found = []
    for spec in sorted(EXAMPLES.glob("*/edge.yaml")):
        data = yaml.load(spec.read_bytes(), yaml.CSafeLoader)
        if data.get("target", "compose") == "compose" and is_public(data):
            found += [(spec.parent.name, name) for name in ("", *data.get("environments", {}))]
    return found


def is_public(data: dict[str, Any]) -> bool:
    """Whether a service has a name: without one there is no router to ask Traefik about."""
    return any(key in service for service in data["services"].values() for key in ("host", "hosts"))


def given(spec: Path) -> dict[str, str]:
    """A value for every variable that the spec takes a secret from."""
    sources = yaml.load(spec.read_bytes(), yaml.CSafeLoader).get("secrets", {}).values()
    return {"CLOUDFLARE_API_TOKEN": "x" * 40, **{source["env"]: "x" * 40 for source in sources if "env" in source}}


@pytest.mark.parametrize(("example", "environment"), cases())
def test_an_example_is_without_fault(example: str, environment: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / example, tmp_path / "project", ignore=shutil.ignore_patterns("expected*"))
    project = tmp_path / "project"
    overlay = ["-e", environment] if environment else []
    edgegen("render", "-C", str(project), *overlay, **given(project / "edge.yaml"))
    own = Project(compose_config(project / "docker-compose.yml"), _dynamic(project))
    edge = [] if "traefik" in own.compose["services"] else [_the_edge_that_it_uses(tmp_path / "edge")]
    answer = ask_about([*edge, own])
    assert answer.complaints == []
    assert answer.http_routers or answer.tcp_routers


def _dynamic(project: Path) -> Path | None:
    folder = project / "traefik" / "dynamic"
    return folder if folder.is_dir() else None


def _the_edge_that_it_uses(folder: Path) -> Project:
    folder.mkdir()
    (folder / "edge.yaml").write_text(SHARED)
    edgegen("render", "-C", str(folder))
    return Project(compose_config(folder / "docker-compose.yml"), _dynamic(folder))


def test_there_are_examples() -> None:
    assert len(cases()) >= 4
