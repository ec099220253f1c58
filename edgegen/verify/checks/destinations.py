"""Where a redirect leads, read from its `Location` as a browser would, and where the spec wants it to lead.

Others write it: reading it never raises.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from msgspec import Struct

from edgegen.core.show import shown
from edgegen.endpoints import Goal
from edgegen.system.internet import is_public, literal, special
from edgegen.verify.observation import Response

PERMANENT = (301, 308)
TEMPORARY = (302, 303, 307)
_PORTS = {"http": 80, "https": 443}
_LONGEST = 100
_LOOPBACK = "loopback"


class Destination(Struct, frozen=True):
    """An absolute http or https URL in its parts."""

    scheme: str
    host: str
    port: int
    path: str
    query: str


class Unusable(Struct, frozen=True):
    """A `Location` that leads nowhere, and why."""

    why: str
    elsewhere: bool = False
    """It still names another host."""


def is_redirect(answer: Response) -> bool:
    """Whether a browser would follow it, given a destination. Browsers don't wait for the body."""
    return answer.status in (*PERMANENT, *TEMPORARY)


def destination(answer: Response) -> Destination | Unusable:
    """Where a redirect leads. A relative `Location` counts from the URL that was asked."""
    location = answer.header("location").strip()
    if not location:
        return Unusable("it has no Location")
    if re.match(r"[/\\]{2}", location):
        why = f"`{quoted(location)}` begins with two slashes: it names another host without a scheme"
        return Unusable(why, elsewhere=True)
    try:
        # Browsers read a backslash as a slash; parsers that don't are how such redirects get past filters.
        return _parsed(urlsplit(urljoin(answer.url, location.replace("\\", "/"))), location)
    except ValueError:
        return Unusable(f"`{quoted(location)}` is not a URL")


def where_it_leads(answer: Response) -> Destination | Unusable:
    """As `destination`, with a missing scheme filled in as browsers do."""
    location = answer.header("location").strip().replace("\\", "/")
    return parse(f"{urlsplit(answer.url).scheme}:{location}") if location.startswith("//") else destination(answer)


def unreachable(host: str, at: str) -> str:
    """Why no visitor of an edge at the address `at` reaches a host, or "". In a private network much is possible."""
    address = literal(host)
    kind = special(address) if address else ""
    if kind == _LOOPBACK or host.rpartition(".")[2] == "localhost":
        return "" if special(at) == _LOOPBACK else f"`{shown(host)}` is the visitor's own machine"
    if not is_public(at):
        return ""
    if kind:
        return f"{address} is not a public address ({kind})"
    return "" if address or "." in host else f"`{shown(host)}` is a name that only its own network knows"


def parse(url: str) -> Destination | Unusable:
    """The parts of an absolute URL."""
    try:
        return _parsed(urlsplit(url), url)
    except ValueError:
        return Unusable(f"`{quoted(url)}` is not a URL")


def same_path(one: str, other: str, *, more_before: bool = False) -> bool:
    """Whether two paths are one: however they are escaped, and with or without a slash at the end.

    `more_before`: the other one may have more before it, like a language.
    """
    own, found = unquote(one).rstrip("/"), unquote(other).rstrip("/")
    return found.endswith(own) if more_before else found == own


def quoted(text: str) -> str:
    """A URL from others inside a sentence: shortened, on one line."""
    return shown(text, _LONGEST)


def wanted(goal: Goal, path: str, query: str = "") -> Destination | None:
    """The URL for a path that was asked for, in its parts. None: the goal itself is not a URL."""
    try:
        parsed = parse(goal.url_for(path, query))
    except ValueError:
        return None
    return parsed if isinstance(parsed, Destination) else None


def leads_to(found: Destination, goal: Goal, path: str, query: str = "") -> bool:
    """Whether a redirect leads where the goal wants it for that path."""
    right = wanted(goal, path, query)
    return right is not None and same_place(found, right)


def same_place(one: Destination, other: Destination) -> bool:
    """Whether two URLs are the same, except for how their paths are written."""
    return (
        (one.scheme, one.host, one.port, one.query) == (other.scheme, other.host, other.port, other.query)
    ) and same_path(one.path, other.path)


def url_of(place: Destination) -> str:
    """Its parts as one URL."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    port = "" if place.port == {"https": 443, "http": 80}[place.scheme] else f":{place.port}"
    return f"{place.scheme}://{host}{port}{place.path}" + (f"?{place.query}" if place.query else "")


def _parsed(parts: SplitResult, text: str) -> Destination | Unusable:
    if parts.scheme not in _PORTS:
        return Unusable(f"`{quoted(text)}` is not an http or https URL")
    if "@" in parts.netloc:
        return Unusable(f"`{quoted(text)}` has a user name in it")
    host = (parts.hostname or "").removesuffix(".").lower()
    if not host or not re.fullmatch(r"[\w.:-]+", host):
        return Unusable(f"`{quoted(text)}` has no host")
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    return Destination(parts.scheme, host, port, parts.path or "/", parts.query)
