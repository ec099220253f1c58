"""What edgegen says of `deploy:` on Compose, of containers that Compose has made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from edgegen.spec.load import load_text
from edgegen.targets.compose_parts import deploy
from tests.lab.composed import container, up
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.parts import program

IGNORED = {
    "mode": "global",
    "endpoint_mode": "dnsrr",
    "labels": {"team": "a"},
    "placement": {"constraints": ["node.role == nobody"]},
    "update_config": {"order": "start-first"},
    "rollback_config": {"order": "start-first"},
    "restart_policy": {"condition": "any", "delay": "5s", "window": "10s"},
    "resources": {"reservations": {"cpus": "0.5"}},
}
NEVER = {"restart_policy": {"delay": "5s"}}
BOTH = {"restart_policy": {"condition": "any", "max_attempts": 3}}


def spec(deploy: dict[str, Any]) -> bytes:
    service = {"image": "lab/app:1", "restart": "unless-stopped", "deploy": deploy}
    return json.dumps({"name": "composed", "services": {"web": service}}).encode()


def compose_file(deploy: dict[str, Any]) -> str:
    return yaml.safe_dump({"services": json.loads(spec(deploy))["services"]})


def inspected(ground: Ground) -> dict[str, Any]:
    return dict(json.loads(docker(ground, "inspect", container(ground, "web")))[0])


def test_what_compose_passes_over(ground: Ground, tmp_path: Path) -> None:
    assert len(list(deploy.remarks(load_text(spec(IGNORED)).spec))) == len(IGNORED) + 1
    up(ground, tmp_path, compose_file(IGNORED))
    seen = inspected(ground)
    assert "team" not in seen["Config"]["Labels"]
    assert seen["HostConfig"]["RestartPolicy"] == {"Name": "always", "MaximumRetryCount": 0}
    assert (seen["HostConfig"]["NanoCpus"], seen["HostConfig"]["CpuShares"]) == (0, 0)


def test_a_policy_without_a_condition_is_none(ground: Ground, tmp_path: Path) -> None:
    (complaint,) = deploy.complaints(load_text(spec(NEVER)).spec)
    assert "Compose never starts `web` again" in complaint.message
    up(ground, tmp_path, compose_file(NEVER))
    assert inspected(ground)["HostConfig"]["RestartPolicy"]["Name"] in ("", "no")


def test_any_does_not_count(ground: Ground, tmp_path: Path) -> None:
    (complaint,) = deploy.complaints(load_text(spec(BOTH)).spec)
    assert "Docker refuses `max_attempts` with the condition `any`" in complaint.message
    (tmp_path / "compose.yaml").write_text(compose_file(BOTH))
    words = ("-p", "composed", "--project-directory", tmp_path, "-f", tmp_path / "compose.yaml", "up", "-d")
    done = ground.run(program("docker-compose"), *words, seconds=120, check=False)
    assert done.returncode != 0
    assert "maximum retry count cannot be used with restart policy 'always'" in done.stderr
