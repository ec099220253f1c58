"""Stacks for a swarm before older Traefiks: each starts with exactly its routers, or is refused at rendering.

The usual run asks the oldest about the examples. The proof asks all that edgegen accepts, about the starters too.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.golden.examples import EXAMPLES, GIVEN
from tests.golden.test_swarm_examples import ALWAYS, SWITCHED, switched
from tests.lab.forked import beside
from tests.lab.oracle import OracleAnswer
from tests.lab.stack_file import ask_swarm
from tests.lab.test_swarm_examples import VARIABLES
from tests.lab.test_traefik_versions import is_without_fault, pin, refused
from tests.lab.traefiks import traefik
from tests.sizes import sized

STARTERS = ("drupal", "registry", "registry-cache", "web", "web-replicas", "whoami", "wordpress")


def answer(project: Path, folder: Path, version: str) -> OracleAnswer:
    """What this Traefik makes of a rendered project."""
    name = str(yaml.safe_load((project / "edge.yaml").read_text())["name"])
    return ask_swarm(project / "stack.yml", name, folder / "dynamic", VARIABLES, binary=traefik(version))


@pytest.mark.parametrize("example", (*ALWAYS, *SWITCHED))
def test_an_example_starts_or_is_refused(version: str, example: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(EXAMPLES / example, project, ignore=shutil.ignore_patterns("expected*"))
    spec = project / "edge.yaml"
    spec.write_text(switched(spec.read_text()))
    pin(spec, version)
    done = beside("render", "-C", project, **GIVEN)
    if not refused(done, version):
        is_without_fault(answer(project, tmp_path, version))


@pytest.mark.parametrize("starter", sized(STARTERS[:1], STARTERS))
def test_a_starter_project_starts(version: str, starter: str, tmp_path: Path) -> None:
    words = ("--email", "ops@commenthouse.com", "--target", "swarm", "--dir", tmp_path)
    done = beside("init", starter, "commenthouse.com", *words)
    assert done.returncode == 0, done.stderr
    pin(tmp_path / "edge.yaml", version)
    done = beside("render", "-C", tmp_path, **GIVEN)
    assert done.returncode == 0, done.stderr
    is_without_fault(answer(tmp_path, tmp_path, version))


def test_a_router_that_is_not_there_is_noticed(tmp_path: Path) -> None:
    """Planted: a label that this Traefik does not know takes its service's routers away."""
    words = ("--email", "ops@commenthouse.com", "--target", "swarm", "--dir", tmp_path)
    assert beside("init", "whoami", "commenthouse.com", *words).returncode == 0
    stack = yaml.safe_load((tmp_path / "stack.yml").read_text())
    stack["services"]["whoami"]["deploy"]["labels"]["traefik.http.routers.whoami-https.unheard"] = "x"
    (tmp_path / "stack.yml").write_text(yaml.safe_dump(stack))
    with pytest.raises(AssertionError):
        is_without_fault(answer(tmp_path, tmp_path, "3.6.2"))
