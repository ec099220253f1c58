"""The socket proxy's configuration is rendered beside the Compose file, which changes with it and with nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Edgegen

CONFIG = "traefik/socket-proxy.cfg"
TEMPLATE = f"templates/project/{CONFIG}.j2"
SPEC = 'name: a\nservices: {web: {image: "w:1", host: w.example.com, port: 80}}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def proxy(project: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((project / "docker-compose.yml").read_text())["services"]["docker-socket-proxy"])


@pytest.mark.slow
def test_compose_makes_a_new_container_for_another_configuration_only(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    first = proxy(project)
    assert (project / CONFIG).stat().st_mode & 0o777 == 0o644
    (project / "edge.yaml").write_text(SPEC.replace("w:1", "w:2"))
    assert edgegen("render", cwd=project).code == 0
    assert proxy(project) == first
    (project / TEMPLATE).parent.mkdir(parents=True)
    for more, same in (("# a comment\n\n", True), ("backend more\n", False)):
        (project / TEMPLATE).write_text(f'{{% include "builtin/project/{CONFIG}.j2" %}}\n{more}')
        assert edgegen("render", cwd=project).code == 0
        assert (proxy(project) == first) is same
        assert proxy(project) | {"labels": None} == first | {"labels": None}


def test_a_template_that_gives_no_configuration_is_refused(edgegen: Edgegen, project: Path) -> None:
    (project / TEMPLATE).parent.mkdir(parents=True)
    (project / TEMPLATE).write_text("\n")
    done = edgegen("render", cwd=project)
    assert done.code == 2
    assert f"the template of `{CONFIG}` has no output" in done.err


def test_the_raw_socket_has_no_configuration(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    (project / "edge.yaml").write_text(f"{SPEC}edge: {{docker_socket: direct}}\n")
    done = edgegen("render", cwd=project)
    assert done.code == 0
    assert not (project / CONFIG).exists()
