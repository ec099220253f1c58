"""What pytest and its plugins do for every test, done once or only where there is something to do."""

from __future__ import annotations

import os
import socket
from functools import cache
from typing import Any

import pytest_socket
from _pytest.capture import FDCapture

READ = FDCapture.snap
GUARD = pytest_socket.socket_allow_hosts


def read_what_is_there(capture: FDCapture) -> str:
    """What was written since the last time. pytest goes to the start, reads, goes back and cuts, six times a test."""
    return READ(capture) if os.fstat(capture.tmpfile.fileno()).st_size else ""


@cache
def _guarded(hosts: tuple[str, ...], allow_unix_socket: bool) -> Any:
    """The `connect` that reaches only these."""
    GUARD(list(hosts), allow_unix_socket=allow_unix_socket)
    return socket.socket.connect


def guard(allowed: Any = None, allow_unix_socket: bool = False, resolution_cache: object = None) -> None:
    """pytest-socket reads the addresses of networks for every test."""
    hosts = allowed.split(",") if isinstance(allowed, str) else allowed or ()
    if hosts:
        setattr(socket.socket, "connect", _guarded(tuple(hosts), allow_unix_socket))  # noqa: B010


def install() -> None:
    """In this process."""
    setattr(FDCapture, "snap", read_what_is_there)  # noqa: B010
    setattr(pytest_socket, "socket_allow_hosts", guard)  # noqa: B010
