"""A `docker` and `docker-compose` that record how they are called and answer from a script.

The folder that holds them has `rules`: a list of `{words, replies}`. A call is answered by the last rule whose
words occur in its arguments side by side; its replies are used up one by one, and the last one stays. A reply is
`{code, out, err}`; with `hang` the program waits for a signal after it has said so in `hanging`.
"""

from __future__ import annotations

import ast
import json
import marshal
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = """#!{python} -ISB
import marshal, os, sys
home = {home!r} + "/"
argv = [{program!r}, *sys.argv[1:]]
with open(home + "calls", "a") as calls:
    given = sys.stdin.read() if "-" in argv else ""
    calls.write(ascii({{"argv": argv, "DOCKER_HOST": os.environ.get("DOCKER_HOST", ""), "stdin": given}}) + "\\n")
def holds(words):
    return any(argv[at:at + len(words)] == words for at in range(len(argv)))
with open(home + "rules", "rb") as file:
    rules = [rule for rule in enumerate(marshal.load(file)) if holds(rule[1]["words"])]
if not rules:
    sys.exit(f"no answer is scripted for {{argv}}")
number, rule = rules[-1]
used = home + f"used-{{number}}"
turn = int(open(used).read()) if os.path.exists(used) else 0
open(used, "w").write(str(turn + 1))
reply = rule["replies"][min(turn, len(rule["replies"]) - 1)]
sys.stdout.write(reply["out"]); sys.stderr.write(reply["err"]); sys.stdout.flush(); sys.stderr.flush()
if reply["hang"]:
    import signal
    signal.signal(signal.SIGINT, lambda *_: (open(home + "interrupted", "w").close(), os._exit(130)))
    with open(home + "hanging", "w") as hanging:
        hanging.write(str(os.getpid()))
    while True:
        signal.pause()
sys.exit(reply["code"])
"""
# A test calls it ten times and more: without `json` and `pathlib` it takes a third of the time.

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
            path.write_text(_SCRIPT.format(python=sys.executable, home=str(self.home), program=program))
            path.chmod(0o755)

    def answer(self, words: str, out: Any = "", err: str = "", code: int = 0, *, hang: bool = False) -> None:
        """Answer calls that hold `words` side by side, from now on. Data is given as JSON."""
        self.answers(words, [self.reply(out, err, code, hang=hang)])

    def answers(self, words: str, replies: list[dict[str, Any]]) -> None:
        """Answer them in turn."""
        path = self.home / "rules"
        rules = marshal.loads(path.read_bytes()) if path.exists() else []
        path.write_bytes(marshal.dumps([*rules, {"words": words.split(), "replies": replies}]))

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
        return [ast.literal_eval(line) for line in path.read_text().split("\n") if line] if path.exists() else []


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
