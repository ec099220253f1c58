"""A signal at any line of a command: no traceback, one last line that is true, and nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.interrupted_project import LABELS, SPEC
from tests.conftest import Edgegen
from tests.sizes import sized

pytestmark = pytest.mark.slow

SAID = {129: "the terminal was closed: ", 130: "interrupted: ", 143: "terminated: "}
ROOT = Path(__file__).parent.parent.parent


def at_lines(folder: Path, number: int, *words: str) -> dict[str, Any]:
    command = [
        sys.executable, "-m", "tests.at_lines", folder, str(sized(20, 3000)), "1", str(int(number)), *words,
    ]  # fmt: skip
    environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    found: dict[str, Any] = json.loads(subprocess.check_output(command, cwd=ROOT, env=environ, timeout=600))
    return found


def faults(ran: dict[str, Any], undisturbed: dict[str, Any]) -> list[str]:
    """What is wrong with the end of one run."""
    last = [line for line in ran["err"].splitlines() if line.startswith(tuple(SAID.values()))]
    wrong = [word for word in ("Traceback", "Exception ignored", "has a bug") if word in ran["err"] + ran["out"]]
    if ran["code"] < 0 and not ran["err"]:
        wrong += ["ended in the middle"] if ran["changed"] not in ([], undisturbed["changed"]) else []
    elif ran["code"] in SAID:
        told = len(last) == 1 and last[0] == ran["err"].splitlines()[-1] and last[0].startswith(SAID[ran["code"]])
        wrong += [] if told else [f"said {ran['err']!r}"]
        claims_nothing = any("nothing was changed" in line or "nothing was left" in line for line in last)
        wrong += [f"changed {ran['changed']}"] if claims_nothing and ran["changed"] else []
    elif ran["code"] != undisturbed["code"] or last:
        wrong.append(f"exit {ran['code']}")
    return wrong + [f"left {name}" for name in ran["left"]]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGTERM, ("render",)),
        (signal.SIGINT, ("registry", "user", "add", "bob")),
        (signal.SIGHUP, ("lint", "--fix", "compose.yaml")),
        (signal.SIGTERM, ("init", "registry", "r.example.com", "--email", "ops@commenthouse.com", "--dir", "new")),
    ],
    ids=["render", "user", "fix", "init"],
)
def test_a_signal_at_any_line(tmp_path: Path, edgegen: Edgegen, number: int, words: tuple[str, ...]) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC)
    (tmp_path / "compose.yaml").write_text(LABELS)
    if words[0] == "registry":
        assert edgegen("render", cwd=tmp_path).code == 0
    seen = at_lines(tmp_path, number, *words)
    assert seen["undisturbed"]["changed"]
    assert seen["lines"] > 500
    wrong = {ran["at"]: found for ran in seen["found"] if (found := faults(ran, seen["undisturbed"]))}
    assert not wrong


@pytest.mark.parametrize(
    ("ran", "fault"),
    [
        ({"code": 143, "err": "Traceback (most recent call last):\nterminated: nothing was changed\n"}, "Traceback"),
        ({"code": 143, "err": "terminated: nothing was changed\n", "changed": ["a"]}, "changed ['a']"),
        ({"code": 143, "err": "interrupted: nothing was changed\n"}, "said"),
        ({"code": 143, "err": "terminated: a\nterminated: a\n"}, "said"),
        ({"code": 130, "err": ""}, "said"),
        ({"code": 0, "err": "terminated: nothing was changed\n"}, "exit 0"),
        ({"code": -14, "err": "half a word", "changed": []}, "exit -14"),
        ({"code": 0, "err": "", "left": [".edgegen-tmp-1"]}, "left"),
        ({"code": 143, "err": "wrote a\nterminated: the files are written\n", "changed": ["a"]}, ""),
        ({"code": 0, "err": "wrote a\n", "changed": ["a"]}, ""),
        ({"code": -15, "err": ""}, ""),
    ],
)
def test_each_fault_would_be_noticed(ran: dict[str, Any], fault: str) -> None:
    found = faults({"out": "", "changed": [], "left": [], **ran}, {"code": 0, "changed": ["a"]})
    assert [item[: len(fault)] for item in found] == ([fault] if fault else [])
