"""The walls of pyproject.toml stand, and a hole in one is noticed."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_walls_stand() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert "rooms from top to bottom KEPT" in done.stdout
    assert "dns and verify don't know the spec KEPT" in done.stdout
    assert "only targets know Traefik's label providers KEPT" in done.stdout
    assert "only a backend knows its programs KEPT" in done.stdout
    assert "only lint's question to Traefik knows the oracle KEPT" in done.stdout
    assert "looks and pushes know no check KEPT" in done.stdout
    assert "pure rooms do no input and output KEPT" in done.stdout


TOP, PURE = "rooms from top to bottom", "pure rooms do no input and output"
SPEC, ORACLE = "dns and verify don't know the spec", "only lint's question to Traefik knows the oracle"
HOLES = (
    {
        TOP: ("spec/edge.py", "from edgegen.files import lock\n"),
        "looks and pushes know no check": ("verify/look/names.py", "import edgegen.verify.diagnosis\n"),
        PURE: ("rules/violation.py", "import socket\n"),
        SPEC: ("dns/plan.py", "from edgegen.spec import SPEC_FILE\n"),
        ORACLE: ("project/render.py", "import edgegen.oracle.ask\n"),
        "only a backend knows its programs": (
            "deploy/steps.py", "from edgegen.deploy.backends import compose_cli\n",
        ),
        "only targets know Traefik's label providers": (
            "desired/edge.py", "from edgegen.traefik.engine_providers import DockerProvider\n",
        ),
    },
    {
        TOP: ("net/tcp.py", "import edgegen.lookup\n"),
        PURE: ("certificates/issuing.py", "import ssl\n"),
        SPEC: ("verify/run.py", "from edgegen.targets import find_target\n"),
    },
    {
        TOP: ("attic.py", '"""A room that no layer has."""\n'),
        SPEC: ("lookup/read.py", "import edgegen.spec.load\n"),
    },
    {
        TOP: ("lint/engine.py", "import edgegen.oracle.ask\n"),
        ORACLE: ("lint/engine.py", ""),
    },
)  # fmt: skip
"""Each breaks one contract, and the last one two of them: a contract with two holes would hide one."""


@pytest.mark.slow
@pytest.mark.parametrize("holes", HOLES, ids=lambda holes: holes[TOP][0])
def test_a_hole_is_noticed(tmp_path: Path, holes: Mapping[str, tuple[str, str]]) -> None:
    shutil.copytree(ROOT / "edgegen", tmp_path / "edgegen", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room, line in holes.values():
        file = tmp_path / "edgegen" / room
        file.write_text((file.read_text() if file.exists() else "") + line)
    done = lint_imports(tmp_path)
    assert done.returncode != 0
    assert set(re.findall(r"^(.+) BROKEN$", done.stdout, re.MULTILINE)) == set(holes), done.stdout + done.stderr
    for room, _ in holes.values():
        assert room.removesuffix(".py").replace("/", ".") in done.stdout.partition("Broken contracts")[2]


TARGETS_OWN = re.compile(r"@docker|providers\.docker|com\.docker\.compose|CONTAINERS=1|docker-compose\.yml|\"docker\"")
"""Words of target compose that a room which serves every target has no business with."""
FOR_EVERY_TARGET = ("kinds", "desired", "render", "rules", "spec")
OF_LABELS = "label_keys.py"
"""It tells which labels of Traefik are for which provider."""


def words_of_a_target(text: str) -> list[str]:
    tree = ast.parse(text)
    documents = {node.body[0].value for node in ast.walk(tree) if isinstance(node, _DOCUMENTED) and _document(node)}
    found = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node not in documents)
    return [value for value in found if isinstance(value, str) and TARGETS_OWN.search(f'"{value}"')]


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def _document(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> bool:
    return ast.get_docstring(node) is not None


@pytest.mark.slow
def test_only_a_target_has_a_target_s_words() -> None:
    files = [file for room in FOR_EVERY_TARGET for file in (ROOT / "edgegen" / room).rglob("*.py")]
    files = [file for file in files if file.name != OF_LABELS]
    assert len(files) > 60
    assert {str(file): words for file in files if (words := words_of_a_target(file.read_text()))} == {}


def test_a_word_of_a_target_is_noticed() -> None:
    """The planted breaches."""
    assert words_of_a_target('"""Of @docker."""\nnames = [f"{name}@docker"]\n') == ["@docker"]
    assert words_of_a_target('provider = "docker"\n') == ["docker"]
    assert words_of_a_target((ROOT / "edgegen/targets/compose.py").read_text()) != []
