"""The scripted `docker` itself: what it is called with arrives as it was, and its rules answer in their order."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.fakes.docker_cli import FakeDocker

HOSTILE = ("it's", '"', "a\nb", "\n", " ", "", "$HOME `id`", "\\n%s", "*", "é \udcff", "-n", "--", "'\\''")


@pytest.fixture
def fake(tmp_path: Path) -> FakeDocker:
    made = FakeDocker(tmp_path)
    made.install("docker")
    return made


def called(fake: FakeDocker, *words: str, given: bytes = b"", host: str = "") -> tuple[int, bytes, bytes]:
    done = subprocess.run(
        [fake.home / "docker", *words], input=given, capture_output=True, check=False,
        env={"PATH": "/nonexistent", "DOCKER_HOST": host},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
def test_arguments_arrive_as_they_are(fake: FakeDocker) -> None:
    fake.answer("run")
    for word in HOSTILE:
        assert called(fake, "run", word, "x", host="ssh://a") == (0, b"", b"")
    assert fake.calls() == [["docker", "run", word, "x"] for word in HOSTILE]
    assert fake.hosts() == {"ssh://a"}
    assert fake.given("run") == [""] * len(HOSTILE)


@pytest.mark.parametrize("text", ["", "a\nb\n\n", "it's $HOME \\n %s", "é", "x" * 100_000], ids=range(5))
def test_texts_come_and_go_as_they_are(fake: FakeDocker, text: str) -> None:
    fake.answer("config create", text, text, 3)
    assert called(fake, "config", "create", "a", "-", given=text.encode()) == (3, text.encode(), text.encode())
    assert fake.given("config create") == [text]


@pytest.mark.slow
def test_the_last_rule_answers_and_its_replies_in_turn(fake: FakeDocker) -> None:
    fake.answer("ps", "first")
    fake.answers("ps -a", [fake.reply("one"), fake.reply("two", code=4), fake.reply({"three": 3})])
    said = [called(fake, "ps", "-a")[:2] for _ in range(4)]
    assert said == [(0, b"one"), (4, b"two"), (0, b'{"three": 3}'), (0, b'{"three": 3}')]
    assert called(fake, "ps", "a")[:2] == (0, b"first")
    assert called(fake, "-a", "ps")[:2] == (0, b"first")
    fake.answer("ps", "new")
    assert called(fake, "ps", "-a")[1] == b"new"
    assert len(fake.called("ps -a")) == 5


def test_words_side_by_side_are_whole_words_in_order(fake: FakeDocker) -> None:
    fake.answer("network ls")
    for words in (["network", "lsx"], ["ls", "network"], ["network", "-q", "ls"], ["network ls"]):
        code, out, err = called(fake, *words)
        assert (code, out) == (1, b""), words
        assert err.startswith(b"no answer is scripted for ")
