"""One edgegen at a time, and the second one knows who the first is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edgegen.core.errors import LockedError, RefusedError
from edgegen.files import Output, lock, write_outputs

HOLD = """
import sys
from pathlib import Path
from edgegen.files import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_the_holder_is_named(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(LockedError) as caught, lock(tmp_path):
        pass
    assert caught.value.exit_code == 6
    assert f"pid {holder.pid} on {os.uname().nodename}, since 2" in str(caught.value)


@pytest.mark.quick(2)
@pytest.mark.parametrize("signature", ["", "[" * 4096, '{"pid": 1e999, "host": "a", "since": "b"}', '{"pid": 1}', "\0"])
def test_a_holder_whose_signature_can_not_be_read(
    tmp_path: Path, holder: subprocess.Popen[str], signature: str
) -> None:
    (tmp_path / ".edgegen/lock").write_text(signature)
    with pytest.raises(LockedError, match="its process is not known yet"), lock(tmp_path):
        pass


def test_a_render_meets_the_lock(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(LockedError):
        write_outputs(tmp_path, [Output("a", b"a")], spec_hash="", environment=None, version="")
    assert not (tmp_path / "a").exists()


@pytest.mark.slow
def test_the_wait_has_an_end(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    begun = time.monotonic()
    with pytest.raises(LockedError), lock(tmp_path, timeout=0.2):
        pass
    assert 0.2 <= time.monotonic() - begun < 20


@pytest.mark.slow
def test_a_released_lock_is_taken_within_the_wait(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    assert holder.stdin
    holder.stdin.write("\n")
    holder.stdin.flush()
    with lock(tmp_path, timeout=60):
        assert str(os.getpid()) in (tmp_path / ".edgegen/lock").read_text()
    assert (tmp_path / ".edgegen/lock").read_text() == ""


def test_a_killed_holder_frees_it(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    with lock(tmp_path):
        pass


@pytest.mark.slow
def test_who_holds_it_may_render(tmp_path: Path) -> None:
    with lock(tmp_path):
        write_outputs(tmp_path, [Output("a", b"a")], spec_hash="", environment=None, version="")
        with lock(tmp_path):
            pass
        held = subprocess.run(
            [sys.executable, "-c", HOLD, str(tmp_path)], capture_output=True, text=True, check=False, input="\n"
        )
        assert "LockedError" in held.stderr, "leaving the inner lock must not free the outer one"


def test_the_folder_and_the_lock_are_private(tmp_path: Path) -> None:
    (tmp_path / ".edgegen").mkdir(mode=0o755)
    with lock(tmp_path):
        assert (tmp_path / ".edgegen").stat().st_mode & 0o7777 == 0o700
        assert (tmp_path / ".edgegen/lock").stat().st_mode & 0o7777 == 0o600


@pytest.mark.parametrize("kind", ["symlink", "fifo", "directory", "hard link"])
def test_a_lock_that_is_no_plain_file_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / ".edgegen").mkdir(mode=0o700)
    path, other = tmp_path / ".edgegen/lock", tmp_path / "other"
    other.write_text("canary")
    make: dict[str, Callable[[], None]] = {
        "symlink": lambda: path.symlink_to(other),
        "fifo": lambda: os.mkfifo(path),
        "directory": path.mkdir,
        "hard link": lambda: os.link(other, path),
    }
    make[kind]()
    with pytest.raises(RefusedError), lock(tmp_path):
        pass
    assert other.read_text() == "canary"
