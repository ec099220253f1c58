"""edgegen in a process of its own, without the half second of imports: a process that has them forks for each run.

The fork has the arguments, folder, environment, umask and streams that it is given, and nothing of the tests. What is
about the start of Python itself (imports, closed streams, the interpreter's options) needs `python -m edgegen`. Only
passwords are hashed at the least cost, and `up` watches for a shorter time whether a container keeps running.
"""

from __future__ import annotations

import array
import atexit
import gc
import importlib
import io
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
import warnings
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

ROOT = Path(__file__).parent.parent
ROOMS = (
    "edgegen.cli", "edgegen.project", "edgegen.cli.report", "edgegen.rules", "edgegen.dns", "edgegen.lookup",
    "edgegen.deploy", "edgegen.deploy.backends", "edgegen.verify", "edgegen.verify.checks", "edgegen.verify.look",
    "edgegen.explain",
)  # fmt: skip
"""All of their modules are loaded: of some a command loads a few dozen when it needs them."""
LIBRARIES = ("cloudflare", "jinja2", "requests", "dns.resolver", "cryptography.x509", "h11", "ruamel.yaml", "bcrypt")
"""What a command imports when it needs it: a fork has it already."""
EXAMPLES = ("03-edge-kinds", "16-swarm")
"""Of each target the one that has most."""
SECONDS = 60.0
LEAST_COST = 4
"""Of bcrypt: the real one is a tenth of a second for each user of a project."""
SOON_STEADY = 2
"""Seconds for which `up` watches what has no health check: the real five for each start make the lab minutes longer."""


@dataclass(frozen=True)
class Ran:
    """What a command line did."""

    code: int
    out: str
    err: str


