"""Examples on a swarm: those that ask for it, and some of the others with one word of their spec changed.

What names of secrets, and of a config with a variable, end in follows from a key that is made once: here it is masked.
"""

from __future__ import annotations

import re
import shutil
import stat
from pathlib import Path

import pytest
import yaml

from tests.conftest import Edgegen
from tests.golden.examples import EXAMPLES, GIVEN, Golden, is_for_a_swarm, public_files

ALWAYS = tuple(folder.name for folder in sorted(EXAMPLES.iterdir()) if is_for_a_swarm(folder))
SWITCHED = (
    "01-registry",
    "02-web-app",
    "03-edge-kinds",
    "07-wordpress",
    "10-drupal",
    "11-web-replicas",
    "13-whoami",
)
ROUTER_USES = re.compile(r"traefik\.http\.routers\.[^.]+\.middlewares$")
_KEYED = r"secrets/|traefik/auth/|registry|\.edgegen/configs/motd"
_SECRET = re.compile(rf"""(    name: "?[a-zA-Z0-9_.-]+-)[0-9a-f]{{12}}("?\n    file: "\./(?:{_KEYED})[^\n]*)""")


def swarm(edgegen: Edgegen, name: str, folder: Path) -> Path:
    """The example as a swarm's project, rendered."""
    project = folder / name
    shutil.copytree(EXAMPLES / name, project, ignore=shutil.ignore_patterns("expected*"))
    spec = project / "edge.yaml"
    spec.write_text(switched(spec.read_text()))
    done = edgegen("render", "-q", "-C", project, env=GIVEN)
    assert done.code == 0, done.err
    return project


def switched(text: str) -> str:
    """The same spec for a swarm: one word of it, or a line where Compose is the default."""
    if "\ntarget:" in text:
        return re.sub(r"^target: \w+", "target: swarm", text, count=1, flags=re.M)
    return re.sub(r"^name:", "target: swarm\nname:", text, count=1, flags=re.M)


@pytest.fixture(params=(*ALWAYS, *SWITCHED))
def example(request: pytest.FixtureRequest, edgegen: Edgegen, tmp_path: Path) -> tuple[str, Path]:
    return request.param, swarm(edgegen, request.param, tmp_path)


@pytest.mark.quick(3)
def test_what_is_rendered_is_what_is_written_down(example: tuple[str, Path], golden: Golden) -> None:
    name, project = example
    expected = EXAMPLES / name / ("expected" if name in ALWAYS else "expected-swarm")
    files = {
        path: _SECRET.sub(r"\1HASH\2", text) for path, text in public_files(project).items() if path != "edge.yaml"
    }
    for path, text in files.items():
        golden(expected / path, text)
    assert {file.relative_to(expected).as_posix() for file in expected.rglob("*") if file.is_file()} == set(files)


@pytest.mark.slow
def test_a_route_needs_nothing_of_traefik_s_own_service_but_shared_middlewares(example: tuple[str, Path]) -> None:
    """While Traefik's task is replaced none of what its service says counts, and such a route answers 404."""
    for name, service in yaml.safe_load((example[1] / "stack.yml").read_text())["services"].items():
        labels = (service.get("deploy") or {}).get("labels") or {}
        own = {key.split(".")[3] for key in labels if key.startswith("traefik.http.middlewares.")}
        used = {word for key, text in labels.items() if ROUTER_USES.match(key) for word in text.split(",")}
        assert {word for word in used if "@" not in word} <= own, name


@pytest.mark.quick(3)
def test_no_hash_and_no_secret_is_in_what_may_be_shown(example: tuple[str, Path]) -> None:
    _, project = example
    files = [*project.glob("secrets/*"), *project.glob("registry*/htpasswd"), project / ".edgegen/naming.key"]
    lines = {line.partition("=")[2] or line for file in files for line in file.read_text().split()}
    shown = public_files(project)
    assert "stack.yml" in shown
    for path, text in shown.items():
        assert not re.search(r"\$+(2[aby]|apr1|[56])\$+", text), path
        for secret in (*lines, *GIVEN.values()):
            assert secret not in text, path


@pytest.mark.quick(3)
def test_every_secret_is_private_on_this_machine(example: tuple[str, Path]) -> None:
    project = example[1]
    folders = [path for path in (project / "secrets", project / ".edgegen") if path.exists()]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}
    for file in [*project.rglob("htpasswd"), *project.glob("secrets/*"), *project.glob(".edgegen/naming.key")]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    assert not (project / "acme").exists()  # the volume of the edge's node has the certificates


@pytest.mark.slow
def test_one_word_switches_an_example_and_diff_shows_it(edgegen: Edgegen, tmp_path: Path) -> None:
    project = tmp_path / "01-registry"
    shutil.copytree(EXAMPLES / "01-registry", project, ignore=shutil.ignore_patterns("expected*"))
    assert edgegen("render", "-q", "-C", project, env=GIVEN).code == 0
    spec = project / "edge.yaml"
    spec.write_text(switched(spec.read_text()))
    shown = edgegen("render", "--diff", "-C", project, env=GIVEN).out
    old, new = shown.index("--- docker-compose.yml"), shown.index("+++ stack.yml")
    assert "-  registry:" in shown[old:]
    assert "+  registry:" in shown[new:]
    assert edgegen("render", "-q", "-C", project, env=GIVEN).code == 0
    assert not (project / "docker-compose.yml").exists()
    assert (project / "acme/acme.json").exists()  # a switch takes nothing away that can't be made again
