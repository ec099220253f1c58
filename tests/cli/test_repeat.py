"""A printed command repeats its run: read again by the command itself, every option has the same value."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgegen.cli import verify_output
from edgegen.cli.app import load_command
from edgegen.cli.verify_output import given
from tests.conftest import Edgegen

VERIFY = {
    "--push": [], "--push-size": ["110MB"], "--push-slow": ["70s"], "--no-login": [], "--wait": ["1h0m0.25s"],
    "--timeout": ["1m30s"], "--ca-file": ["my ca.pem"], "--connect-to": ["a.test:443:127.0.0.1:8443"],
    "--resolver": ["9.9.9.9:53"], "--allow-private": [], "--cf-ranges": ["ranges"], "--profile": ["intermediate"],
    "--junit": ["r.xml"], "--html": ["r.html"], "--metrics": ["r.prom"], "--format": ["markdown"], "--checks": [],
    "--authority-port": ["5353"], "-C": ["my site"], "-e": ["dev"], "--json": [], "-q": [], "-v": [],
}  # fmt: skip
"""Every option of `verify`, with a value that is not its default."""
REPEATED = ("--connect-to", "--resolver", "--cf-ranges")


def read(words: list[str]) -> Any:
    return load_command("verify").make_context("verify", list(words))


def again(words: list[str]) -> list[str]:
    """The words of the options of this run, as a printed command has them."""
    return [word for option in given(read(words)).values() for word in option]


def is_the_same(words: list[str]) -> bool:
    return bool(read(words).params == read(again(words)).params)


def test_each_option_is_in_the_table() -> None:
    assert {item.opts[0] for item in read([]).command.params if item.opts[0].startswith("-")} == set(VERIFY)


@pytest.mark.quick(8)
@pytest.mark.parametrize("option", VERIFY)
def test_an_option_is_repeated(option: str) -> None:
    words = [option, *VERIFY[option]]
    assert again(words)
    assert is_the_same(words)


def test_all_at_once_and_twice() -> None:
    twice = [word for name in REPEATED for word in (name, *VERIFY[name], name, *VERIFY[name])]
    assert is_the_same([*(word for name, value in VERIFY.items() for word in (name, *value)), *twice])


def test_what_was_not_said_is_not_printed() -> None:
    assert again([]) == again(["-C", ".", "--timeout", "10", "web"]) == []


@pytest.mark.parametrize("broken", [lambda *_: iter(()), lambda name, _value: iter((name, "another"))])
def test_a_word_that_is_forgotten_is_noticed(monkeypatch: pytest.MonkeyPatch, broken: Callable[..., Any]) -> None:
    monkeypatch.setattr(verify_output, "_words", broken)
    assert not is_the_same(["--ca-file", "ca.pem"])


SPEC = "name: house\nservices: {web: {image: 'w:1', port: 80, host: www.example.com}}\n"


@pytest.mark.slow
def test_the_printed_command_runs_and_prints_itself(edgegen: Edgegen, tmp_path: Path) -> None:
    """With a resolver that never answers the next command is the same one with another resolver."""
    project = tmp_path / "my site"
    project.mkdir()
    (project / "edge.yaml").write_text(SPEC)
    detour = ["--connect-to", "other.example.com:443:127.0.0.1:1"]
    words = ["verify", "web", "--no-login", "--timeout", "2", *detour, "--authority-port", "1", "-C", "my site"]
    first = edgegen(*words, "--resolver", "127.0.0.1:1", cwd=tmp_path)
    printed = shlex.split(first.err.splitlines()[-1].removeprefix("Next: "))
    assert printed == ["edgegen", *words, "--resolver", "1.1.1.1"]
    command = [sys.executable, "-m", *printed[:-1], "127.0.0.1:1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (first.code, first.err)
