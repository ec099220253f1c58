"""Others at work in the same directory: a swapper of links, a second writer, every umask; and what strace saw."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.files import Output, write_outputs
from tests.faults.harness import LOCK, STORE, Traced, environment, run, tree
from tests.faults.scenarios import in_use, nothing_yet, write_once
from tests.sizes import sized

RENDERS = 500
FLIPS = sized(1_500, 10_000)

OwnedBy = Callable[[str], Path]


@pytest.fixture
def owned_by() -> Iterator[OwnedBy]:
    """Makes a project of another user, in a folder that this user can reach.

    Not in pytest's own folder, which is closed to others and closed again by every session, nor in a private TMPDIR.
    """
    base = Path(tempfile.mkdtemp(prefix="edgegen-owned-", dir="/tmp"))
    base.chmod(0o755)

    def make(user: str) -> Path:
        project = base / "project"
        project.mkdir()
        if as_user(user):
            os.chown(project, 65534, 65534)
        return project

    yield make
    shutil.rmtree(base)


class Swapper(threading.Thread):
    """Flips each victim between what edgegen made and a link, or a second name, of a canary outside of the project."""

    def __init__(self, victims: list[Path], canary: Path) -> None:
        super().__init__(daemon=True)
        self.victims = victims
        self.canary = canary
        self.flips = 0
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            for victim in self.victims:
                self._flip(victim)

    def _flip(self, victim: Path) -> None:
        aside = victim.with_name(f"{victim.name}.aside")
        try:
            victim.rename(aside)
            aside.chmod(0o604)  # so that there is a mode to be mended
            victim.symlink_to(self.canary)
            self.flips += 1
            victim.unlink()
            os.link(self.canary, victim)
            self.flips += 1
            victim.unlink()
            aside.rename(victim)
        except OSError:  # edgegen made the file in the meantime, or removed it
            return


def race(project: Path, canary: Path, render: Callable[[int], None], flips: int) -> dict[str, int]:
    """Renders against a swapper until both have done their count."""
    swapper = Swapper([project / STORE, project / "secrets/s", project / "a.yml"], canary)
    results = {"done": 0, "refused": 0}
    swapper.start()
    try:
        for number in count():
            if number >= RENDERS and swapper.flips >= flips:
                break
            try:
                render(number)
                results["done"] += 1
            except (RefusedError, LocalIOError, OSError):
                results["refused"] += 1
    finally:
        swapper.stop.set()
        swapper.join()
    print(results, f"{swapper.flips} flips")
    return results


def outputs(number: int) -> list[Output]:
    return [
        Output("acme/acme.json", b"", 0o600, keep=True),
        Output("secrets/s", b"x", 0o444, keep=True),
        Output("a.yml", str(number).encode()),
    ]


def facts(canary: Path) -> tuple[bytes, int, int, int]:
    found = canary.stat()
    return canary.read_bytes(), found.st_mode, found.st_uid, found.st_gid


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary"
    path.write_bytes(b"do not touch")
    path.chmod(0o640)
    return path


@pytest.mark.slow
def test_a_swapper_of_links_never_reaches_the_canary(tmp_path: Path, canary: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    before = facts(canary)

    def render(number: int) -> None:
        write_outputs(project, outputs(number), force=True, spec_hash="", environment=None, version="0")

    render(-1)
    results = race(project, canary, render, FLIPS)
    assert results["refused"]
    assert facts(canary) == before


@pytest.mark.slow
def test_the_swapper_reaches_the_canary_of_a_writer_that_follows_links(tmp_path: Path, canary: Path) -> None:
    project = tmp_path / "project"
    for folder in ("acme", "secrets"):
        (project / folder).mkdir(parents=True)
    before = facts(canary)

    def render(number: int) -> None:
        for output in outputs(number):
            path = project / output.path
            path.write_bytes(output.content)
            path.chmod(output.mode)

    render(-1)
    race(project, canary, render, 500)
    assert facts(canary) != before


@pytest.mark.parametrize("kind", ["symlink", "fifo"])
def test_a_swap_between_look_and_open_is_refused_at_once(
    kind: str, tmp_path: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, real = tmp_path / "acme/acme.json", os.open
    write_outputs(tmp_path, outputs(0), spec_hash="", environment=None, version="0")

    def swap_then_open(path: str, *args: int, **named: int) -> int:
        if path == victim.name:
            victim.unlink()
            os.mkfifo(victim) if kind == "fifo" else victim.symlink_to(canary)
        return real(path, *args, **named)

    monkeypatch.setattr(os, "open", swap_then_open)
    with pytest.raises(RefusedError, match="is a FIFO" if kind == "fifo" else "changed into a link"):
        write_outputs(tmp_path, outputs(0), spec_hash="", environment=None, version="0")


def test_a_mode_is_mended_on_the_file_that_was_checked(
    tmp_path: Path, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, real, before = tmp_path / "acme/acme.json", os.fstat, facts(canary)
    write_outputs(tmp_path, outputs(0), spec_hash="", environment=None, version="0")
    victim.chmod(0o604)
    checked = victim.stat().st_ino

    def look_then_swap(descriptor: int) -> os.stat_result:
        found = real(descriptor)
        if found.st_ino == checked:
            looks.append(found)
        if len(looks) == 3 and not victim.is_symlink():
            victim.rename(tmp_path / "aside")
            victim.symlink_to(canary)
        return found

    looks: list[os.stat_result] = []
    monkeypatch.setattr(os, "fstat", look_then_swap)  # two looks while judging, the third before mending
    report = write_outputs(tmp_path, outputs(0), spec_hash="", environment=None, version="0")
    assert report.mended == ("acme/acme.json",)
    assert victim.is_symlink()
    assert facts(canary) == before
    assert (tmp_path / "aside").stat().st_mode & 0o7777 == 0o600


def test_a_swapped_folder_leads_nowhere(tmp_path: Path) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (project / "traefik").symlink_to(elsewhere)
    with pytest.raises(RefusedError, match="symbolic link"):
        write_outputs(project, [Output("traefik/dynamic/a.yml", b"a")], spec_hash="", environment=None, version="0")
    assert list(elsewhere.iterdir()) == []


@pytest.mark.quick(2)
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277], ids=oct)
@pytest.mark.parametrize("user", ["root", "nobody"])
def test_modes_do_not_depend_on_the_umask(umask: int, user: str, owned_by: OwnedBy) -> None:
    project = owned_by(user)
    done = run([*as_user(user), *write_once(project, "fresh")], umask=umask)
    assert done.returncode == 0, done.stderr
    modes = {path: f"{entry.mode & 0o7777:04o}" for path, entry in tree(project).items()}
    assert modes == {
        ".edgegen": "0700",
        ".edgegen/manifest.json": "0600",
        ".edgegen/schema.json": "0644",
        "acme": "0700",
        "acme/acme.json": "0600",
        "docker-compose.yml": "0644",
        "secrets": "0700",
        "secrets/http-secret": "0600",
        "traefik": "0755",
        "traefik/dynamic": "0755",
        "traefik/dynamic/old.yml": "0644",
        "traefik/dynamic/tls.yml": "0644",
    }
    assert (project / LOCK).stat().st_mode & 0o7777 == 0o600


@pytest.mark.slow
def test_a_read_only_directory_is_exit_7_and_names_it(owned_by: OwnedBy) -> None:
    project = owned_by("nobody")
    assert run([*as_user("nobody"), *write_once(project, "fresh")]).returncode == 0
    (project / "traefik/dynamic").chmod(0o555)
    before = tree(project)
    done = run([*as_user("nobody"), *write_once(project, "next")])
    assert done.returncode == 7
    assert "traefik/dynamic" in done.stderr
    assert "Permission denied" in done.stderr
    assert tree(project) == before


@pytest.mark.slow
def test_two_writers_leave_one_whole_generation(tmp_path: Path) -> None:
    nothing_yet(tmp_path)
    assert run(write_once(tmp_path, "fresh")).returncode == 0
    whole = {variant: snapshot_of(tmp_path, variant) for variant in ("next", "fresh")}
    codes = set()
    for _ in range(sized(3, 20)):
        writers = [
            subprocess.Popen(
                write_once(tmp_path, variant),
                env=environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for variant in ("fresh", "next")
        ]
        for writer in writers:
            _, said = writer.communicate(timeout=60)
            codes.add(writer.returncode)
            assert writer.returncode in (0, 6), said
            if writer.returncode == 6:
                assert "another edgegen holds the lock" in said
        assert contents(tmp_path) in whole.values()
    assert 0 in codes


@pytest.mark.slow  # strace
def test_the_second_run_renames_and_writes_nothing(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    in_use(project)
    before = tree(project)
    traced = Traced(write_once(project, "fresh"), project)
    assert traced.code == 0
    assert traced.touching("rename", "renameat", "renameat2", "linkat", "fchmod", "mkdirat", "write") == []
    assert tree(project) == before


@pytest.mark.slow  # strace
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277], ids=oct)
def test_everything_is_created_0600_and_exclusively(umask: int, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    traced = Traced(write_once(project, "fresh"), project, umask=umask)
    assert traced.code == 0
    created = [line for line in traced.touching("openat") if "O_CREAT" in line]
    assert len(created) >= 8
    assert all(", 0600)" in line and "O_NOFOLLOW" in line for line in created)
    assert all("O_EXCL" in line for line in created if '"lock"' not in line)
    assert [line for line in created if '"acme.json"' in line and "O_WRONLY|O_CREAT|O_EXCL" in line]
    assert traced.touching("fsync", "fdatasync")


@pytest.mark.slow  # strace
@pytest.mark.parametrize("variant", ["fresh", "next"])
def test_content_is_synced_before_its_name_and_names_before_the_manifest(variant: str, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    in_use(project)
    if variant == "fresh":
        shutil.rmtree(project)
        project.mkdir()
    calls = Traced(write_once(project, variant), project).touching("fsync", "renameat", "linkat")
    named = [number for number, call in enumerate(calls) if not call.startswith("fsync")]
    assert len(named) >= 5
    for number in named:
        temp = re.search(r"\.edgegen-tmp-[0-9a-f]{16}", calls[number])
        assert temp
        assert any(call.startswith("fsync") and temp.group() in call for call in calls[:number]), calls[number]
    *outputs, manifest = named
    folders = {re.search(r"<(/[^>]*)>", calls[number]).group(1) for number in outputs}  # type: ignore[union-attr]
    synced = [call for call in calls[outputs[-1] : manifest] if call.startswith("fsync")]
    assert all(any(f"<{folder}>" in call for call in synced) for folder in folders - {f"{project}/.edgegen"})
    assert f"<{project}/.edgegen>" in calls[-1]


def as_user(user: str) -> list[str]:
    return (
        [] if user == "root" or os.geteuid() else ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    )


def contents(project: Path) -> dict[str, bytes | None]:
    ignored = (".edgegen/manifest.json",)  # its generation counts the runs
    return {path: entry.content for path, entry in tree(project).items() if path not in ignored}


def snapshot_of(project: Path, variant: str) -> dict[str, bytes | None]:
    done = run(write_once(project, variant))
    assert done.returncode == 0, done.stderr
    return contents(project)
