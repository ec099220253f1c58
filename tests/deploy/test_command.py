"""A command's line means to sh exactly what its argument list means to the kernel."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from edgegen.core.errors import BugError
from edgegen.deploy.command import Command

HOSTILE = [
    "; reboot",
    "a && b",
    "$(id)",
    "`id`",
    "a|b",
    "new\nline",
    "'",
    '"',
    "\\",
    "*",
    "~",
    "-x",
    "",
    "é\u202e",
    "$HOME",
]
ECHO = "import json, os, sys; print(json.dumps([sys.argv[1:], os.environ.get('CANARY'), os.getcwd()]))"


def said_by_sh(line: str, tmp_path: Path) -> list[object]:
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True, cwd=tmp_path)
    return list(json.loads(done.stdout))


def test_hostile_words_arrive_unchanged(tmp_path: Path) -> None:
    line = Command((sys.executable, "-c", ECHO, *HOSTILE)).line()
    assert said_by_sh(line, tmp_path)[0] == HOSTILE


@pytest.mark.parametrize("value", ["ssh://me@host", "a b; c", "$(id)"])
def test_the_environment_stands_in_front(value: str, tmp_path: Path) -> None:
    line = Command((sys.executable, "-c", ECHO)).line((("CANARY", value),))
    assert said_by_sh(line, tmp_path)[1] == value


@pytest.mark.parametrize(("exists", "made"), [("true", False), ("false", True)])
def test_unless_asks_first(exists: str, made: bool, tmp_path: Path) -> None:
    line = Command(("touch", "made"), unless=(exists,)).line()
    subprocess.run(["/bin/sh", "-ec", line], check=True, cwd=tmp_path)
    assert (tmp_path / "made").exists() is made


@pytest.mark.parametrize("argv", [(), ("docker", 1), ("docker", None)])
def test_only_words_make_a_command(argv: tuple[str, ...]) -> None:
    with pytest.raises(BugError):
        Command(argv)
