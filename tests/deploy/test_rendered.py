"""The file that is deployed."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError, UsageError
from edgegen.deploy.rendered import refuse_stack, rendered_file


def test_a_rendered_project(project: Path) -> None:
    (project / "stack.yml").touch()
    assert rendered_file(project) == project / "docker-compose.yml"


def test_nothing_rendered(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing has been rendered here"):
        rendered_file(tmp_path)


def test_a_swarms_stack(tmp_path: Path) -> None:
    (tmp_path / "stack.yml").touch()
    with pytest.raises(RefusedError, match="swarm's stack"):
        rendered_file(tmp_path)
    refuse_stack(tmp_path / "docker-compose.yml")
