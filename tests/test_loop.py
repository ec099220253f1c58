"""The test loop: what a run of edgegen inherits, how much is tried, what two pytests side by side come to."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests import sizes
from tests.__main__ import NOTHING_CHOSEN, outcome, started
from tests.here import run_here
from tests.zygote import ZYGOTE, Ran

ROOT = Path(__file__).parents[1]
PATH = {"PATH": os.environ["PATH"]}
SPEC = "name: a\nservices: {web: {image: 'x:1', environment: {A: '${ONLY_HERE}'}}}\n"


ways = pytest.mark.parametrize("run", [pytest.param(ZYGOTE.run, id="fork"), pytest.param(run_here, id="here")])


@ways
def test_a_run_has_the_environment_folder_and_umask_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    monkeypatch.setenv("ONLY_HERE", "of the tests")
    unset = run(["render", "--json"], env=PATH, cwd=tmp_path, umask=0o077)
    assert unset.code == 0, unset.err
    assert "ONLY_HERE" in unset.out
    assert stat.S_IMODE((tmp_path / "docker-compose.yml").stat().st_mode) & 0o077 == 0o044  # edgegen's own choice
    given = run(["render", "--json", "--force"], env={**PATH, "ONLY_HERE": "x"}, cwd=tmp_path)
    assert "ONLY_HERE" not in given.out


def open_files() -> int:
    return len([*Path("/proc/self/fd").iterdir()])


def of_this_process() -> list[object]:
    """What a run may not leave changed."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    opened = [os.fstat(number)[:3] for number in range(3)]
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    mask = os.umask(0o22)
    os.umask(mask)
    return [dict(os.environ), Path.cwd(), mask, streams, opened, handlers, sys.argv, open_files()]


def test_a_run_in_this_process_leaves_it_as_it_was(tmp_path: Path) -> None:
    before = of_this_process()
    assert run_here(["schema"], env={**PATH, "A": "b"}, cwd=tmp_path, umask=0o077, merged=True).code == 0
    assert run_here(["lint", "-"], env=PATH, cwd=tmp_path, stdin="services: [").code == 2
    assert of_this_process() == before


@pytest.mark.slow
@ways
def test_a_run_is_like_a_process_of_its_own(tmp_path: Path, run: Callable[..., Ran]) -> None:
    for words in (["--version"], ["render"], ["render", "--no-such"], ["schema"], ["init", "--list"]):
        command = [sys.executable, "-m", "edgegen", *words]
        whole = subprocess.run(command, cwd=tmp_path, env=PATH, capture_output=True, text=True, check=False)
        found = run(words, env=PATH, cwd=tmp_path)
        assert (found.code, found.out, found.err) == (whole.returncode, whole.stdout, whole.stderr)


@pytest.mark.slow
def test_a_fork_that_does_not_end_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "token")
    writer = os.open(tmp_path / "token", os.O_RDWR)
    try:
        with pytest.raises(TimeoutError):
            ZYGOTE.run(
                ["verify", "https://a.test", "--resolver", "127.0.0.1:9", "--wait", "600"],
                env=PATH,
                cwd=tmp_path,
                seconds=1.0,
            )
    finally:
        os.close(writer)
    assert ZYGOTE.run(["--version"], env=PATH).code == 0


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([5, 0], 0), ([0, 5], 0), ([5, 1], 1), ([5, 5], 5), ([-9, 0], 9)],
)
def test_the_worse_of_two_runs_counts(codes: list[int], worst: int) -> None:
    assert outcome(codes) == worst
    assert NOTHING_CHOSEN == pytest.ExitCode.NO_TESTS_COLLECTED


def test_what_is_no_utf8_does_not_end_the_reading(capsys: pytest.CaptureFixture[str]) -> None:
    part = started("lab | ", (), [], ("sh", "-c", "printf '\\377\nFAILED a\n'", "sh"))
    with part.process:
        part.show()
    assert part.process.returncode == 0
    assert (part.failed, capsys.readouterr().out) == (
        ["FAILED a\n"],
        "lab | \N{REPLACEMENT CHARACTER}\nlab | FAILED a\n",
    )


