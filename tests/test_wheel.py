"""The wheel holds all that a project needs: its templates are inside, not beside it as in a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # pip builds a wheel

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this source, unpacked as an installer does it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("edgegen-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(unpacked)}
    return subprocess.run(
        [sys.executable, "-m", "edgegen", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


def test_a_project_is_made_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "import edgegen; print(edgegen.__file__)"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(unpacked)}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert where.startswith(str(unpacked))
    made = run(unpacked, tmp_path, "init", "registry", "commenthouse.com", "--email", "ops@commenthouse.com")
    assert made.returncode == 0, made.stderr
    assert run(unpacked, tmp_path, "render", "--check").returncode == 0
    assert run(unpacked, tmp_path, "schema").stdout.startswith('{\n "$schema"')
    listed = run(unpacked, tmp_path, "init", "--list").stdout.splitlines()
    assert {"registry", "built", "wordpress"} <= {line.split()[0] for line in listed}


def test_lint_knows_the_words_of_traefik_from_the_wheel_alone(unpacked: Path, tmp_path: Path) -> None:
    labels = "[traefik.http.routers.a.rule=Host(`a.example.com`), traefik.http.routers.a.tls.certresolvers=le]"
    (tmp_path / "compose.yaml").write_text(f"services: {{a: {{image: 'a:1', expose: [80], labels: {labels}}}}}\n")
    seen = run(unpacked, tmp_path, "lint")
    assert (seen.returncode, seen.stdout.split(":")[0]) == (1, "high EL001 label-dropped"), seen.stderr
    assert "EL001 label-dropped" in run(unpacked, tmp_path, "rule", "EL001").stdout


def test_every_template_is_in_the_wheel(unpacked: Path) -> None:
    source = {path.relative_to(ROOT / "templates") for path in (ROOT / "templates").rglob("*") if path.is_file()}
    packed = unpacked / "edgegen" / "_templates"
    assert {path.relative_to(packed) for path in packed.rglob("*") if path.is_file()} == source


def test_no_template_is_compiled_where_the_wheel_is_installed(unpacked: Path, tmp_path: Path) -> None:
    assert (
        run(unpacked, tmp_path, "init", "registry", "commenthouse.com", "--email", "o@commenthouse.com").returncode == 0
    )
    script = (
        "import sys, jinja2; jinja2.Environment.compile = None\n"  # calling it would be a bug, with exit code 70
        "from edgegen.__main__ import main; sys.argv[1:] = ['render', '--check']; main()"
    )
    env = {**os.environ, "PYTHONPATH": str(unpacked)}
    seen = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert (seen.returncode, seen.stderr) == (0, "")
    for module in (unpacked / "edgegen" / "_compiled").glob("template_*.py"):
        module.write_text("raise AssertionError('the code of the wheel was used')")
    seen = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert seen.returncode != 0
