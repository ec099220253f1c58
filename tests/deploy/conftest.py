"""A world with scripted programs in front of PATH, and no real Compose beside this Python."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from edgegen.deploy.backends.base import Place
from edgegen.deploy.backends.compose import ComposeBackend
from edgegen.deploy.runner import Runner
from tests.fakes.docker_cli import FakeDocker


def compose(project: Path, *, quiet: bool = False) -> ComposeBackend:
    """What runs a rendered project."""
    return ComposeBackend(Place(project, project / "docker-compose.yml", Runner(), quiet))


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    """Scripted programs, none installed yet. Only what the system itself needs stays on PATH behind them."""
    home = tmp_path / "bin"
    home.mkdir()
    docker = FakeDocker(home)
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "executable", os.path.realpath(sys.executable))
    return docker


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A rendered project, as far as deploying needs it."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "docker-compose.yml").write_text("name: shop\nservices: {}\n")
    return folder
