"""The same bytes whatever the seed of hashes, the time zone, the locale and the umask."""

from __future__ import annotations

import itertools
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.properties.rendered import Rendered, project_folder
from tests.properties.specs import token
from tests.sizes import sized

pytestmark = [pytest.mark.slow, pytest.mark.lab]  # where the pool is made for others, too

SEEDS = sized(8, 50)
"""Eight meet every zone, locale and umask."""
SPECS = 6
AT_ONCE = 2
CHILD = Path(__file__).with_name("child_that_renders.py")
SURROUNDINGS = tuple(itertools.product(("UTC", "Pacific/Kiritimati"), ("C", "C.UTF-8"), (0o000, 0o077)))
ON_DISK = sized(tuple(SURROUNDINGS[number] for number in (0, 3, 5, 6)), SURROUNDINGS)
"""Each two of a zone, a locale and a umask meet, also in four."""


@pytest.fixture(scope="module")
def projects(pool: list[Rendered], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rich projects whose secrets and users exist already: what is left depends on the spec alone."""
    folder = tmp_path_factory.mktemp("projects")
    richest = sorted((item for item in pool if item.environment is None), key=lambda item: -len(item.text))[:SPECS]
    for item in richest:
        home = project_folder(folder / token(item.number))
        (home / "edge.yaml").write_text(item.text)
        write(home, prepare(home, None, environ=item.variables, loaded=load_text(item.text.encode(), "edge.yaml")))
    return folder


def digest(projects: Path, seed: int, *planted: str) -> str:
    """What another process makes of the projects, as one sha256."""
    zone, locale, umask = SURROUNDINGS[seed % len(SURROUNDINGS)]
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONHASHSEED": str(seed),
        "TZ": zone,
        "LC_ALL": locale,
        "LANG": locale,
    }
    argv = [sys.executable, str(CHILD), str(projects), oct(umask), *planted]
    root = Path(__file__).parents[2]
    done = subprocess.run(argv, env=environment, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def digests(projects: Path, seeds: int, *planted: str) -> set[str]:
    """The different outcomes of so many seeds: one, if all is well."""
    with ThreadPoolExecutor(AT_ONCE) as workers:
        return set(workers.map(lambda seed: digest(projects, seed, *planted), range(seeds)))


def test_the_same_bytes_for_every_seed_zone_locale_and_umask(projects: Path) -> None:
    assert len(digests(projects, SEEDS)) == 1


@pytest.mark.parametrize(("zone", "locale", "umask"), ON_DISK)
def test_the_same_files_and_modes_on_disk(zone: str, locale: str, umask: int, projects: Path, tmp_path: Path) -> None:
    source = sorted(projects.iterdir())[0]
    for path in source.rglob("*"):
        name = path.relative_to(source)
        # What was made once (secrets, users) goes along: all else must come out the same.
        rendered = (
            name.parts[0] in ("docker-compose.yml", ".edgegen", ".gitignore", ".dockerignore")
            or "dynamic" in name.parts
        )
        if path.is_file() and not rendered:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(path.read_bytes())
    environment = {"PATH": os.environ["PATH"], "TZ": zone, "LC_ALL": locale}
    argv = [sys.executable, "-m", "edgegen", "render", "-C", str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        argv, env=environment, cwd=root, umask=umask, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    for path in (source / "docker-compose.yml", *(source / "traefik/dynamic").iterdir()):
        twin = tmp_path / path.relative_to(source)
        assert twin.read_bytes() == path.read_bytes()
        # Users of a registry that anybody may pull from: hashes, for Traefik alone.
        assert stat.S_IMODE(twin.stat().st_mode) == (0o600 if path.name.startswith("users-") else 0o644)
    assert stat.S_IMODE((tmp_path / "acme/acme.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / ".edgegen").stat().st_mode) == 0o700
