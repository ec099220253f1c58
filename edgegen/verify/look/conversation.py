"""Several requests to one origin at one address, over one connection as long as it lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from edgegen.lookup import Deadline
from edgegen.verify.look.http import HttpConnection, Stream
from edgegen.verify.observation import Failure, Phase, Response, Trouble

Connect = Callable[[], Stream | Failure]
"""A new connection to the same address, as trusted as the first one was."""


def origin(scheme: str, host: str, port: int) -> str:
    """`https://host`, with the port where it is not the scheme's own."""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port == {"http": 80, "https": 443}[scheme] else f"{scheme}://{shown}:{port}"


@dataclass
class Conversation:
    """Asks one origin. `connect` is called where there is no connection yet, or no longer. Not for several threads."""

    origin: str
    connect: Connect
    deadline: Deadline
    takes_credentials: bool = False
    """Whether its connections are verified: passwords go over no other."""
    connection: HttpConnection | None = None

    def ask(self, method: str, path: str, headers: Mapping[str, str]) -> Response:
        """What it answers. A connection that was closed in the meantime is made again, once. Never raises."""
        url = self.origin + (path if path.startswith("/") else f"/{path}")
        if not self.takes_credentials and any(name.lower() == "authorization" for name in headers):
            refused = "credentials are sent over verified TLS only"
            return Response(url, failure=Failure(Trouble.LOCAL, Phase.REQUEST, refused))
        reused = self.connection is not None and self.connection.open
        response = self._ask(method, url, headers)
        return self._ask(method, url, headers) if reused and _hung_up(response) else response

    def _ask(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        if self.connection is None or not self.connection.open:
            self.close()
            stream = self.connect()
            if isinstance(stream, Failure):
                return Response(url, failure=stream, seconds=stream.seconds)
            self.connection = HttpConnection(stream)
        return self.connection.ask(method, url, headers, self.deadline)

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _hung_up(response: Response) -> bool:
    """Nothing came: the connection had been closed while nobody used it, as a server may at any time."""
    failure = response.failure
    return failure is not None and not response.status and failure.trouble in (Trouble.CLOSED, Trouble.RESET)
