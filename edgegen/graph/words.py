"""A picture in words, for those who don't see it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.plural import plural
from edgegen.core.show import shown
from edgegen.graph.model import Graph, Kind, Node, Style

_MOST = 40
"""Hosts that are described; a longer text helps nobody."""


def summary(graph: Graph) -> str:
    """How much there is of what: `3 hosts, 4 routers, 2 services, 1 network`."""
    counts = {
        "host": len(list(graph.of(Kind.HOST))),
        "published port": len(list(graph.of(Kind.PORT))),
        "router": len(list(graph.of(Kind.ROUTER))),
        "service": len(list(graph.of(Kind.SERVICE, Kind.EXTERNAL))),
        "network": len(list(graph.of(Kind.NETWORK))),
    }
    said = [f"{number} {plural(number, word)}" for word, number in counts.items() if number]
    return ", ".join(said) or "nothing"


def legend(graph: Graph) -> str:
    """What the lines of a picture mean, for those that are in it; or ""."""
    styles = {edge.style for edge in graph.edges}
    said = {
        Style.REACHED: "thick: the network on which Traefik reaches the container",
        Style.MEMBER: "dotted: its other networks",
        Style.ERRORS: "dashed arrow: error pages",
    }
    text = "; ".join(words for style, words in said.items() if style in styles)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def description(graph: Graph) -> str:
    """The whole picture: where the requests of each host go."""
    after: dict[str, list[str]] = {}
    for edge in graph.edges:
        after.setdefault(edge.source, []).append(edge.target)
    nodes = {node.id: node for node in graph.nodes}
    hosts = list(graph.of(Kind.HOST, Kind.PORT))
    lines = [f"{summary(graph)}.", *graph.remarks]
    lines += [f"{shown(host.title)} leads to {', '.join(_reached(host, nodes, after))}." for host in hosts[:_MOST]]
    if len(hosts) > _MOST:
        lines.append(f"And {len(hosts) - _MOST} more hosts.")
    return " ".join(lines)


def _reached(host: Node, nodes: dict[str, Node], after: dict[str, list[str]]) -> Iterator[str]:
    """What requests of a host reach, without the networks."""
    pending, seen = list(after.get(host.id, ())), set[str]()
    while pending:
        name = pending.pop(0)
        if name in seen:
            continue
        seen.add(name)
        node = nodes[name]
        if node.column == 3:
            yield shown(node.title)
        elif node.kind is not Kind.NETWORK:
            pending += after.get(name, ())
