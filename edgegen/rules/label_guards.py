"""Where a router of `traefik_labels` leads, and which middlewares guard what is there."""

from __future__ import annotations

from urllib.parse import urlsplit

from edgegen.rules.label_world import World
from edgegen.traefik.guarding import HARMLESS
from edgegen.traefik.label_routing import Item

ELSEWHERE = ""
"""What is outside this spec's services."""


class Guards:
    """The services of a spec, including those that its labels define, and the middlewares before them."""

    def __init__(self, known: World) -> None:
        self._known = known
        added = [(service, item) for service in known.added for item in known.added_items[service]]
        self._services = {
            (item.section, item.name): (service, item) for service, item in added if item.kind == "services"
        }
        own_chains = {
            item.name: tuple(map(known.known_as, item.words("chain.middlewares")))
            for _, item in added
            if "chain.middlewares" in item.options
        }
        self._chains = {**known.chains, **own_chains}
        self._names = {name: service for service in known.spec.services for name in self._called(service)}

    def _called(self, service: str) -> set[str]:
        """What the containers of the project can call a service."""
        spec = self._known.spec
        container = spec.services[service].as_container
        uses = container.networks.values() if container else ()
        return {service, f"{spec.name}-{service}-1", *(alias for use in uses for alias in use.aliases)}

    def target(self, service: str, item: Item) -> str:
        """The service of edge.yaml that gets a router's requests, or ELSEWHERE."""
        if not item.get("service"):
            return service
        key = (item.section, self._known.known_as(item.get("service")))
        if key not in self._services:
            return self._known.services.get(key, ELSEWHERE)
        owner, added = self._services[key]
        url = added.get("loadbalancer.server.url")
        return self._names.get(_host(url), ELSEWHERE) if url else owner

    def of(self, target: str, item: Item) -> list[str]:
        """The middlewares that every request passes on its way to the target's own port through edgegen's routers."""
        if target == ELSEWHERE or not self._same_door(target, item):
            return []
        names = [
            name
            for route in self._known.routes
            if route.owner == target and "web" not in route.entrypoints and not route.redirects
            for name in route.middlewares
            if self.guards(route.section, name)
        ]
        return list(dict.fromkeys(names))

    def _same_door(self, target: str, item: Item) -> bool:
        """Whether it leads to the guarded port, and not to another one of the container."""
        key = (item.section, self._known.known_as(item.get("service")))
        if not item.get("service") or key not in self._services:
            return True
        _, added = self._services[key]
        url = added.get("loadbalancer.server.url")
        port = str(_port(url)) if url else added.get("loadbalancer.server.port")
        own = self._known.own.get(target, {})
        return port in {value for label, value in own.items() if label.endswith(".loadbalancer.server.port")}

    def guards(self, section: str, name: str) -> bool:
        """Whether a middleware, or one in a chain, keeps anyone out."""
        return any(self._guards_itself(section, part) for part in self.with_chains((name,)))

    def _guards_itself(self, section: str, name: str) -> bool:
        if name in self._chains:
            return False  # its members are checked
        kind = self._known.middlewares.get(("tcp" if section == "tcp" else "http", name), "unknown")
        return kind not in HARMLESS

    def with_chains(self, names: tuple[str, ...]) -> frozenset[str]:
        """The names, and the members of the chains among them."""
        found: set[str] = set()
        pending = list(names)
        while pending:
            if (name := pending.pop()) not in found:
                found.add(name)
                pending += self._chains.get(name, ())
        return frozenset(found)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _port(url: str) -> int:
    try:
        parts = urlsplit(url)
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return 0
