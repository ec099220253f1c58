"""The sockets of one conversation with a registry: where they lead, when they end, and whether the other side spoke.

requests and urllib3 begin their timeouts anew with each byte; here one deadline ends everything. A copy of each
connection's descriptor is kept for that: shutting the copy down ends the connection, whoever is waiting on it.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from edgegen.lookup import Deadline
from edgegen.verify.look.tcp import dial
from edgegen.verify.observation import Failure, Phase, Trouble

Route = Callable[[str, int], "tuple[str, int] | Failure"]
"""(host, port) that is meant -> (address, port) to dial, or why there is nowhere to dial."""


class NotDialledError(OSError):
    """There is no connection; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail or failure.trouble.value)
        self.failure = failure


class Wire:
    """Opens the connections of one conversation, one at a time, and closes the last one when time is up."""

    def __init__(self, route: Route, deadline: Deadline) -> None:
        self.deadline = deadline
        self.phase = Phase.CONNECT
        """How far the request that is under way has come."""
        self._route = route
        self._copy: socket.socket | None = None
        self._answered = False
        self._lock = threading.Lock()
        self._clock = threading.Timer(deadline.left, self.cut)
        self._clock.daemon = True
        self._ticks = _started(self._clock)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected socket. Raises NotDialledError."""
        self.phase = Phase.CONNECT
        if not self._ticks:
            raise NotDialledError(Failure(Trouble.LOCAL, Phase.CONNECT, "the system gives no thread to watch the time"))
        where = self._route(host, port)
        if isinstance(where, Failure):
            raise NotDialledError(where)
        dialled = dial(*where, self.deadline)
        if isinstance(dialled, Failure):
            raise NotDialledError(dialled)
        self._keep(dialled)
        self.phase = Phase.TLS
        return dialled

    def answered(self) -> None:
        """A whole answer's head has come over this connection: TLS has nothing left to say of its own."""
        self._answered = True

    def heard(self, seconds: float = 0.0) -> bool:
        """Waits so long for the other side to say something or to hang up; whether it did.

        Before the first answer of a connection it is always False: what arrives then can be tickets of TLS 1.3.
        """
        with self._lock:
            copy = self._copy if self._answered else None
        with selectors.DefaultSelector() as selector:
            if copy is not None:
                selector.register(copy, selectors.EVENT_READ)
            return bool(selector.select(min(seconds, self.deadline.left)))

    def cut(self) -> None:
        """Ends the connection at once, from whichever thread."""
        with self._lock:
            if self._copy is not None:
                with suppress(OSError):
                    self._copy.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Ends the conversation."""
        self._clock.cancel()
        self._drop()

    def _keep(self, connected: socket.socket) -> None:
        self._drop()
        with self._lock:
            self._copy = connected.dup()
            self._answered = False
        if not self.deadline.left:  # time ran out between dialling and keeping
            self.cut()

    def _drop(self) -> None:
        with self._lock:
            if self._copy is not None:
                self._copy.close()
            self._copy = None


def _started(thread: threading.Thread) -> bool:
    try:
        thread.start()
    except RuntimeError:  # the system gives no more of them
        return False
    return True
