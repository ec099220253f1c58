"""Traefik as a process on the loopback, and what it says: its log, and the raw data of its API.

The one place of this room that starts a program. It always ends with its `with` block, and where the system can do
that (Linux, with util-linux) also with the process that asked, however that one ends.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from edgegen.core.errors import OutsideError
from edgegen.oracle.turn import is_at_rest, worked
from edgegen.system.child import has_ended, wait
from edgegen.system.os_errors import cause
from edgegen.system.stop import held
from edgegen.traefik.log import COLOUR

_BELOW_OUTGOING = range(12_000, 32_000)
_DRAWN: deque[int] = deque(maxlen=1_000)
"""The last ports that were given away: one question takes a dozen."""
_PAUSE = 0.05
_MOST_LINES = 20_000
"""Of its log: one that writes endlessly is not read further."""
_MOST_BYTES = 64 << 20
"""Of its raw data."""
_BECOME = """\
import os, sys
try:
    os.getppid() == int(sys.argv[1]) and os.execvp(sys.argv[2], sys.argv[2:])
except OSError as error:
    sys.exit(f"{sys.argv[2]}: {error.strerror}")
"""
_UNLESS_ORPHANED = (sys.executable, "-I", "-S", "-c", _BECOME)
"""A parent that ended before the child asked for the signal sends none: the child has another parent by then.

Not in a shell: that drops variables like `TRAEFIK_ENTRYPOINTS_WEB-SECURE_ADDRESS`, whose names it can't have.
"""


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on, and that was not given away just now.

    The kernel would choose one from the range that it also gives to outgoing connections: before Traefik listens,
    another connection may have it. These lie below that range, and every process draws its own.
    """
    while True:
        port = secrets.choice(_BELOW_OUTGOING)
        if port in _DRAWN:
            continue
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            _DRAWN.append(port)
            return port


class Running(Struct):
    """A Traefik that was started. `grew` is notified with each line of its log."""

    api_port: int
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)
    grew: threading.Condition = field(default_factory=threading.Condition)

    def rawdata(self) -> dict[str, Any]:
        """What Traefik made of its configuration. Raises OSError, HTTPException or ValueError while it can't say."""
        connection = HTTPConnection("127.0.0.1", self.api_port, timeout=5)
        try:
            connection.request("GET", "/api/rawdata")
            found: dict[str, Any] = json.loads(connection.getresponse().read(_MOST_BYTES))
            return found
        finally:
            connection.close()

    def until(
        self, ready: Callable[[dict[str, Any]], bool], *, seconds: float = 20, check: Callable[[], None] | None = None
    ) -> dict[str, Any]:
        """The first raw data for which `ready` holds; the last one where none did in time.

        `check` is called between two looks, and may raise to end the wait.
        """
        deadline = time.monotonic() + seconds
        while True:
            if check is not None:
                check()
            data: dict[str, Any] = {}
            with suppress(OSError, HTTPException, ValueError):
                data = self.rawdata()
            if ready(data) or time.monotonic() > deadline or has_ended(self.process):
                return data
            with self.grew:
                self.grew.wait(_PAUSE)

    def until_silent(self, seconds: float, *, at_most: float) -> None:
        """Wait until its log has had no new line for so long. One that has ended is silent.

        One that has something to do, and had no processor for so long, is not: on a busy machine it will say more.
        """
        deadline = time.monotonic() + at_most
        last = worked(self.process.pid)
        with self.grew:
            while not has_ended(self.process) and time.monotonic() < deadline:
                if self.grew.wait(seconds):
                    last = worked(self.process.pid)
                elif not self._unread() and (
                    is_at_rest(self.process.pid) or worked(self.process.pid) - last >= seconds
                ):
                    return

    def _unread(self) -> bool:
        """Whether it has said something that the thread which reads has not taken up yet."""
        poll = select.poll()
        if self.process.stdout is not None:
            poll.register(self.process.stdout, select.POLLIN)
        return bool(poll.poll(0))


@contextmanager
def running(
    argv: Sequence[str | Path], folder: Path, *, api_port: int, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A Traefik with this command line in this folder, of which nothing is left afterwards.

    It gets none of this process's variables but PATH. Raises OutsideError if it can't be started.
    """
    with held() as release:
        process = _start(argv, folder, environment or {})
        traefik = Running(api_port, process)
        reader = threading.Thread(target=_read, args=(traefik,), daemon=True)
        reader.start()
        try:
            release()
            yield traefik
        finally:
            _end(process)
            wait(process)
            reader.join()
            if process.stdout is not None:
                process.stdout.close()


def printed(
    argv: Sequence[str | Path], folder: Path, *, seconds: float = 20, environment: Mapping[str, str] | None = None
) -> tuple[int, list[str]]:
    """The exit code of a Traefik that ends by itself, and the lines that it printed. Raises OutsideError."""
    with running(argv, folder, api_port=0, environment=environment) as traefik:
        try:
            code = wait(traefik.process, seconds)
        except subprocess.TimeoutExpired:
            raise OutsideError(f"`{Path(argv[0]).name}` did not end within {seconds:g} seconds") from None
    return code, traefik.log


def _start(argv: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    # It ends with this process even where that is killed without a word.
    setpriv = shutil.which("setpriv")
    bound = [setpriv, "--pdeathsig", "KILL", *_UNLESS_ORPHANED, str(os.getpid())] if setpriv else []
    command = [*bound, *map(str, argv)]
    try:
        return subprocess.Popen(  # noqa: S603 - an argument list, and no shell
            command,
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), **environment},
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise OutsideError(f"`{argv[0]}` can't be started: {cause(error)}") from None
    except ValueError:  # NUL, or half a character
        raise OutsideError(f"`{argv[0]}` can't be started: a word of its command line is not text") from None


def _end(process: subprocess.Popen[str]) -> None:
    """At once: a graceful stop takes ten seconds where a provider is waiting to try again. With all its children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _read(traefik: Running) -> None:
    for line in traefik.process.stdout or ():
        with traefik.grew:
            if len(traefik.log) < _MOST_LINES:
                traefik.log.append(COLOUR.sub("", line.rstrip()))
            traefik.grew.notify_all()