class Zygote:
    """The process that forks, started when it is first needed. One run at a time."""

    def __init__(self, enter: Sequence[str] = (), source: Path = ROOT) -> None:
        """`enter`: a command line that runs its further words elsewhere, in other namespaces.

        `source`: the folder whose edgegen it is.
        """
        self._enter, self._source = tuple(enter), source
        self._lock = threading.Lock()
        self._owner = 0
        self._line: socket.socket | None = None

    def run(
        self,
        words: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path | str | None = None,
        stdin: str = "",
        umask: int = -1,
        seconds: float = SECONDS,
        merged: bool = False,
    ) -> Ran:
        """`merged`: both streams are `out`, in the order in which they were written, as on a terminal."""
        if any(map(is_of_the_start, env.items())):
            return run_whole(words, env, cwd, stdin, umask, seconds)
        request = {"argv": list(map(str, words)), "env": dict(env), "cwd": str(cwd or Path.cwd()), "umask": umask}
        with ExitStack() as opened, self._lock:
            said = [opened.enter_context(os.fdopen(os.memfd_create(name), "w+b")) for name in ("in", "out", "err")]
            said[0].write(stdin.encode("utf-8", "surrogateescape"))
            said[0].seek(0)
            streamed = [said[0], said[1], said[1] if merged else said[2]]
            code = self._ask(request, [stream.fileno() for stream in streamed], seconds)
            for stream in said:
                stream.seek(0)
            return Ran(code, text_of(said[1]), text_of(said[2]))

    def run_on(
        self, streams: Sequence[int], words: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path | str,
        seconds: float = SECONDS,
    ) -> int:  # fmt: skip
        """The exit code of a run on the caller's own stdin, stdout and stderr."""
        request = {"argv": list(map(str, words)), "env": dict(env), "cwd": str(cwd), "umask": -1}
        with self._lock:
            return self._ask(request, list(streams), seconds)

    def _ask(self, request: dict[str, Any], streams: list[int], seconds: float) -> int:
        line = self._started()
        pid = self._answer(line, request, streams, SECONDS)
        try:
            return self._answer(line, None, [], seconds)
        except TimeoutError:
            self.kill(pid)
            self._answer(line, None, [], SECONDS)
            raise

    def kill(self, pid: int) -> None:
        """End a run that takes too long; `pid` is its number where the process that forks is."""
        os.kill(pid, signal.SIGKILL)

    def _answer(self, line: socket.socket, request: dict[str, Any] | None, streams: list[int], seconds: float) -> int:
        if request is not None:
            told = json.dumps(request).encode()
            line.sendmsg(
                [len(told).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", streams))]
            )
            line.sendall(told)
        if not select.select([line], [], [], seconds)[0]:
            raise TimeoutError(f"edgegen has not ended after {seconds} seconds")
        answer = line.recv(8, socket.MSG_WAITALL)
        assert len(answer) == 8, "the process that forks has ended"
        return int.from_bytes(answer, "big", signed=True)

    def _started(self) -> socket.socket:
        if self._line is None or self._owner != os.getpid():
            ours, theirs = socket.socketpair()
            command = [*self._enter, sys.executable, "-m", "tests.zygote", str(theirs.fileno())]
            environment = {
                key: value for key, value in os.environ.items() if key in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH")
            }
            if self._source != ROOT:
                environment["PYTHONPATH"] = str(ROOT)  # this module is there; the folder where it starts comes first
            child = subprocess.Popen(
                command, cwd=self._source, env=environment, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                start_new_session=bool(self._enter),
            )  # fmt: skip
            theirs.close()
            atexit.register(_ended, child, ours)
            self._line, self._owner = ours, os.getpid()
        return self._line


def _ended(child: subprocess.Popen[bytes], line: socket.socket) -> None:
    """It leaves when nobody holds the other end."""
    line.close()
    try:
        child.wait(60)
    except subprocess.TimeoutExpired:
        child.kill()


def text_of(stream: BinaryIO) -> str:
    """What was written, with line ends as a text stream reads them."""
    with io.TextIOWrapper(stream, "utf-8") as text:
        return text.read()


_OF_THE_START = (
    "LD_PRELOAD", "PYTHONHASHSEED", "PYTHONUTF8", "PYTHONCOERCECLOCALE", "PYTHONIOENCODING", "PYTHONOPTIMIZE",
)  # fmt: skip


def is_of_the_start(variable: tuple[str, str]) -> bool:
    """Whether it is read before a fork can be told of it: libraries to load, seeds of hashes, encodings."""
    name, value = variable
    if name in ("LANG", "LC_ALL", "LC_CTYPE"):
        return not value.upper().replace("-", "").endswith("UTF8")
    return name in _OF_THE_START


def run_whole(
    words: Sequence[str | Path], env: Mapping[str, str], cwd: Path | str | None, stdin: str, umask: int, seconds: float
) -> Ran:
    """As `python -m edgegen`."""
    done = subprocess.run(
        [sys.executable, "-m", "edgegen", *map(str, words)], cwd=cwd, input=stdin, env=dict(env), umask=umask,
        capture_output=True, encoding="utf-8", timeout=seconds, check=False,
    )  # fmt: skip
    return Ran(done.returncode, done.stdout, done.stderr)


ZYGOTE = Zygote()


def _serve(line: socket.socket) -> None:
    while told := _request(line):
        request, streams = told
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            line.close()
            _become(request, streams)
        for stream in streams:
            os.close(stream)
        line.sendall(pid.to_bytes(8, "big"))
        _, status = os.waitpid(pid, 0)
        line.sendall(os.waitstatus_to_exitcode(status).to_bytes(8, "big", signed=True))


def _request(line: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    size, ancillary, *_ = line.recvmsg(4, socket.CMSG_LEN(3 * 4))
    if not size:
        return None
    streams = array.array("i")
    streams.frombytes(ancillary[0][2])
    length, told = int.from_bytes(size, "big"), b""
    while len(told) < length:
        told += line.recv(length - len(told))
    return json.loads(told), list(streams)


def _become(request: dict[str, Any], streams: list[int]) -> None:
    """From here on this is `edgegen ARGV`; it never returns."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    if request["umask"] >= 0:
        os.umask(request["umask"])
    sys.stdin, sys.stdout, sys.stderr = opened_streams()
    os._exit(_run(request["argv"]))


def opened_streams(*, closefd: bool = True) -> tuple[TextIO, TextIO, TextIO]:
    """As Python opens them in the C locale, which is what an environment without LANG has."""
    return (
        open(0, encoding="utf-8", errors="surrogateescape", closefd=closefd),
        open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=closefd),
        open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=closefd),
    )


def _run(argv: list[str]) -> int:
    from edgegen.__main__ import main

    sys.argv = ["edgegen", *argv]
    code: Any = 0
    try:
        main()
    except SystemExit as left:
        code = left.code
    except BaseException:
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # as the interpreter does: it waits for threads
    atexit._run_exitfuncs()
    with suppress(OSError):
        sys.stdout.flush()
    return code if isinstance(code, int) else int(code is not None)


def _warm() -> None:
    """What a command makes when it first needs it, and nothing changes: the spec's checks, templates, lint's rules.

    All of it is pure: nothing is read but edgegen's own files and two examples.
    """
    from edgegen import __version__
    from edgegen.core.registrable import registrable
    from edgegen.deploy.backends import compose_start
    from edgegen.deploy.swarm import converged
    from edgegen.desired.build import build
    from edgegen.lint.rules import rules
    from edgegen.render.files import Origin, render
    from edgegen.secrets import htpasswd
    from edgegen.spec.load import load_text

    for example in EXAMPLES:
        loaded = load_text((ROOT / "examples" / example / "edge.yaml").read_bytes())
        render(build(loaded.spec), Origin(loaded.digest, __version__))
    rules()
    htpasswd.COST = LEAST_COST
    setattr(compose_start, "STEADY", SOON_STEADY)  # noqa: B010 - it is another module's, of which this one has a copy
    converged.STABLE = float(SOON_STEADY)
    registrable("example.com")


def _live(number: int) -> None:
    with warnings.catch_warnings(action="ignore"):
        for room in map(importlib.import_module, ROOMS):
            for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
                importlib.import_module(module.name)
        for name in LIBRARIES:
            importlib.import_module(name)
        _warm()
    gc.collect()
    gc.freeze()  # a fork need not walk, and so copy, what all of them share
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with socket.socket(fileno=number) as line:
        _serve(line)


if __name__ == "__main__":
    _live(int(sys.argv[1]))
