"""The real Traefik as a process on free loopback ports, and what it says about itself."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BINARY = Path(sys.executable).parent / "traefik"
_BELOW_OUTGOING = range(12_000, 32_000)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_EVERY_START = ("aliasHeadersStrategy is not configured", "Traefik can reject some encoded characters")


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on.

    The kernel would choose one from the range that it also gives to outgoing connections: before Traefik listens,
    a connection of another test may have it. These lie below that range, and are drawn anew by every process.
    """
    while True:
        port = secrets.choice(_BELOW_OUTGOING)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@dataclass
class Traefik:
    """A running Traefik."""

    api_port: int
    web_port: int
    process: subprocess.Popen[str]
    log: list[str] = field(default_factory=list)
    grew: threading.Condition = field(default_factory=threading.Condition)

    def rawdata(self) -> dict[str, Any]:
        """What Traefik made of its configuration."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.api_port}/api/rawdata", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def complaints(self) -> list[str]:
        """Warnings and errors of the log, but the two that every start writes."""
        lines = [line for line in self.log if re.search(r"\b(WRN|ERR|FTL)\b|^\{.*\"error\"|traefik error", line)]
        return [line for line in lines if not any(known in line for known in _EVERY_START)]

    def until(self, ready: Callable[[dict[str, Any]], bool], *, seconds: float = 20) -> dict[str, Any]:
        """The first raw data for which `ready` holds; the last one where none did in time."""
        deadline = threading.Event()
        timer = threading.Timer(seconds, deadline.set)
        timer.start()
        try:
            while True:
                try:
                    data = self.rawdata()
                except (OSError, urllib.error.URLError):
                    data = {}
                if ready(data) or deadline.is_set() or self.process.poll() is not None:
                    return data
                deadline.wait(0.05)
        finally:
            timer.cancel()

    def status(self, path: str, host: str) -> int:
        """The code of a GET on the entrypoint `web`, the path sent byte by byte as it is."""
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.web_port), timeout=5) as connection:
            connection.sendall(request.encode("ascii"))
            first = connection.makefile("rb").readline()
        return int(first.split()[1])


def loopback_flags(web_port: int, api_port: int) -> list[str]:
    """An edge that only the loopback can see, and its API."""
    return [
        f"--entrypoints.web.address=127.0.0.1:{web_port}",
        f"--entrypoints.traefik.address=127.0.0.1:{api_port}",
        "--api.insecure=true",
        "--log.level=INFO",
        "--global.checknewversion=false",
        "--providers.providersthrottleduration=100ms",
    ]


@contextmanager
def running(
    flags: Sequence[str] = (),
    *,
    variables: Mapping[str, str] | None = None,
    ports: tuple[int, int] | None = None,
    bare: bool = False,
    binary: Path = BINARY,
) -> Iterator[Traefik]:
    """The binary with these flags beside `loopback_flags`; `bare`: with nothing else than flags and variables."""
    web_port, api_port = ports or (free_port(), free_port())
    # It ends with the tests even where they are killed without a word.
    argv = ["setpriv", "--pdeathsig", "KILL", str(binary)]
    argv += [*([] if bare else loopback_flags(web_port, api_port)), *flags]
    environment = {"PATH": os.environ["PATH"], **(variables or {})}
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            argv, cwd=home, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        traefik = Traefik(api_port, web_port, process)
        reader = threading.Thread(target=_read, args=(traefik,))
        reader.start()
        try:
            yield traefik
        finally:
            process.kill()  # a graceful stop takes ten seconds where a provider is waiting to try again
            process.wait()
            reader.join()
            assert process.stdout is not None
            process.stdout.close()


def _read(traefik: Traefik) -> None:
    assert traefik.process.stdout is not None
    for line in traefik.process.stdout:
        with traefik.grew:
            traefik.log.append(_COLOUR.sub("", line.rstrip()))
            traefik.grew.notify_all()
