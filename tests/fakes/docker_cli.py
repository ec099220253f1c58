"""A `docker` and `docker-compose` that record how they are called and answer from a script.

The folder that holds them has `rules`: a list of `{words, replies}`. A call is answered by the last rule whose
words occur in its arguments side by side; its replies are used up one by one, and the last one stays. A reply is
`{code, out, err}`; with `hang` the program waits for a signal after it has said so in `hanging`.
"""

from __future__ import annotations

import json
import marshal
import os
import shlex
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORD, FIELD, CALL = "\x1f", "\x1d", "\x1e"
"""What stands around each argument, between what is recorded of a call, and after the call."""
# A test calls it ten times and more: a shell needs a tenth of the time in which Python starts.
_SCRIPT = """#!/bin/sh
home={home}
argv={word}{program}{word}
for given; do argv="$argv$given{word}"; done
given=
case $argv in *{word}-{word}*) given=$(/bin/cat && printf x) given=${{given%x}};; esac
printf '%s{field}%s{field}%s{call}' "$argv" "$DOCKER_HOST" "$given" >> "$home/calls"
. "$home/rules.sh"
"""
_USED = """
turn=0
[ ! -e "$home/used-$number" ] || read -r turn < "$home/used-$number"
echo $((turn + 1)) > "$home/used-$number"
[ "$turn" -le "$last" ] || turn=$last
"""
_HANG = """
import os, signal, sys
home = sys.argv[1] + "/"
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
with open(home + "hanging", "w") as hanging:
    hanging.write(str(os.getpid()))
signal.sigwait({signal.SIGINT})
open(home + "interrupted", "w").close()
sys.exit(130)
"""


def _shell(rules: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The lines that choose a rule, and say what it replies this time."""
    yield "case $argv in"
    for number, rule in reversed([*enumerate(rules)]):
        words = WORD.join(map(shlex.quote, rule["words"]))
        yield f"*{WORD}{words}{WORD}*) number={number} last={len(rule['replies']) - 1};;"
    yield """*) printf 'no answer is scripted for %s\\n' "$argv" >&2; exit 1;;\nesac"""
    yield _USED
    yield "case $number.$turn in"
    for number, rule in enumerate(rules):
        for turn, reply in enumerate(rule["replies"]):
            yield f"{number}.{turn})"
            yield f"printf %s {shlex.quote(reply['out'])}"
            yield f"printf %s {shlex.quote(reply['err'])} >&2"
            if reply["hang"]:
                yield f'exec {shlex.quote(sys.executable)} -ISB -c {shlex.quote(_HANG)} "$home"'
            yield f"exit {reply['code']};;"
    yield "esac"


CONFIG = {
    "name": "shop",
    "services": {
        "edge": {
            "image": "traefik:v3.7.15",
            "restart": "unless-stopped",
            "networks": {"edge": None},
        },
        "web": {"image": "web:1", "restart": "unless-stopped"},
    },
    "networks": {"edge": {"name": "shop-edge", "external": True}, "default": {"name": "shop_default"}},
    "volumes": {"data": {"name": "shop-data", "external": True}, "own": {"name": "shop_own"}},
}
VERSION = {"Server": {"Version": "29.0.1", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}}


@dataclass
class FakeDocker:
    """The folder of the programs, and the script that they follow."""

    home: Path

    def install(self, *programs: str) -> None:
        """Put the programs into the folder."""
        for program in programs:
            path = self.home / program
            path.write_text(
                _SCRIPT.format(home=shlex.quote(str(self.home)), program=program, word=WORD, field=FIELD, call=CALL)
            )
            path.chmod(0o755)

    def answer(self, words: str, out: Any = "", err: str = "", code: int = 0, *, hang: bool = False) -> None:
        """Answer calls that hold `words` side by side, from now on. Data is given as JSON."""
        self.answers(words, [self.reply(out, err, code, hang=hang)])

    def answers(self, words: str, replies: list[dict[str, Any]]) -> None:
        """Answer them in turn."""
        path = self.home / "rules"
        rules = marshal.loads(path.read_bytes()) if path.exists() else []
        rules.append({"words": words.split(), "replies": replies})
        path.write_bytes(marshal.dumps(rules))
        script = "\n".join(_shell(rules))
        (self.home / "rules.sh").write_bytes(script.encode("utf-8", "surrogateescape"))

    @staticmethod
    def reply(out: Any = "", err: str = "", code: int = 0, *, hang: bool = False) -> dict[str, Any]:
        """One reply."""
        return {"out": out if isinstance(out, str) else json.dumps(out), "err": err, "code": code, "hang": hang}

    def calls(self) -> list[list[str]]:
        """Every call so far, program's name first."""
        return [call["argv"] for call in self._log()]

    def hosts(self) -> set[str]:
        """What DOCKER_HOST was, over all calls."""
        return {call["DOCKER_HOST"] for call in self._log()}

    def given(self, words: str) -> list[str]:
        """What the calls that hold `words` were given on stdin, where they asked for it by `-`."""
        wanted = " ".join(words.split())
        return [call["stdin"] for call in self._log() if wanted in " ".join(call["argv"])]

    def called(self, words: str) -> list[list[str]]:
        """The calls that hold `words` side by side."""
        wanted = words.split()
        return [call for call in self.calls() if any(call[at : at + len(wanted)] == wanted for at in range(len(call)))]

    def interrupt(self) -> None:
        """Send SIGINT to the hanging program."""
        os.kill(int((self.home / "hanging").read_text()), signal.SIGINT)

    def _log(self) -> list[dict[str, Any]]:
        path = self.home / "calls"
        text = path.read_bytes().decode("utf-8", "surrogateescape") if path.exists() else ""
        fields = [call.split(FIELD) for call in text.split(CALL)[:-1]]
        return [{"argv": argv[1:-1].split(WORD), "DOCKER_HOST": host, "stdin": given} for argv, host, given in fields]


