"""The real Traefik as a process on free loopback ports, and what it says about itself."""

from __future__ import annotations

import re
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from edgegen.oracle import process
from edgegen.oracle.process import Running, free_port

__all__ = ["BINARY", "Traefik", "free_port", "loopback_flags", "running"]
BINARY = Path(sys.executable).parent / "traefik"
_EVERY_START = ("aliasHeadersStrategy is not configured", "Traefik can reject some encoded characters")


class Traefik(Running):
    """A running Traefik with an entrypoint `web`."""

    web_port: int = 0

    def complaints(self) -> list[str]:
        """Warnings and errors of the log, but the two that every start writes."""
        lines = [line for line in self.log if re.search(r"\b(WRN|ERR|FTL)\b|^\{.*\"error\"|traefik error", line)]
        return [line for line in lines if not any(known in line for known in _EVERY_START)]

    def status(self, path: str, host: str) -> int:
        """The code of a GET on the entrypoint `web`, the path sent byte by byte as it is."""
        request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.web_port), timeout=60) as connection:
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
    argv = [str(binary), *([] if bare else loopback_flags(web_port, api_port)), *flags]
    with (
        tempfile.TemporaryDirectory() as home,
        process.running(argv, Path(home), api_port=api_port, environment=variables) as traefik,
    ):
        yield Traefik(api_port, traefik.process, traefik.log, traefik.grew, web_port)
