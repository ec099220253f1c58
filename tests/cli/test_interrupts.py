"""Ctrl-C in the middle of a command that writes: the last line says what was and what was not changed.

Real processes and real signals. The moment is exact: an audit hook of Python sends SIGINT right after a file was put
in its place.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.cli.interrupted_project import LABELS, SPEC
from tests.conftest import Edgegen
from tests.fakes.cloudflare import TOKEN, in_thread

pytestmark = pytest.mark.slow

HOOK = """
import os, signal, sys
seen = 0
def hook(event, args):
    global seen
    if event == "os.rename":
        seen += 1
        if seen == int(os.environ["AT"]):
            os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hook)
"""
HOW = "may have been changed: `edgegen registry user list` shows the users"


@pytest.fixture
def hooked(tmp_path: Path) -> dict[str, str]:
    """An environment whose Pythons send themselves a signal."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook/sitecustomize.py").write_text(HOOK)
    # Without its cache, which Python puts in place in the same way.
    own = {"PYTHONPATH": str(tmp_path / "hook"), "PYTHONDONTWRITEBYTECODE": "1"}
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **own}


def stopped(words: list[str], folder: Path, env: dict[str, str], at: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edgegen", *words], cwd=folder, env={**env, "AT": str(at)}, capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "edge.yaml").write_text(SPEC)
    return folder


def test_render_says_that_files_may_be_written_and_continues(
    project: Path, hooked: dict[str, str], edgegen: Edgegen
) -> None:
    done = stopped(["render"], project, hooked, 2)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        130, "interrupted: some files may have been written: `edgegen render` completes them",
    )  # fmt: skip
    assert edgegen("render", cwd=project).code == 0
    assert edgegen("render", "--check", cwd=project).code == 0
    assert not [name for name in tree(project) if ".tmp" in name]


def test_render_check_has_nothing_to_take_back(project: Path, hooked: dict[str, str]) -> None:
    """No file is put in its place, so the hook is never reached: the command ends by itself."""
    before = tree(project)
    assert stopped(["render", "--check"], project, hooked, 1).returncode == 1
    assert tree(project) == before


@pytest.mark.parametrize("words", [["add", "bob"], ["passwd", "ci"], ["rm", "ci"]])
def test_users_of_a_registry(project: Path, hooked: dict[str, str], edgegen: Edgegen, words: list[str]) -> None:
    assert edgegen("render", cwd=project).code == 0
    done = stopped(["registry", "user", *words], project, hooked, 1)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        130, f"interrupted: registry-hub/htpasswd or edge.yaml {HOW}",
    )  # fmt: skip
    listed = edgegen("registry", "user", "list", cwd=project)
    assert listed.code == 0, listed.err


def test_lint_fix(tmp_path: Path, hooked: dict[str, str]) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.yml", "b.yml"):
        (folder / name).write_text(LABELS)
    done = stopped(["lint", "--fix", "a.yml", "b.yml"], folder, hooked, 1)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        130, "interrupted: some of a.yml, b.yml may have been fixed: the same command fixes the others",
    )  # fmt: skip
    assert sorted(path.name for path in folder.iterdir()) == ["a.yml", "b.yml"]


@pytest.mark.parametrize("quiet", [[], ["-q"]])
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"kind": "status", "status": 429, "headers": {"Retry-After": "200"}, "nth": 0}, "nothing was changed"),
        ({"kind": "status", "status": 429, "headers": {"Retry-After": "200"}, "nth": 0, "method": "POST"},
         "0 of 1 changes made, the last request may have made more: run again"),
    ],
)  # fmt: skip
def test_dns_sync(project: Path, quiet: list[str], fault: dict[str, object], said: str) -> None:
    """While it waits for the provider: before the first write, and while it waits to send the first one again."""
    with in_thread() as fake:
        fake.ask("zone", name="example.com", records=[])
        fake.ask("fault", **fault)
        env = {
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "CLOUDFLARE_BASE_URL": fake.url,
            "CLOUDFLARE_API_TOKEN": TOKEN,
        }  # fmt: skip
        wanted = fault.get("method", "GET")
        words = [sys.executable, "-m", "edgegen", "dns", "sync", *quiet, "-C", str(project)]
        with subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
            while not any(entry["method"] == wanted for entry in fake.ask("state")["log"]):
                assert child.poll() is None, child.communicate()
                threading.Event().wait(0.05)
            child.send_signal(signal.SIGINT)
            _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err.splitlines()[-1] == f"interrupted: {said}"
    assert ("stopping after the request that is on its way; Ctrl-C again stops at once" in err) is (not quiet)


SPEAKING = """
from edgegen.cli.console import to_stderr
from edgegen.cli.dns_options import stopping
from edgegen.system.stop import Stop
stop = Stop(heard=stopping)
with stop.on_signals():
    to_stderr("x" * (1 << 20) + "\\n")
print(stop.exit_code)
"""


def test_while_something_is_being_said() -> None:
    """What hears the signal speaks as well, and on the same stream: Python refused the second one as a bug."""
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ours, theirs = os.pipe()
    with subprocess.Popen([sys.executable, "-c", SPEAKING], stdout=subprocess.PIPE, stderr=theirs, env=plain) as child:
        os.close(theirs)
        os.read(ours, 1)  # it is writing, and will be: this pipe holds a sixteenth of it
        child.send_signal(signal.SIGINT)
        with os.fdopen(ours, "rb") as reader:
            said = reader.read()
        assert child.stdout is not None
        assert (child.stdout.read(), child.wait(60)) == (b"130\n", 0), said[-999:]
    assert said.count(b"stopping after the request that is on its way; Ctrl-C again stops at once\n") == 1
    assert said.count(b"x") == (1 << 20) - 1


def test_a_command_that_says_nothing_would_be_noticed(project: Path, hooked: dict[str, str], tmp_path: Path) -> None:
    """The planted fault: without its words, `render` would claim that nothing was changed."""
    (tmp_path / "hook/sitecustomize.py").write_text(
        HOOK + "import contextlib\nimport edgegen.system.stop as stop\n"
        "stop.when_stopped = lambda say: contextlib.nullcontext()\n"
    )
    done = stopped(["render"], project, hooked, 2)
    assert done.stderr.splitlines()[-1] == "interrupted: nothing was changed"
