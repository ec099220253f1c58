"""Desired -> Graph: what a request passes from its host to the networks of its container. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from edgegen.compose.model import plain
from edgegen.desired.build import Desired
from edgegen.graph.containers import Container, containers
from edgegen.graph.model import Edge, Graph, Kind, Node, Style
from edgegen.graph.routing import Thing, things
from edgegen.graph.rules import asked
from edgegen.graph.wares import Wares
from edgegen.kinds import Context
from edgegen.spec.references import HTTPS_ONLY

WEB, WEBSECURE = "web", "websecure"
_INTERNAL = "@internal"
_LEFT_OUT = "On plain HTTP every host only redirects to HTTPS: those routers are not drawn."


def graph(desired: Desired, environment: str = "", *, everything: bool = False) -> Graph:
    """The picture of a project. `everything`: with the routers that only redirect to HTTPS, and the edge's own
    containers."""
    return _Drawing(desired, everything=everything).graph(environment)


class _Drawing:
    """Nodes and edges as they are found; a node that exists is used again."""

    def __init__(self, desired: Desired, *, everything: bool) -> None:
        self._desired, self._everything = desired, everything
        self._file: dict[str, Any] = plain(desired.file.data())
        self._services: Mapping[str, Any] = self._file.get("services", {})
        self._things = things(self._services, desired.target.provider, desired.dynamic)
        self._served = {(item.section, item.full): item for item in self._things if item.kind == "services"}
        self._ports = _ports(desired)
        self._redirect = Context(desired.spec, desired.target).routed(HTTPS_ONLY)
        self._wares = Wares([item for item in self._things if item.kind == "middlewares"])
        self._nodes: dict[tuple[Any, ...], Node] = {}
        self._edges: dict[Edge, None] = {}
        self._left_out = False

    def graph(self, environment: str) -> Graph:
        for router in (item for item in self._things if item.kind == "routers"):
            if self._everything or not self._only_redirects(router):
                self._draw_router(router)
            else:
                self._left_out = True
        for container in containers(self._desired, self._file):
            if self._everything or not container.is_edge:
                self._draw_container(container)
        nodes = tuple(sorted(self._nodes.values(), key=lambda node: node.column))
        remarks = (_LEFT_OUT,) if self._left_out else ()
        return Graph(self._desired.spec.name, environment, self._edge(), nodes, tuple(self._edges), remarks)

    def _only_redirects(self, router: Thing) -> bool:
        return [name.partition("@")[0] for name in router.words("middlewares")] == [self._redirect]

    def _draw_router(self, router: Thing) -> None:
        node = self._node(Kind.ROUTER, (router.section, router.full), router.name, _router_lines(self._ports, router))
        for host in self._hosts(router):
            self._join(self._node(Kind.HOST, (host,), host), node)
        names = [router.named(name) for name in router.words("middlewares")]
        target = self._target(router, names)
        if names:
            lines = tuple(self._wares.line(router.section, name) for name in names)
            chain = self._node(Kind.MIDDLEWARES, (router.section, *names, target.id), lines[0], lines[1:])
            self._join(node, chain)
            for service in self._wares.error_pages(router.section, names):
                self._join(chain, self._service(router, service), Style.ERRORS)
            node = chain
        self._join(node, target)

    def _hosts(self, router: Thing) -> Iterator[str]:
        for host in asked(router.get("rule"), router.section).hosts:
            ports = [self._ports.get(name) for name in router.words("entrypoints")]
            for port in dict.fromkeys(ports):
                yield host if port in (80, 443, None) else f"{host}:{port}"

    def _target(self, router: Thing, names: list[str]) -> Node:
        """Where its requests end: a redirect comes before any server."""
        if self._only_redirects(router):
            return self._node(Kind.REDIRECT, (HTTPS_ONLY,), "HTTPS", ("redirect, to the same host",))
        if target := self._wares.redirect(router.section, names):
            url, keeps_path = target
            return self._node(Kind.REDIRECT, (url,), url, ("redirect, the path is kept" if keeps_path else "redirect",))
        return self._service(router, router.get("service"))

    def _service(self, router: Thing, name: str) -> Node:
        """The node of a service that Traefik knows by this name."""
        if name.endswith(_INTERNAL):
            return self._node(Kind.TRAEFIK, (name,), "Traefik's dashboard" if name.startswith("api@") else name)
        found = self._served.get((router.section, router.named(name))) if name else None
        if url := found.get("loadbalancer.server.url") or found.get("loadbalancer.servers[0].url") if found else "":
            if (asked := _host_of(url)) in self._services:  # another port of a container of this project
                return self._node(Kind.SERVICE, (asked,), asked)
            return self._node(Kind.EXTERNAL, (url,), found.name if found else name, (url, "outside Docker"))
        owner = found.owner if found else router.owner
        return self._node(Kind.SERVICE, (owner or name,), owner or name)

    def _draw_container(self, container: Container) -> None:
        node = self._node(Kind.SERVICE, (container.name,), container.name)
        self._nodes[(Kind.SERVICE, container.name)] = node = Node(node.id, node.kind, node.title, container.lines)
        for port in container.published:
            self._join(self._node(Kind.PORT, (port, container.name), port, ("published port",)), node)
        for network in container.networks:
            style = Style.REACHED if network.of_traefik else Style.MEMBER
            self._join(node, self._node(Kind.NETWORK, (network.name,), network.name, network.lines), style)

    def _edge(self) -> str:
        spec = self._desired.spec
        if spec.edge.use:
            return f"Traefik of the project {spec.edge.use}"
        return f"Traefik, {spec.edge.image}" if spec.has_own_edge else ""

    def _node(self, kind: Kind, key: tuple[Any, ...], title: str, lines: tuple[str, ...] = ()) -> Node:
        return self._nodes.setdefault((kind, *key), Node(f"n{len(self._nodes) + 1}", kind, title, lines))

    def _join(self, source: Node, target: Node, style: Style = Style.REQUEST) -> None:
        self._edges.setdefault(Edge(source.id, target.id, style))


def _host_of(url: str) -> str:
    """The host of a URL, which may come from a label of the user's own; "" where nothing can read it."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _ports(desired: Desired) -> dict[str, int]:
    """Entrypoint -> the port of the host that it is reached on."""
    ports = desired.spec.edge.ports
    further = (service.own_entrypoint for service in desired.spec.services.values())
    return {WEB: ports.web, WEBSECURE: ports.websecure, **dict(filter(None, further))}


def _router_lines(ports: Mapping[str, int], router: Thing) -> tuple[str, ...]:
    entrypoints = [f"{name} :{port}" if (port := ports.get(name)) else name for name in router.words("entrypoints")]
    rule = asked(router.get("rule"), router.section)
    lines = [", ".join(entrypoints), ", ".join(rule.paths), f"and {', '.join(rule.others)}" if rule.others else ""]
    return tuple(filter(None, lines))
