"""A docker that lies: whatever it prints, edgegen ends in time, has no bug to report, and says what was changed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgegen.cli import console
from edgegen.cli import render as rendering
from edgegen.cli.app import run
from edgegen.deploy.command import Command, Result
from edgegen.deploy.runner import Runner
from edgegen.deploy.shared_edge import Wish
from edgegen.explain.engine_view import look_inside
from tests.fakes import lying_docker
from tests.sizes import some

pytestmark = pytest.mark.slow

PATIENCE = 0.7
"""Seconds that a question may take here."""
WARNING = b'time="2026-01-01T00:00:00Z" level=warning msg="the attribute `version` is obsolete"\n'


def swapped(truth: bytes) -> bytes:
    """JSON whose values are all of another kind."""

    def swap(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: swap(item) for name, item in value.items()}
        return {str: 7, int: "seven", list: "list", bool: [], type(None): 3.5}.get(type(value), {})

    try:
        return "\n".join(json.dumps(swap(json.loads(line))) for line in truth.decode().splitlines()).encode()
    except ValueError:
        return b'{"a": [1]}'


def with_values(value: Any) -> Callable[[bytes], bytes]:
    """JSON whose leaves are all one value."""

    def put(item: Any) -> Any:
        return {name: put(inner) for name, inner in item.items()} if isinstance(item, dict) else value

    def lie(truth: bytes) -> bytes:
        try:
            return "\n".join(json.dumps(put(json.loads(line))) for line in truth.decode().splitlines()).encode()
        except ValueError:
            return json.dumps(value).encode()

    return lie


LIES: dict[str, Callable[[bytes], bytes | str]] = {
    "nothing": lambda _: b"",
    "nothing, and a word on stderr": lambda _: "echo sorry >&2; exit 0",
    "a sentence": lambda _: b"Welcome to this machine!\n",
    "a web page": lambda _: b"<!DOCTYPE html>\n<html>{}</html>\n",
    "NULs": lambda truth: b"\0" * 999 + truth,
    "no UTF-8": lambda truth: b"\xff\xfe\xc3" + truth.replace(b"e", b"\xe9"),
    "NULs in JSON": lambda truth: truth.replace(b"shop", b"sh\\u0000op").replace(b"web", b"w\\u0000eb"),
    "halves of characters": lambda truth: truth.replace(b"shop", b"sh\\ud800op").replace(b"web", b"w\\ud800eb"),
    "half of it": lambda truth: truth[: len(truth) // 2],
    "it twice": lambda truth: truth * 2,
    "deep lists": lambda _: b"[" * 200_000,
    "deep objects": lambda _: b'{"a":' * 200_000,
    "null": lambda _: b"null\n",
    "a list": lambda _: b"[1, [], {}]\n",
    "a list of nulls": lambda _: b"[null]\n",
    "an empty object": lambda _: b"{}\n",
    "a text": lambda _: b'"text"\n',
    "other kinds": swapped,
    "lists as values": with_values([[], None]),
    "objects as values": with_values({"a": {}}),
    "numbers as values": with_values(10**19),
    "fractions as values": with_values(1.5),
    "thousands of digits": lambda _: b'{"Server": ' + b"9" * 9_999 + b"}\n" + b"9" * 9_999 + b".9\n",
    "an empty text as values": with_values(""),
    "failure": lambda _: "exit 1",
    "failure with words": lambda truth: "echo 'permission denied' >&2; exit 126",
    "a signal": lambda _: "kill -9 $$",
}
SURVIVED: dict[str, Callable[[bytes], bytes | str]] = {
    "a warning before it": lambda truth: WARNING + truth,
    "a warning behind it": lambda truth: truth + WARNING,
    "odd line ends": lambda truth: truth.replace(b"\n", b"\r\n"),
    "warnings on stderr": lambda _: "echo 'WARN[0000] obsolete' >&2",
}
SLOW: dict[str, Callable[[bytes], bytes | str]] = {
    "no end": lambda _: "while :; do echo '{}'; /bin/sleep 0.02; done",
    "nothing for ever": lambda _: "exec /bin/sleep 600",
    "its output closed, and no end": lambda _: "exec >&- 2>&-; exec /bin/sleep 600",
    "an answer, and no end": lambda truth: "/bin/sleep 600",
    "400 MB": lambda _: "exec /bin/cat /dev/zero",
}
QUESTIONS = {
    "up": (
        *("short", "config", "version", "context", "ids", "inspect", "snapshot"),
        *("networks", "volumes", "create", "up", "standing"),
    ),
    "down": ("config", "snapshot", "left", "down"),
    "status": ("short", "config", "version", "standing", "started"),
    "logs": ("started", "logs"),
}
ARGUMENTS = {
    "up": ["up", "--quiet"],
    "down": ["down", "--quiet"],
    "status": ["status", "--json"],
    "logs": ["logs", "--json"],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the programs; the project is where we are."""
    folder, project = tmp_path / "bin", tmp_path / "project"
    folder.mkdir()
    project.mkdir()
    lying_docker.install(folder)
    (project / "docker-compose.yml").write_text("name: shop\nnetworks: {edge: {external: true, name: shop-edge}}\n")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    monkeypatch.chdir(project)
    made = rendering.Rendered("compose", Path("docker-compose.yml"), Wish())
    monkeypatch.setattr(rendering, "render_project", lambda *_, **__: made)
    monkeypatch.setattr(console.Console, "quiet", False)
    return folder


