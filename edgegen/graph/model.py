"""What a picture shows: nodes in five columns, and edges that lead from left to right."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from edgegen.core.show import without_login


class Kind(StrEnum):
    """What a node is. It decides the node's column and its shape."""

    HOST = "host"
    PORT = "port"
    """A port that a container publishes itself, past the edge."""
    ROUTER = "router"
    MIDDLEWARES = "middlewares"
    """The middlewares of a router, in the order in which a request passes them."""
    SERVICE = "service"
    """A container."""
    EXTERNAL = "external"
    """A server outside Docker."""
    REDIRECT = "redirect"
    """Where a redirect leads: no server is asked."""
    TRAEFIK = "traefik"
    """Traefik itself answers."""
    NETWORK = "network"


COLUMNS = ("Hosts", "Routers", "Middlewares", "Services", "Networks")
_COLUMN = {Kind.HOST: 0, Kind.PORT: 0, Kind.ROUTER: 1, Kind.MIDDLEWARES: 2, Kind.NETWORK: 4}
IN_TRAEFIK = (Kind.ROUTER, Kind.MIDDLEWARES)


class Style(StrEnum):
    """What an edge means."""

    REQUEST = "request"
    """Requests go this way."""
    ERRORS = "errors"
    """Only error pages are asked for this way."""
    REACHED = "reached"
    """Traefik reaches the container on that network."""
    MEMBER = "member"
    """The container is on that network, and Traefik doesn't use it."""


class Node(Struct, frozen=True):
    """One box: a title, and lines that say more."""

    id: str
    kind: Kind
    title: str
    lines: tuple[str, ...] = ()

    @property
    def column(self) -> int:
        """The index of its column in `COLUMNS`."""
        return _COLUMN.get(self.kind, 3)

    def as_json(self) -> dict[str, Any]:
        """Its object, without the login of a URL: `build` of a private repository may have a token in it."""
        lines = [without_login(line) for line in self.lines]
        return {"id": self.id, "kind": self.kind.value, "title": without_login(self.title), "lines": lines}


class Edge(Struct, frozen=True):
    """From one node to another of a later column."""

    source: str
    target: str
    style: Style = Style.REQUEST


class Graph(Struct, frozen=True):
    """The whole picture. `edge` is the Traefik that has the routers, in words; "" where there is none."""

    name: str
    environment: str
    edge: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    remarks: tuple[str, ...] = ()
    """What the picture leaves out, in sentences."""

    @property
    def title(self) -> str:
        """`shop`, `shop (dev)`."""
        return f"{self.name} ({self.environment})" if self.environment else self.name

    def of(self, *kinds: Kind) -> Iterator[Node]:
        """The nodes of some kinds, in order."""
        return (node for node in self.nodes if node.kind in kinds)

    def as_json(self) -> dict[str, Any]:
        """What `graph --json` prints."""
        return {
            "name": self.name,
            "environment": self.environment or None,
            "edge": self.edge or None,
            "nodes": [node.as_json() for node in self.nodes],
            "edges": [{"source": edge.source, "target": edge.target, "style": edge.style.value} for edge in self.edges],
            "remarks": list(self.remarks),
        }
