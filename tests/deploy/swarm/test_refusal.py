"""docker's own complaints about a stack file, as paths: each said by the real client."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from edgegen.deploy.swarm.refusal import path_in
from tests.lab.parts import program


def said(folder: Path, file: dict[str, Any]) -> str:
    (folder / "stack.yml").write_text(json.dumps(file))
    argv = [program("docker"), "stack", "config", "-c", "stack.yml"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    return done.stderr


def web(**keys: Any) -> dict[str, Any]:
    return {"services": {"web-1": {"image": "w:1", **keys}}}


@pytest.mark.lab
@pytest.mark.parametrize(
    ("file", "path"),
    [
        (web(annotations={}), "services.web-1.annotations"),
        (web(ports=[{"target": 80, "published": "80"}]), "services.web-1.ports.0.published"),
        (web(ports=[{"target": 80, "name": "web"}]), "services.web-1.ports.0.name"),
        (web(deploy={"replicas": "two"}), "services.web-1.deploy.replicas"),
        (web(deploy={"resources": {"limits": {"cpus": 1}}}), "services.web-1.deploy.resources.limits.cpus"),
        (web() | {"name": "a"}, "name"),
        (web() | {"networks": {"a_b": {"internal": "maybe"}}}, "networks.a_b.internal"),
        (web(extends={"service": "a"}), ""),
    ],
)  # fmt: skip
def test_it_names_what_docker_means(file: dict[str, Any], path: str, tmp_path: Path) -> None:
    text = said(tmp_path, file)
    assert path_in(text) == path, text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("invalid image reference for service web: invalid reference format", "services.web"),
        ("failed to create service shop_web: Error response from daemon: name must be valid", "services.shop_web"),
        ("something else", ""),
    ],
)  # fmt: skip
def test_other_words(text: str, path: str) -> None:
    assert path_in(text) == path
