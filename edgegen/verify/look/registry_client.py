"""A registry's client: one address, one deadline, and every other host that the registry names over verified TLS."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from edgegen.core.pattern import late_pattern
from edgegen.endpoints import Endpoint
from edgegen.net.answer import BODY_CAP, Failure, Limits, Phase, Response, Trouble
from edgegen.net.conversation import Conversation, origin
from edgegen.net.deadline import Deadline
from edgegen.net.request import Body, Sink, Stream
from edgegen.net.tls import Line, Refused, shake
from edgegen.verify.look.echo import without_echo
from edgegen.verify.look.route import Route, route
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import Settings

_HOST = late_pattern(r"[a-z0-9._-]+|[0-9a-f:.]+", re.ASCII)
_LIMITS = Limits(unannounced=BODY_CAP)


def open_client(endpoint: Endpoint, address: str, settings: Settings, deadline: Deadline) -> Client:
    """A client for one endpoint at one address; other hosts that it names are looked up. Close it.

    Raises LocalIOError where the file with more authorities can't be read.
    """
    return Client(route(endpoint, address, settings, deadline), Trust.load(settings.ca_file).verified, deadline)


class Client:
    """One conversation at a time. Nothing raises: what went wrong is in the answer. Redirects are not followed."""

    def __init__(self, lead: Route, context: ssl.SSLContext, deadline: Deadline) -> None:
        self._lead, self._context, self._deadline = lead, context, deadline
        self._talk: Conversation | None = None

    def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | Body = b"", sink: Sink | None = None
    ) -> Response:
        """One request and its answer. A `sink` gets the body of a 200, however long it is; else 64 KiB are kept."""
        place = _place(url)
        if place is None:
            failure = Failure(Trouble.MALFORMED, Phase.REQUEST, "not an https URL that can be asked")
            return without_echo(Response(url, failure=failure), headers)
        host, port, path = place
        answer = self._with(host, port).ask(method, path, headers, body=body, sink=sink)
        return without_echo(answer, headers)

    def heard(self, seconds: float) -> bool:
        """Wait so long for the other side to speak or to hang up; whether it did."""
        return self._talk is not None and self._talk.heard(seconds)

    def hang_up(self) -> None:
        """End the connection, whatever is under way on it."""
        if self._talk is not None and self._talk.connection is not None:
            self._talk.connection.hang_up()

    def close(self) -> None:
        """End the conversation."""
        if self._talk is not None:
            self._talk.close()

    def _with(self, host: str, port: int) -> Conversation:
        """The conversation with this origin; another one ends with it."""
        there = origin("https", host, port)
        if self._talk is None or self._talk.origin != there:
            self.close()
            self._talk = Conversation(
                there, lambda: self._connect(host, port), self._deadline, takes_credentials=True, limits=_LIMITS
            )
        return self._talk

    def _connect(self, host: str, port: int) -> Stream | Failure:
        where = self._lead(host, port)
        if isinstance(where, Failure):
            return where
        got = shake(self._context, Line(host, *where, self._deadline))
        return got.failure if isinstance(got, Refused) else got


def _place(url: str) -> tuple[str, int, str] | None:
    """(host, port, path with query) of an https URL. A user in it is not sent. None: it can't be asked."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:
        return None
    if parts.scheme != "https" or not _HOST.fullmatch(host):
        return None
    return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
