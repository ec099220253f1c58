"""Two projects of one name and one zone, as their users run them: whose a record is, and who may move it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.cloudflare import TOKEN, Process, process

HOST = "commenthouse.com"
FIRST, SECOND = "157.245.51.137", "34.102.136.180"


@pytest.fixture
def cloudflare() -> Iterator[Process]:
    with process() as fake:
        fake.ask("zone", name=HOST)
        yield fake


def edgegen(project: Path, *words: str, url: str = "") -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("CLOUDFLARE")}
    env |= {"CLOUDFLARE_BASE_URL": url, "CLOUDFLARE_API_TOKEN": TOKEN}
    command = [sys.executable, "-m", "edgegen", *words, "-C", str(project)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done


def rows(fake: Process) -> list[tuple[str, str, str, str]]:
    return sorted((r["type"], r["name"], r["content"], r["comment"]) for r in fake.ask("state")["zones"][HOST])


def writes(fake: Process) -> int:
    return sum(entry["method"] != "GET" for entry in fake.ask("state")["log"])


def two_projects(tmp_path: Path) -> tuple[Path, Path]:
    """A registry and a web site for one domain, in two folders, by `init`: both are named `commenthouse`."""
    one, two = tmp_path / "one", tmp_path / "two"
    assert edgegen(one, "init", "registry", HOST, "--address", FIRST).returncode == 0
    assert edgegen(two, "init", "web", HOST, "--address", SECOND).returncode == 0
    return one, two


def without_owner(project: Path) -> None:
    """The spec as the version before wrote it."""
    file = project / "edge.yaml"
    lines = file.read_text().splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if line.startswith("dns:")), None)
    if start is not None:
        end = next(number for number in range(start + 1, len(lines)) if not lines[number].startswith(" "))
        del lines[start:end]
    file.write_text("".join(lines))


@pytest.mark.parametrize("old", [False, True], ids=["owners", "names"])
@pytest.mark.parametrize("words", [("sync",), ("sync", "--prune")])
def test_a_second_project_of_that_name_is_a_conflict(
    cloudflare: Process, tmp_path: Path, words: tuple[str, ...], *, old: bool
) -> None:
    one, two = two_projects(tmp_path)
    if old:
        without_owner(one)
        without_owner(two)
    assert edgegen(one, "dns", "sync", url=cloudflare.url).returncode == 0
    before = rows(cloudflare)
    cloudflare.ask("forget")
    done = edgegen(two, "dns", *words, url=cloudflare.url)
    assert done.returncode == 3, done.stdout + done.stderr
    assert HOST in done.stderr
    assert (writes(cloudflare), rows(cloudflare)) == (0, before)
    assert edgegen(one, "dns", "plan", "--detailed", url=cloudflare.url).returncode == 0
