"""An `ssh` that records how it is called and runs the command of the other host here, in a home folder of its own.

It can be made to cut the connection after so many bytes in either direction, and to give the other host another shell
or other programs.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = """#!{python} -ISB
import json, os, subprocess, sys, threading
home = {home!r}
rules = json.load(open(os.path.join(home, "rules.json")))
with open(os.path.join(home, "calls.jsonl"), "a") as calls:
    calls.write(json.dumps(sys.argv) + "\\n")
if rules["refuse"]:
    sys.exit(sys.stderr.write(rules["refuse"] + "\\n") and 255)
there = dict(os.environ, HOME=rules["home"], PATH=rules["path"])
there.pop("DOCKER_HOST", None)
sys.stdout.write(rules["noise"]); sys.stdout.flush()
child = subprocess.Popen([*rules["shell"], "-c", sys.argv[-1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         env=there, cwd=rules["home"])
sent = open(os.path.join(home, "sent"), "wb", buffering=0)
def pass_on(source, sink, most, copy=None):
    left = most
    while data := os.read(source, 4096 if left is None else min(4096, left)):
        left = None if left is None else left - len(data)
        if copy: copy.write(data)
        try:
            while data: data = data[os.write(sink, data):]
        except OSError:
            break
        if left == 0:
            return True
    return False
def upwards():
    if pass_on(0, child.stdin.fileno(), rules["cut_after_sent"], sent):
        end()
    child.stdin.close()
def end():
    child.stdin.close(); child.stdout.close()
    sys.stderr.write("Connection to there closed by remote host.\\n"); sys.stderr.flush()
    child.wait()  # the shell there goes on until it reads or writes
    os._exit(255)
threading.Thread(target=upwards, daemon=True).start()
answered = open(os.path.join(home, "answered"), "wb", buffering=0)
if pass_on(child.stdout.fileno(), 1, rules["cut_after_answers"], answered):
    end()
sys.exit(child.wait())
"""


@dataclass
class FakeSsh:
    """The folder of the program, and that of the other host's user."""

    folder: Path
    home: Path

    @property
    def state(self) -> Path:
        """Its script and its records."""
        return self.folder / "ssh.state"

    def install(self) -> None:
        """Put `ssh` into the folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)
        self.state.mkdir(exist_ok=True)
        program = self.folder / "ssh"
        program.write_text(_SCRIPT.format(python=sys.executable, home=str(self.state)))
        program.chmod(0o755)
        self.rule()

    def rule(self, **rules: Any) -> None:
        """How the next connections go; what is not named is as usual."""
        usual = {"refuse": "", "noise": "", "shell": ["sh"], "home": str(self.home), "path": "/usr/bin:/bin",
                 "cut_after_sent": None, "cut_after_answers": None}  # fmt: skip
        (self.state / "rules.json").write_text(json.dumps({**usual, **rules}))

    def calls(self) -> list[list[str]]:
        """How it was called."""
        path = self.state / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def sent(self) -> bytes:
        """Everything that went to the other host in the last connection."""
        return (self.state / "sent").read_bytes()

    def answered(self) -> bytes:
        """Everything that came back."""
        return (self.state / "answered").read_bytes()
