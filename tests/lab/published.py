"""Ports: what the host publishes, and what Traefik listens on behind it.

The oracle moves every port to a free one, so it could not see where these two don't fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_ADDRESS = re.compile(r"entrypoints\.([^.]+)\.address")
_TARGET = re.compile(r"entrypoints\.([^.]+)\.http\.redirections\.entrypoint\.to")
_INSIDE = ("traefik",)
"""Entrypoints that nobody outside may reach."""


def complaints(traefik: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[str]:
    """`traefik`: its service of a Compose file; `words`: its static configuration, in lower case."""
    listens = {
        match.group(1): _listener(address) for key, address in words.items() if (match := _ADDRESS.fullmatch(key))
    }
    published = dict(_published(port) for port in traefik.get("ports") or [])
    for name, listener in listens.items():
        if (listener in published) is (name in _INSIDE):
            yield f"entrypoint {name} is {'' if listener in published else 'not '}published"
        if words.get(f"entrypoints.{name}.http3") == "true" and (listener[0], "udp") not in published:
            yield f"entrypoint {name} speaks HTTP/3, and UDP is not published"
    for target, protocol in published:
        if not any(port == target for port, _ in listens.values()):
            yield f"{target}/{protocol} is published, and no entrypoint listens there"
    for key, goal in words.items():
        if match := _TARGET.fullmatch(key):
            yield from _wrong_redirection(match.group(1), goal, listens, published)


def _published(port: Any) -> tuple[tuple[int, str], str]:
    """(port inside, protocol) -> port outside, of Compose's long form or of `[ADDRESS:]OUTSIDE:INSIDE[/PROTOCOL]`."""
    if isinstance(port, dict):
        return (int(port["target"]), port.get("protocol", "tcp")), str(port["published"])
    place, _, protocol = str(port).partition("/")
    outside, inside = place.split(":")[-2:]
    return (int(inside), protocol or "tcp"), outside


def _wrong_redirection(
    name: str, goal: str, listens: Mapping[str, tuple[int, str]], published: Mapping[tuple[int, str], str]
) -> Iterator[str]:
    """With a name as its goal, the redirection says the port on which Traefik listens, which outside may be another."""
    sent_to = goal.removeprefix(":") if goal.startswith(":") else str(listens.get(goal, (0, ""))[0])
    if sent_to not in [outside for inside, outside in published.items() if inside != listens.get(name)]:
        yield f"entrypoint {name} redirects to port {sent_to}, which is not published"


def _listener(address: str) -> tuple[int, str]:
    place, _, protocol = address.partition("/")
    return int(place.rpartition(":")[2]), protocol or "tcp"
