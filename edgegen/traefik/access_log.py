"""Traefik's access log, read: which router answered a request with which status. Seen on 3.7.15."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from msgspec import Struct

_COMMON = re.compile(
    r'(?P<at>\d{4}-\S+Z) \S+ - \S+ \[[^\]]*\] "(?:[^"\\]|\\.)*" (?P<status>\d{3}) \S+ "(?:[^"\\]|\\.)*" '
    r'"(?:[^"\\]|\\.)*" \d+ "(?P<router>[^"]*)"'
)
"""With the engine's time before it: the log's own time has no fractions of a second."""


class Request(Struct, frozen=True):
    """One request. `at` is the engine's time, RFC 3339; `router` is in lower case, without its provider."""

    at: str
    status: int
    router: str = ""


def read_access_log(text: str) -> Iterator[Request]:
    """The requests of a log in either of Traefik's formats, each line with the engine's time before it."""
    for line in text.splitlines():
        if found := _COMMON.match(line):
            yield Request(found["at"], int(found["status"]), _plain(found["router"]))
        elif '"DownstreamStatus"' in line and (request := _json(line)):
            yield request


def _json(line: str) -> Request | None:
    at, _, rest = line.partition(" ")
    try:
        data = json.loads(rest)
        return Request(at, int(data["DownstreamStatus"]), _plain(str(data.get("RouterName", ""))))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _plain(router: str) -> str:
    return router.partition("@")[0].lower()
