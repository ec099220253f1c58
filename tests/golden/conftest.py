from __future__ import annotations

import functools
import shutil
from pathlib import Path

import pytest

from tests.conftest import Edgegen
from tests.golden.examples import CASES, EXAMPLES, GIVEN, Rendered


@pytest.fixture(scope="module")
def rendered(edgegen: Edgegen, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """An example by its name and environment, rendered once. The tests only read it."""

    @functools.cache
    def render(name: str, environment: str | None = None) -> Path:
        project = tmp_path_factory.mktemp(f"{name}-{environment}") / name
        shutil.copytree(EXAMPLES / name, project, ignore=shutil.ignore_patterns("expected*"))
        words = ["render", "-q", "-C", project] + (["-e", environment] if environment else [])
        done = edgegen(*words, env=GIVEN)
        assert done.code == 0, done.err
        return project

    return render


@pytest.fixture(params=CASES, ids=[f"{name}{'-' + env if env else ''}" for name, env in CASES])
def example(request: pytest.FixtureRequest, rendered: Rendered) -> tuple[str, str | None, Path]:
    name, environment = request.param
    return name, environment, rendered(name, environment)