WORDS = {
    "config": "config --format json", "standing": "ps --all --format json", "snapshot": "ps --all --no-trunc",
    "left": "--filter label=com.docker.compose.project=shop",
}  # fmt: skip
"""How the questions are asked that a slow engine is asked."""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, home: Path, question: str) -> Path:
    """The same, and nobody waits long for the answer to this question. The others come from a busy machine."""
    patient = Runner.run

    def impatient(runner: Runner, command: Command) -> Result:
        is_it = WORDS[question] in " ".join(command.argv)
        return patient(runner, replace(command, timeout=PATIENCE if is_it else 60))

    monkeypatch.setattr(Runner, "run", impatient)
    return home


def judged(home: Path, command: str, capfd: pytest.CaptureFixture[str]) -> int:
    """Run a command; its exit code, once it has been found to be an honest one."""
    start = time.monotonic()
    code = run(ARGUMENTS[command])
    seen = capfd.readouterr()
    assert time.monotonic() - start < 50
    assert code in (0, 1, 2, 3, 4, 5), (code, seen.err)
    assert "bug" not in seen.err
    assert "Traceback" not in seen.err
    assert not any(mark in seen.err + seen.out for mark in ("\0", "\x1b"))
    if lying_docker.has_changed(home):
        assert code in (0, 1, 5), f"exit {code} says that nothing was changed\n{seen.err}"
    else:
        assert code != 5
    return code


@pytest.mark.parametrize("command", QUESTIONS)
def test_the_truth_is_believed(command: str, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """And each question is asked: a lie that nobody hears proves nothing."""
    assert judged(home, command, capfd) == 0
    assert set(QUESTIONS[command]) <= set(lying_docker.asked(home))


def told(home: Path, command: str, question: str, lie: str, capfd: pytest.CaptureFixture[str]) -> int:
    lying_docker.tell(home, question, (LIES | SURVIVED | SLOW)[lie])
    return judged(home, command, capfd)


ALL = [(command, question, lie) for command, asked in QUESTIONS.items() for question in asked for lie in LIES]
SOME = ALL[::5]
"""Each question with five or six of the lies, other ones for the next."""


def test_there_are_many_runs() -> None:
    assert len(SOME) > 100
    assert {lie for _, _, lie in SOME} == set(LIES)
    assert {(command, question) for command, question, _ in SOME} == {found[:2] for found in ALL}


@pytest.mark.parametrize(("command", "question", "lie"), SOME)
def test_a_lie(command: str, question: str, lie: str, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told(home, command, question, lie, capfd)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "question", "lie"), some([case for case in ALL if case not in SOME], 23))
def test_every_other_lie(command: str, question: str, lie: str, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told(home, command, question, lie, capfd)


@pytest.mark.parametrize("lie", SURVIVED)
@pytest.mark.parametrize(
    ("command", "question"),
    [
        ("status", "config"),
        ("status", "short"),
        ("status", "version"),
        ("status", "standing"),
        ("up", "inspect"),
        ("up", "networks"),
    ],
)
def test_a_warning_is_survived(
    command: str, question: str, lie: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(home, command, question, lie, capfd) == 0


@pytest.mark.parametrize("lie", SLOW)
@pytest.mark.parametrize(
    ("command", "question", "code"),
    [
        ("status", "config", 4),
        ("status", "standing", 4),
        ("up", "snapshot", 4),
        ("up", "standing", 5),
        ("down", "left", 5),
    ],
)
def test_nobody_waits_for_ever(
    command: str, question: str, code: int, lie: str, short: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(short, command, question, lie, capfd) == code


@pytest.mark.parametrize("lie", ["nothing", "an empty object", "a sentence", "half of it", "failure"])
def test_a_failed_up_that_changed_something_is_5(lie: str, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Two lies: Compose fails after it has started something, and the engine does not tell what there is."""
    lying_docker.tell(home, "up", lambda _: f"echo 'if [ -e {home}/changed ]; then :; fi' >/dev/null; exit 1")
    lying_docker.tell(home, "snapshot", lambda _: f"[ -e '{home}/changed' ] || exit 0\n" + WHAT_IT_SAYS[lie])
    assert judged(home, "up", capfd) == 5


WHAT_IT_SAYS = {
    "nothing": "exit 0",
    "an empty object": "echo '{}'; exit 0",
    "a sentence": "echo hello; exit 0",
    "failure": "exit 1",
    "half of it": 'echo \'{"ID": "c\'; exit 0',
}


@pytest.mark.parametrize("question", ["version", "ids", "inspect", "log", "context"])
@pytest.mark.parametrize("lie", [*LIES, *SURVIVED])
def test_explain_says_that_it_did_not_see(question: str, lie: str, home: Path) -> None:
    lying_docker.tell(home, question, (LIES | SURVIVED)[lie])
    found = look_inside(Runner(), "a.example.com", None)
    assert found.trouble
    assert "\0" not in found.trouble
