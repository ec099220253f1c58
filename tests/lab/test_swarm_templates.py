"""Braces and dollars on a real swarm, which expands templates: a container sees what was written."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure
from tests.lab.swarm_project import swarm_of_one
from tests.properties import hostile
from tests.properties.specs import as_text
from tests.properties.swarm_expectation import BRACES, expanded

pytestmark = pytest.mark.lab

IMAGE = "nginx:1.27.3"
MORE = (
    "{{{",
    "{{{{",
    "}}}}",
    "{{-x-}}",
    BRACES,
    "{{/* c */}}",
    "{{`",
    "`}}",
    '{{ "',
    "{{\n}}",
    "{{.Node.Hostname}}",
    "${X:-{y}}",
)
TEXTS = [text for text in dict.fromkeys((*hostile.CORPUS, *MORE)) if "\0" not in text]


def started(ground: Ground, name: str) -> dict[str, Any]:
    """The container of a service's task, once there is one."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if found := docker(ground, "ps", "-aq", "--filter", f"label=com.docker.swarm.service.name={name}").split():
            container: dict[str, Any] = json.loads(docker(ground, "inspect", found[0]))[0]
            return container
        time.sleep(0.2)  # the engine's events begin after the task may have started
    raise AssertionError(docker(ground, "service", "ps", "--no-trunc", name))


def test_a_container_sees_what_the_spec_says(ground: Ground, tmp_path: Path) -> None:
    lines = [text for text in TEXTS if text and not set(text) & set("\r\n")]
    spec = {
        "name": "braces",
        "target": "swarm",
        "edge": "none",
        "services": {
            "web": {
                "image": IMAGE,
                "hostname": "web-{{x}}",
                "environment": {
                    **{f"V{number}": hostile.for_compose(text) for number, text in enumerate(TEXTS)},
                    **{f"S{number}": {"secret": f"s{number}"} for number in range(len(lines))},
                },
                "volumes": ["data:/data/{{x}}", {"type": "tmpfs", "target": "/tmp/{{y}}"}],
                "tmpfs": ["/run/{{z}}:size=64m"],
            },
            "templates": {"image": IMAGE, "extra": {"environment": {"NODE": "{{.Node.Hostname}}"}}},
        },
        "volumes": {"data": {}},
        "secrets": {f"s{number}": {"env": f"E{number}"} for number in range(len(lines))},
    }
    environ = {f"E{number}": text for number, text in enumerate(lines)}
    write(tmp_path, prepare(tmp_path, None, environ=environ, loaded=load_text(as_text(spec).encode())))
    ensure(ground, IMAGE)
    with swarm_of_one(ground):
        node = docker(ground, "node", "ls", "-q").strip()
        docker(ground, "node", "update", "--label-add", "edgegen.braces.data=true", node)
        how = ["--detach=true", "--resolve-image", "never", "-c", str(tmp_path / "stack.yml")]
        docker(ground, "stack", "deploy", *how, "braces")
        web, templates = started(ground, "braces_web"), started(ground, "braces_templates")
    seen = dict(item.split("=", 1) for item in web["Config"]["Env"])
    assert [seen[f"V{number}"] for number in range(len(TEXTS))] == TEXTS
    assert [seen[f"S{number}"] for number in range(len(lines))] == lines
    assert web["Config"]["Hostname"] == "web-{{x}}"
    mounted = [*web["Mounts"], *(web["HostConfig"].get("Mounts") or [])]
    assert {"/data/{{x}}", "/tmp/{{y}}"} <= {mount.get("Destination") or mount["Target"] for mount in mounted}
    in_memory = {"Type": "tmpfs", "Target": "/run/{{z}}", "TmpfsOptions": {"SizeBytes": 64 * 1024 * 1024}}
    assert in_memory in web["HostConfig"]["Mounts"]
    assert "NODE=lab" in templates["Config"]["Env"]


def test_what_the_other_tests_take_for_swarm_s_reading() -> None:
    assert expanded(f"a {BRACES} x }}}}") == "a {{ x }}"
    with pytest.raises(AssertionError):
        expanded("{{ x }}")
