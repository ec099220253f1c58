"""Where a redirect of the spec must lead for a given path."""

from __future__ import annotations

from edgegen.endpoints import Goal
from edgegen.verify.checks.destinations import Destination, parse, same_path


def wanted(goal: Goal, path: str, query: str = "") -> Destination | None:
    """The URL for a path that was asked for, in its parts. None: the goal itself is no URL."""
    parsed = parse(goal.url)
    if not isinstance(parsed, Destination):
        return None
    if not goal.keep_path:
        return parsed
    joined = "&".join(part for part in (parsed.query, query) if part)
    return Destination(parsed.scheme, parsed.host, parsed.port, parsed.path.rstrip("/") + path, joined)


def leads_to(found: Destination, goal: Goal, path: str, query: str = "") -> bool:
    """Whether a redirect leads where the goal wants it for that path."""
    right = wanted(goal, path, query)
    return right is not None and same_place(found, right)


def same_place(one: Destination, other: Destination) -> bool:
    """Whether two URLs are one, but for how their paths are written."""
    return (
        (one.scheme, one.host, one.port, one.query) == (other.scheme, other.host, other.port, other.query)
    ) and same_path(one.path, other.path)


def url_of(place: Destination) -> str:
    """Its parts as one URL."""
    host = f"[{place.host}]" if ":" in place.host else place.host
    port = "" if place.port == {"https": 443, "http": 80}[place.scheme] else f":{place.port}"
    return f"{place.scheme}://{host}{port}{place.path}" + (f"?{place.query}" if place.query else "")
