"""An `ssh` that records how it is called and runs the command of the other host here, in a home folder of its own.

It can be made to cut the connection after so many bytes in either direction, and to give the other host another shell
or other programs.
"""

from __future__ import annotations

import ast
import marshal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = """#!{python} -ISB
import _thread, marshal, os, sys
home = {home!r}
rules = marshal.load(open(home + "/rules", "rb"))
with open(home + "/calls", "a") as calls:
    calls.write(ascii(sys.argv) + "\\n")
if rules["refuse"]:
    sys.exit(sys.stderr.write(rules["refuse"] + "\\n") and 255)
there = dict(os.environ, HOME=rules["home"], PATH=rules["path"])
there.pop("DOCKER_HOST", None)
sys.stdout.write(rules["noise"]); sys.stdout.flush()
theirs, upward = os.pipe()
downward, answers = os.pipe()
child = os.fork()
if child == 0:
    os.dup2(theirs, 0)
    os.dup2(answers, 1)
    os.chdir(rules["home"])
    os.execvpe(rules["shell"][0], [*rules["shell"], "-c", sys.argv[-1]], there)
os.close(theirs)
os.close(answers)
def leave():
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
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
    if pass_on(0, upward, rules["cut_after_sent"], sent):
        end()
    os.close(upward)
last = _thread.allocate_lock()  # whoever has it ends the process
def end():
    last.acquire()
    os.close(upward); os.close(downward)
    sys.stderr.write("Connection to there closed by remote host.\\n"); sys.stderr.flush()
    leave()  # the shell there goes on until it reads or writes
    os._exit(255)
_thread.start_new_thread(upwards, ())
answered = open(os.path.join(home, "answered"), "wb", buffering=0)
try:
    cut = pass_on(downward, 1, rules["cut_after_answers"], answered)
except OSError:
    cut = False  # the other thread has closed it, and ends the process
if cut:
    end()
last.acquire()
sys.stdout.flush()
os._exit(leave() & 255)
"""
# Started often: without `json`, `subprocess` and `threading` it takes a third of the time.


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
        (self.state / "rules").write_bytes(marshal.dumps({**usual, **rules}))

    def calls(self) -> list[list[str]]:
        """How it was called."""
        path = self.state / "calls"
        return [ast.literal_eval(line) for line in path.read_text().split("\n") if line] if path.exists() else []

    def sent(self) -> bytes:
        """Everything that went to the other host in the last connection."""
        return (self.state / "sent").read_bytes()

    def answered(self) -> bytes:
        """Everything that came back."""
        return (self.state / "answered").read_bytes()
