"""What edgegen adds by itself has limits, the spec changes them, and the real Compose takes each form of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SCRIPTS, Edgegen

MIB = 2**20
SPEC = """\
name: a
services:
  hub: {kind: registry, host: h.example.com, users: [ci], anonymous: pull, storage: {s3: {bucket: b, region: r}}, HUB}
edge: {EDGE}
extra: {EXTRA}
"""
DEFAULT = {"traefik": (1024 * MIB, 1024), "docker-socket-proxy": (64 * MIB, 32), "hub": (1024 * MIB, 1024)}
CASES = [
    ({}, {}),
    ({"HUB": "mem_limit: 256m, pids_limit: 99"}, {"hub": (256 * MIB, 99)}),
    ({"EDGE": "mem_limit: 2g, pids_limit: 4096"}, {"traefik": (2048 * MIB, 4096)}),
    ({"HUB": "mem_limit: 0, pids_limit: 0"}, {"hub": (0, 0)}),
    ({"EDGE": "extra: {mem_limit: 3g}"}, {"traefik": (3072 * MIB, 1024)}),
    ({"EDGE": "extra: {deploy: {resources: {limits: {memory: 3g}}}}"}, {"traefik": (3072 * MIB, 1024)}),
    ({"HUB": "replicas: 3, extra: {deploy: {resources: {limits: {pids: 9}}}}"}, {"hub": (1024 * MIB, 9)}),
    ({"EXTRA": "services: {docker-socket-proxy: {mem_limit: 96m}}"}, {"docker-socket-proxy": (96 * MIB, 32)}),
    (
        {"EXTRA": "services: {docker-socket-proxy: {deploy: {resources: {limits: {memory: 96m}}}}}"},
        {"docker-socket-proxy": (96 * MIB, 32)},
    ),
]


@pytest.mark.quick(2)
@pytest.mark.parametrize(("changes", "wanted"), CASES)
def test_limits(edgegen: Edgegen, tmp_path: Path, changes: dict[str, str], wanted: dict[str, tuple[int, int]]) -> None:
    text = SPEC
    for word in ("HUB", "EDGE", "EXTRA"):
        text = text.replace(word, changes.get(word, "")).replace(", }", "}")
    (tmp_path / "edge.yaml").write_text(text)
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 0, done.err
    services = compose_reads(tmp_path)
    assert {name: limits_of(service) for name, service in services.items()} == DEFAULT | wanted
    if "replicas" in changes.get("HUB", ""):
        assert services["hub"]["deploy"]["replicas"] == 3


def limits_of(service: dict[str, Any]) -> tuple[int, int]:
    given = service.get("deploy", {}).get("resources", {}).get("limits", {})
    memory = service.get("mem_limit") or given.get("memory") or 0
    return int(memory), int(service.get("pids_limit") or given.get("pids") or 0)


def compose_reads(project: Path) -> dict[str, Any]:
    argv = [f"{SCRIPTS}/docker-compose", "-f", "docker-compose.yml", "config", "--format", "json"]
    done = subprocess.run(argv, cwd=project, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout)["services"])
