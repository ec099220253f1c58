"""`traefik_labels` that remove a host or a password.

What it does
    Refuses a router that would get requests for a host of another service; one that gets requests of its service's
    other routers without the middlewares that guard them (passwords, allow-lists, limits, the redirect to https); and
    one that leads to a guarded service, on any host, without them.

Why
    Traefik uses only the router with the highest priority, and a longer rule has a higher priority: one more line
    silently opens what the others close.

Example
    a service with `middlewares: [auth]` and `traefik.http.routers.own.rule: "Host(`www.example.com`) && Path(`/x`)"`

Instead
    Name the same middlewares in the router, or use another host. Another path of a host is `path:` of a service.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec import Struct

from edgegen.core.show import shown
from edgegen.rules.label_guards import Guards
from edgegen.rules.label_world import Route, World, route_of, world
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.label_routing import Item
from edgegen.traefik.rule_reach import confined_to, may_match, only_hosts
from edgegen.traefik.rule_syntax import Rule, matches, parsed

ID = "ER026"

_EXPOSING = ("api@internal", "dashboard@internal", "rest@internal", "prometheus@internal")
_OTHER_NAMES = ("anyothername", "any-other-name", "any1")
"""A stand-in for all names below a wildcard that no rule has."""
Found = Iterator[tuple[str, str, str]]
"""(label, message, hint)"""


def check(spec: Spec) -> Iterator[Violation]:
    """Every router of the spec's own labels against every router of edgegen's."""
    known = world(spec)
    if known is None:
        return
    eyes = _Eyes(known)
    for service in known.added:
        own = {item.name.lower() for item in known.own_items[service] if item.kind == "routers"}
        for item in known.added_items[service]:
            if item.kind == "routers" and item.section != "udp" and item.name.lower() not in own:
                for label, message, hint in eyes.judged(service, item):
                    yield Violation(("services", service, "traefik_labels", label), message, hint)


class _Made(Struct, frozen=True):
    """One of edgegen's own routers, read."""

    route: Route
    hosts: tuple[str, ...]
    paths: tuple[str, ...]
    """Where its requests' paths begin."""


class _Eyes:
    """edgegen's routers, and what the spec's own router does to them."""

    def __init__(self, known: World) -> None:
        self._known = known
        self._guards = Guards(known)
        self._made = [
            _Made(
                route,
                tuple(_hosts_in(rule)),
                tuple(item.args[0] for item in matches(rule) if item.name == "PathPrefix") or ("/",),
            )
            for route in known.routes
            if (rule := parsed(route.rule, route.section))
        ]
        self._by_host: dict[str, list[_Made]] = defaultdict(list)
        self._by_owner: dict[str, list[_Made]] = defaultdict(list)
        for made in self._made:
            self._by_owner[made.route.owner].append(made)
            for host in {"*" if host.startswith("*") else host for host in made.hosts}:
                self._by_host[host].append(made)

    def _near(self, rule: Rule) -> Iterable[_Made]:
        """edgegen's routers that may match the same requests as a rule: of thousands, only those of its hosts."""
        hosts = only_hosts(rule)
        return self._made if hosts is None else (made for host in sorted({*hosts, "*"}) for made in self._by_host[host])

    def judged(self, service: str, item: Item) -> Found:
        """One router of a service's labels."""
        if item.get("service") in _EXPOSING:
            message = f"`{item.get('service')}`: Traefik's own pages would be public"
            yield item.label("service"), message, "use `edge: {dashboard: …}`"
            return
        rule = parsed(item.get("rule"), item.section)
        if rule is None:
            return  # checked by another rule
        route = route_of(item, service, self._known.provider)
        target = self._guards.target(service, item)
        used = self._guards.with_chains(route.middlewares)
        if missing := [name for name in self._guards.of(target, item) if name not in used]:
            message = f"the router `{item.name}` leads to `{target}` without its {_listed(missing)}"
            yield item.label("middlewares", "rule"), message, _add(item, missing)
            return
        yield from self._first_taken_away(route, rule, target, used, item)

    def _first_taken_away(self, route: Route, rule: Rule, target: str, used: frozenset[str], item: Item) -> Found:
        for made in self._near(rule):
            host = self._shared_host(route, rule, made, target)
            if host is None:
                continue
            other = made.route
            if route.section == "tcp" and other.section == "http":
                message = f"the TCP router `{item.name}` would get requests for `{host}` before any HTTP router"
                yield item.label("rule"), message, "give it its own entrypoint: `kind: tcp`"
                return
            if other.owner != target:
                message = f"the router `{item.name}` would take requests for `{host}` away from `{other.owner}`"
                yield item.label("rule"), message, "set `host:` and `path:` of the service, or use another host"
                return
            missing = [
                name for name in other.middlewares if self._guards.guards(other.section, name) and name not in used
            ]
            if missing:
                message = (
                    f"the router `{item.name}` would get requests for `{host}` instead of "
                    f"`{other.name.partition('@')[0]}`, without its {_listed(missing)}"
                )
                yield item.label("middlewares", "rule"), message, _add(item, missing)
                return

    def _shared_host(self, route: Route, rule: Rule, made: _Made, target: str) -> str | None:
        """A host whose requests the route would get instead of edgegen's router; None if there isn't one."""
        other = made.route
        if not set(route.entrypoints or self._known.entrypoints) & set(other.entrypoints):
            return None
        if route.section == other.section:
            if route.priority < other.priority or self._his_already(rule, made, target):
                return None
        elif route.section != "tcp":  # TCP routers come first, whatever their priority
            return None
        for host in made.hosts:
            names = [f"{name}.{host[2:]}" for name in _OTHER_NAMES] if host.startswith("*.") else [host]
            if host == "*" or any(may_match(rule, name, path) for name in names for path in made.paths):
                return host
        return None

    def _his_already(self, rule: Rule, made: _Made, target: str) -> bool:
        """Whether the rule only matches what a longer path of the target gets anyway."""
        other = made.route
        return other.owner != target and any(
            mine.route.priority > other.priority
            and set(mine.route.entrypoints) & set(other.entrypoints)
            and set(made.hosts) <= set(mine.hosts)
            and any(confined_to(rule, path) and path.startswith(made.paths) for path in mine.paths)
            for mine in self._by_owner[target]
        )


def _add(item: Item, missing: list[str]) -> str:
    names = ",".join(missing)
    return f"name it in `traefik.{item.section}.routers.{item.name}.middlewares`: `{shown(names, 120)}`"


def _hosts_in(rule: Rule) -> Iterator[str]:
    """The hosts that one of edgegen's own rules names; a pattern counts as the wildcard that it is made of."""
    for item in matches(rule):
        if item.name in ("Host", "HostSNI"):
            yield item.args[0].lower()
        elif item.name in ("HostRegexp", "HostSNIRegexp"):
            yield "*" + item.args[0].partition("+")[2].rstrip("$").replace("\\", "")


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{shown(name)}`" for name in names)