def test_the_proof_tries_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(sizes.VARIABLE, raising=False)
    assert (sizes.sized(3, 9), sizes.some([1, 2, 3], 2), sizes.seed(9)) == (3, [1, 3], 9)
    monkeypatch.setenv(sizes.VARIABLE, "1")
    assert (sizes.sized(3, 9), sizes.some([1, 2, 3], 2), sizes.seed(9)) == (9, [1, 2, 3], None)


def test_no_example_has_a_deadline() -> None:
    assert settings().deadline is None


@pytest.mark.slow
def test_tests_of_the_lab_are_where_make_test_looks_for_them(tmp_path: Path) -> None:
    planted = tmp_path / "test_planted.py"
    command = [sys.executable, "-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    for text, code in (("mark = pytest.mark", pytest.ExitCode.USAGE_ERROR), ("mark = []", pytest.ExitCode.OK)):
        planted.write_text(f"import pytest\n{text}\npytestmark = mark and mark.lab\ndef test_nothing():\n    pass\n")
        done = subprocess.run(
            [*command, "-c", os.devnull, planted], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert (f"{planted}: `make test` finds tests" in done.stderr) is bool(code)


PLANTED = """\
import os, signal, socket, time
import pytest

def test_an_interrupt_is_heard():
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

def test_a_hangup_is_not_ignored():
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL

def test_the_internet_is_closed():
    socket.create_connection(("192.0.2.1", 9), 1)

def test_the_loopback_is_open():
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", 9), 1)

def test_a_warning_is_an_error():
    import warnings
    warnings.warn("old", DeprecationWarning)
"""
DEAF = "import os, signal, sys; [signal.signal(n, signal.SIG_IGN) for n in (1, 2)]; os.execv(sys.argv[1], sys.argv[1:])"
"""Starts a program as `nohup PROGRAM &` does: without SIGINT and SIGHUP."""


@pytest.mark.slow
def test_planted_tests_hear_signals_and_reach_nothing_outside(tmp_path: Path) -> None:
    (tmp_path / "test_planted.py").write_text(PLANTED)
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "tests.conftest"]
    done = subprocess.run(
        [sys.executable, "-c", DEAF, *command, "-c", ROOT / "pyproject.toml", tmp_path / "test_planted.py"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    outcomes = dict(re.findall(r"::(test_\w+) (PASSED|FAILED|ERROR)", done.stdout))
    assert outcomes == {
        "test_an_interrupt_is_heard": "PASSED",
        "test_a_hangup_is_not_ignored": "PASSED",
        "test_the_internet_is_closed": "FAILED",
        "test_the_loopback_is_open": "PASSED",
        "test_a_warning_is_an_error": "FAILED",
    }, done.stdout
    assert "SocketConnectBlockedError" in done.stdout


DRAWS = """
import sys
from pathlib import Path
from hypothesis import given, settings, strategies
from tests import sizes
sizes.load_profile()
sys.path.insert(0, sys.argv[1])
if sys.argv[2] == "more":
    import more
seen = []
@settings(max_examples=100)
@given(strategies.text(), strategies.integers())
def draw(text, number):
    seen.append((text, number))
for _ in range(3):
    draw()
print(seen)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("proof", "same"), [("", True), ("1", False)], ids=["usual", "proof"])
def test_what_is_drawn_hangs_on_nothing_that_is_loaded(tmp_path: Path, proof: str, same: bool) -> None:
    words = [f"A{number} = 'word number {number}', {number}_777_777" for number in range(1, 90)]
    (tmp_path / "more.py").write_text("\n".join(words))
    drawn = [
        subprocess.run(
            [sys.executable, "-c", DRAWS, str(tmp_path), modules],
            env={**PATH, sizes.VARIABLE: proof}, cwd=ROOT, capture_output=True, check=True,
        ).stdout
        for modules in ("none", "more")
    ]  # fmt: skip
    assert (drawn[0] == drawn[1]) is same
    assert (b"word number" in drawn[1]) is not same