def row(service: str, state: str = "running", health: str = "healthy", code: int = 0) -> dict[str, Any]:
    """One container as `docker compose ps --format json` prints it."""
    return {
        "Service": service,
        "Name": f"shop-{service}-1",
        "State": state,
        "Health": health,
        "ExitCode": code,
        "Image": f"{service}:1",
        "Publishers": [],
    }


def lines(*rows: dict[str, Any]) -> str:
    """Rows as Compose prints them: one object a line."""
    return "".join(json.dumps(row) + "\n" for row in rows)


STARTED = "docker ps --all --filter label=com.docker.compose.project --format"
"""The question where Compose's containers come from."""


def started(service: str, project: str = "shop", folder: str = "", files: str = "") -> dict[str, Any]:
    """One of its answers."""
    prefix = "com.docker.compose."
    labels = {
        f"{prefix}project": project,
        f"{prefix}service": service,
        f"{prefix}project.working_dir": folder,
        f"{prefix}project.config_files": files,
    }
    return {"id": f"{project}{service}", "name": f"{project}-{service}-1", "labels": labels}


def a_healthy_world(fake: FakeDocker) -> None:
    """An engine with nothing on it, a Compose that is new enough, and a project that comes up."""
    fake.install("docker", "docker-compose")
    fake.answer("compose version --short", "2.39.1\n")
    fake.answer("docker-compose version --short", "5.6.1\n")
    fake.answer("config --format json", CONFIG)
    fake.answer("docker version", VERSION)
    fake.answer("context inspect", "unix:///var/run/docker.sock\n")
    for question in ("docker ps", "network ls", "volume ls"):
        fake.answer(question)
    for change in ("network create", "volume create", "up -d", "down --remove-orphans"):
        fake.answer(change)
    fake.answer("ps --all --format json", lines(row("edge"), row("web", health="")))
    fake.answer("docker ps --all --no-trunc")
    fake.answer(STARTED, lines(started("edge"), started("web")))
