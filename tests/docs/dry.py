"""Commands that can't run in a test: bash reads them, shellcheck judges them, and edgegen's own options must exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from functools import cache
from pathlib import Path

from tests.docs.blocks import Step
from tests.docs.wrong import Wrong
from tests.zygote import ZYGOTE

ROOT = Path(__file__).parents[2]
REASONS = {
    "internet": "installs something, or asks a public service",
    "machine": "changes the machine: packages, services, cron",
    "engine": "needs a Docker engine with real images",
    "hosts": "needs other hosts, over ssh",
    "outside": "needs public names that lead to a running edge",
    "hours": "takes long, or sets up an environment",
}
"""Why a block may say `no=`: the closed list."""
_QUIET = "SC2148,SC2154,SC1091,SC2034"
"""No shebang, variables of the reader, files that are not here."""


def check_script(step: Step, script: str) -> None:
    """Raise Wrong for a script that bash can't read, or that calls edgegen, make or pip as they can't be called."""
    reason = step.words.keys.get("no")
    if reason is not None and reason not in REASONS:
        raise Wrong(f"{step.place}: no={reason} is none of {', '.join(REASONS)}")
    script = script.replace("…", "x")
    done = subprocess.run(
        ["shellcheck", "--shell=bash", f"--exclude={_QUIET}", "--format=gcc", "-"],
        input=script, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Wrong(f"{step.place}: {done.stdout or done.stderr}")
    for line in script.replace("\\\n", " ").splitlines():
        for command in re.split(r"&&|\|\|?|;|\$\(|`", line):
            _check_command(step, command)


def _check_command(step: Step, command: str) -> None:
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return  # a part of a quoted text
    while words and (re.fullmatch(r"\w+=.*", words[0]) or words[0] in ("sudo", "exec", "time")):
        words.pop(0)
    if not words:
        return
    checks = {
        "edgegen": _check_edgegen,
        "make": _check_make,
        "pip": _check_extras,
        "pipx": _check_extras,
        "uv": _check_extras,
    }
    if check := checks.get(Path(words[0]).name):
        check(step, words[1:])


def _check_edgegen(step: Step, words: list[str]) -> None:
    path = _command(words)
    text, rest = help_of(path), words[len(path) :]
    if "Commands:" in text and rest and rest[0] not in ("--help", "-h", "--version"):
        raise Wrong(f"{step.place}: edgegen has no command `{' '.join(words)}`")
    for word in rest:
        option = word.partition("=")[0]
        is_option = re.fullmatch(r"--?[a-zA-Z][\w-]*", option) and option not in ("--help", "-h", "--version")
        if is_option and not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text):
            raise Wrong(f"{step.place}: `edgegen {' '.join(path)}` has no option `{option}`")


def _command(words: list[str]) -> tuple[str, ...]:
    """The words that lead to a command, as far as groups list them."""
    path: tuple[str, ...] = ()
    for word in words:
        listed = help_of(path).partition("Commands:")[2]
        if not re.search(rf"^  {re.escape(word)}(  |$)", listed, re.MULTILINE):
            break
        path = (*path, word)
    return path


@cache
def help_of(path: tuple[str, ...]) -> str:
    """What `--help` prints."""
    return ZYGOTE.run([*path, "--help"], env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"}).out


def _check_make(step: Step, words: list[str]) -> None:
    targets = set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for word in words:
        if "=" not in word and not word.startswith("-") and word not in targets:
            raise Wrong(f"{step.place}: the Makefile has no target `{word}`")


def _check_extras(step: Step, words: list[str]) -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for word in words:
        if (extra := re.fullmatch(r"edgegen\[([\w,-]+)\]", word)) and not set(extra[1].split(",")) <= known.keys():
            raise Wrong(f"{step.place}: edgegen has no extra `{extra[1]}`")
