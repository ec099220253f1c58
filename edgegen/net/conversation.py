"""Several requests to one origin at one address, over one connection as long as it lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from edgegen.net.answer import Failure, Limits, Phase, Response, Trouble
from edgegen.net.deadline import Deadline
from edgegen.net.http import NORMAL, HttpConnection
from edgegen.net.request import Body, Sink, Stream

Connect = Callable[[], Stream | Failure]
"""A new connection to the same address, as trusted as the first one was."""
_REPEATABLE = ("GET", "HEAD")


def origin(scheme: str, host: str, port: int) -> str:
    """`https://host`, with the port where it is not the scheme's own."""
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port == {"http": 80, "https": 443}[scheme] else f"{scheme}://{shown}:{port}"


class Conversation(Struct):
    """Asks one origin. `connect` is called where there is no connection yet, or no longer. Not for several threads."""

    origin: str
    connect: Connect
    deadline: Deadline
    takes_credentials: bool = False
    """Whether its connections are verified: passwords are not sent over any other."""
    connection: HttpConnection | None = None
    limits: Limits = NORMAL

    def ask(
        self, method: str, path: str, headers: Mapping[str, str], *, body: bytes | Body = b"", sink: Sink | None = None
    ) -> Response:
        """What it answers. A connection that was closed in the meantime is made again, once. Never raises.

        A request that may change something is sent once and never again, whatever the result.
        """
        url = self.origin + (path if path.startswith("/") else f"/{path}")
        if not self.takes_credentials and any(name.lower() == "authorization" for name in headers):
            refused = "credentials are sent over verified TLS only"
            return Response(url, failure=Failure(Trouble.LOCAL, Phase.REQUEST, refused))
        reused = self.connection is not None and self.connection.open
        response = self._ask(method, url, headers, body, sink)
        again = reused and method in _REPEATABLE and _hung_up(response)
        return self._ask(method, url, headers, body, sink) if again else response

    def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | Body, sink: Sink | None
    ) -> Response:
        if self.connection is None or not self.connection.open:
            self.close()
            stream = self.connect()
            if isinstance(stream, Failure):
                return Response(url, failure=self.deadline.judged(stream), seconds=stream.seconds)
            self.connection = HttpConnection(stream, self.limits)
        return self.connection.ask(method, url, headers, self.deadline, body=body, sink=sink)

    def heard(self, seconds: float) -> bool:
        """Wait so long for the other side to speak or to hang up; whether it did."""
        return self.connection is not None and self.connection.heard(min(seconds, self.deadline.left))

    def close(self) -> None:
        """Hang up."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def _hung_up(response: Response) -> bool:
    """Nothing came: the connection was closed while idle, which a server may do at any time."""
    failure = response.failure
    return failure is not None and not response.status and failure.trouble in (Trouble.CLOSED, Trouble.RESET)
