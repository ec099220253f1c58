"""Odd objects at every path of the state folder: nothing outside is written, nothing is waited for, nothing is sent."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError
from edgegen.dns.jobs import Choices, Surroundings
from edgegen.dns.sync import sync
from edgegen.project.dns_owner import shelf
from tests.dns.support import ZONE, rec, scene

WANT = [rec("A", f"www.{ZONE}", "192.0.2.1")]
CERTIFICATES = b'{"letsencrypt": {"Certificates": ["all of them"]}}'
ZONE_ID = f"{1:032x}"
FILES = [f"dns/{ZONE_ID}.json", f"dns/{ZONE_ID}.ledger.json", f"locks/{ZONE}.lock"]
FOLDERS = ["", "dns", "locks"]


def symlink(path: Path, acme: Path) -> None:
    path.symlink_to(acme)


def dangling(path: Path, acme: Path) -> None:
    path.symlink_to(acme.parent / "made-by-nobody")


def hard_link(path: Path, acme: Path) -> None:
    os.link(acme, path)


def fifo(path: Path, acme: Path) -> None:
    os.mkfifo(path)


def folder(path: Path, acme: Path) -> None:
    (path / "with").mkdir(parents=True)


def unix_socket(path: Path, acme: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def plain_file(path: Path, acme: Path) -> None:
    path.write_bytes(b"a file, where a folder is needed")


def link_to_folder(path: Path, acme: Path) -> None:
    path.symlink_to(acme.parent)


IN_FILES = [symlink, dangling, hard_link, fifo, folder, unix_socket]
IN_FOLDERS = [link_to_folder, dangling, fifo, plain_file]
CASES = [
    *((path, plant) for path in FILES for plant in IN_FILES),
    *((path, plant) for path in FOLDERS for plant in IN_FOLDERS),
]


@pytest.fixture(autouse=True)
def in_ten_seconds() -> Iterator[None]:
    def late(*_: object) -> None:
        raise AssertionError("it hangs")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize(("path", "plant"), CASES, ids=[f"{p or '.edgegen'}-{plant.__name__}" for p, plant in CASES])
def test_an_odd_object_is_refused(path: str, plant: Callable[[Path, Path], None], tmp_path: Path) -> None:
    acme = tmp_path / "acme" / "acme.json"
    acme.parent.mkdir()
    acme.write_bytes(CERTIFICATES)
    acme.chmod(0o600)
    project = tmp_path / "project"
    odd = project / ".edgegen" / path
    odd.parent.mkdir(parents=True, exist_ok=True)
    plant(odd, acme)
    before = sorted(file.name for file in acme.parent.iterdir())
    with scene() as s:
        with pytest.raises(EdgegenError) as told:
            sync([s.task(WANT)], Choices("house", "house"), Surroundings(shelf=shelf(project)), clock=s.clock)
        assert told.value.exit_code == 3
        assert ".edgegen" in str(told.value)
        assert s.writes() == 0
    assert acme.read_bytes() == CERTIFICATES
    assert acme.stat().st_mode & 0o777 == 0o600
    assert sorted(file.name for file in acme.parent.iterdir()) == before


def test_its_own_files_are_private_and_serve_the_next_run(tmp_path: Path) -> None:
    with scene() as s:
        around = Surroundings(shelf=shelf(tmp_path))
        for made in (1, 0):
            assert sync([s.task(WANT)], Choices("house", "house"), around, clock=s.clock).made == made
    state = tmp_path / ".edgegen"
    assert state.stat().st_mode & 0o777 == 0o700
    found = sorted(str(file.relative_to(state)) for file in state.rglob("*") if file.is_file())
    assert found == sorted(FILES)
    assert {(state / name).stat().st_mode & 0o777 for name in found} == {0o600}
