"""Routers, services and middlewares of `traefik_labels` that lack a part, or name what does not exist.

What it does
    Refuses a router without a rule, entrypoints, TLS on the https port or a definite service; a rule that
    Traefik can't read; names of entrypoints, middlewares, services, resolvers and TLS options that are not defined; a
    service without a port; a middleware of two kinds; a name with `@`; a resolver with `tls.passthrough`.

Why
    Traefik disables such a router, or uses a default: every entrypoint, plain HTTP included, for a
    router without entrypoints, and the container's name for one without a rule.

Example
    `traefik_labels: {traefik.http.routers.own.rule: "Host(own.example.com)"}`

Instead
    All of it: rule (with back-ticks), `entrypoints: websecure`, `tls.certresolver: letsencrypt`, and a service if
    the container has several.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean, suggest
from edgegen.rules.label_world import World, world
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.go_network import is_network
from edgegen.traefik.go_regex import check_regex
from edgegen.traefik.go_values import TRUE
from edgegen.traefik.label_routing import Item, items
from edgegen.traefik.router import MAX_PRIORITY
from edgegen.traefik.rule_syntax import matches, parse_rule

ID = "ER025"

_INTERNAL = ("noop@internal", "ping@internal")
_TLS_OPTIONS = ("default", "default@file", "default@internal")
Found = Iterator[tuple[str, str, str]]
"""(label, message, hint)"""


def check(spec: Spec) -> Iterator[Violation]:
    """Everything that is named, and what is missing."""
    known = world(spec)
    if known is None:
        return
    middlewares, services = _defined(known, "middlewares"), _defined(known, "services")
    for service in known.added:
        own, added = known.own_items[service], known.added_items[service]
        edgegens = {(item.section, item.kind, item.name.lower()) for item in own}
        mine = [item for item in added if (item.section, item.kind, item.name.lower()) not in edgegens]
        container = {(item.section, item.name) for item in (*own, *added) if item.kind == "services"}
        names = _Names(known, middlewares, services, container)
        for item in mine:
            for label, message, hint in names.judged(item):
                yield Violation(("services", service, "traefik_labels", label), message, hint)
        if not own and not any(item.kind == "routers" for item in items(known.added[service])):
            yield Violation(
                ("services", service, "traefik_labels"),
                f"`{service}` has neither a `host` nor a router: Traefik would derive one from the container's name",
                "give it a `host`, or its own router",
            )


def _defined(known: World, kind: str) -> Collection[tuple[str, str]]:
    """Everything of a kind: edgegen's, the spec's, and what any service's labels add."""
    added = {(item.section, item.name) for name in known.added for item in known.added_items[name] if item.kind == kind}
    return added | set(known.middlewares if kind == "middlewares" else known.services)


class _Names(Struct, frozen=True):
    """What may be named from a service's labels: (section, name)."""

    world: World
    middlewares: Collection[tuple[str, str]]
    services: Collection[tuple[str, str]]
    container: Collection[tuple[str, str]]
    """Services of the container itself."""

    def judged(self, item: Item) -> Found:
        """One router, service or middleware."""
        if "@" in item.name:
            yield item.label(), f"`{shown(item.name)}` can't be defined: a name has no `@`", "leave the `@` out"
        elif item.kind == "routers":
            yield from self._router(item)
        elif item.kind == "services":
            yield from self._service(item)
        else:
            yield from self._middleware(item)

    def _router(self, item: Item) -> Found:
        yield from self._entrypoints(item)
        if item.section != "udp":
            yield from _rule(item)
            for name in item.words("middlewares"):
                yield from self._named(item, "middleware", name, self.middlewares, "middlewares")
            yield from _tls(item, self.world.resolver)
        if abs(item.priority) > MAX_PRIORITY:
            yield item.label("priority"), f"a priority lies within ±{MAX_PRIORITY}", "Traefik disables the router"
        if service := item.get("service"):
            if service not in _INTERNAL or item.section != "http":
                yield from self._named(item, "service", service, self.services, "service")
        else:
            yield from self._default_service(item)

    def _entrypoints(self, item: Item) -> Found:
        if item.section == "udp":
            yield item.label("entrypoints"), "the edge has no entrypoint for UDP", "publish the port: `ports:`"
            return
        if not item.words("entrypoints"):
            yield (
                item.label("rule"), f"the router `{item.name}` has no entrypoints: it would answer on all of them",
                f"add `traefik.{item.section}.routers.{item.name}.entrypoints: websecure`",
            )  # fmt: skip
        for name in item.words("entrypoints"):
            if name not in self.world.entrypoints:
                known = self.world.entrypoints
                hint = did_you_mean(name, known, f"there are {', '.join(known)}")
                yield item.label("entrypoints"), f"there is no entrypoint `{shown(name)}`", hint

    def _default_service(self, item: Item) -> Found:
        own = sorted(name for section, name in self.container if section == item.section)
        if len(own) == 1:
            return
        names = ", ".join(name.partition("@")[0] for name in own)
        why = f"`{names}` exist, and Traefik drops a router that doesn't name one" if own else "the container has none"
        yield (
            item.label("rule"), f"the router `{item.name}` has no service: {why}",
            f"add `traefik.{item.section}.routers.{item.name}.service`",
        )  # fmt: skip

    def _named(self, item: Item, what: str, name: str, known: Collection[tuple[str, str]], option: str) -> Found:
        if (item.section, self.world.known_as(name)) in known:
            return
        candidates = [found for section, found in known if section == item.section]
        in_file = f"{name.partition('@')[0]}@file"
        near = in_file if in_file in candidates else suggest(name, candidates)
        hint = f"did you mean `{near}`?" if near else f"define it, or name one that exists: {_few(candidates)}"
        yield item.label(option), f"there is no {what} `{shown(name)}` for {item.section.upper()}", hint

    def _service(self, item: Item) -> Found:
        if not item.get("loadbalancer.server.port") and not item.get("loadbalancer.server.url"):
            yield (
                item.label(), f"the service `{item.name}` has no port: Traefik drops the container if its image "
                "doesn't expose one", f"add `traefik.{item.section}.services.{item.name}.loadbalancer.server.port`",
            )  # fmt: skip
        if transport := item.get("loadbalancer.serverstransport"):
            yield (
                item.label("loadbalancer.serverstransport"), f"there is no servers transport `{shown(transport)}`",
                "use `kind: external` with `insecure: true`, or leave it out",
            )  # fmt: skip

    def _middleware(self, item: Item) -> Found:
        kinds = sorted({option.partition(".")[0] for option in item.options})
        if len(kinds) > 1:
            yield (
                item.label(), f"the middleware `{item.name}` has several kinds: {', '.join(kinds)}",
                "give each its own name",
            )  # fmt: skip
        for name in item.words("chain.middlewares"):
            yield from self._named(item, "middleware", name, self.middlewares, "chain.middlewares")
        if name := item.get("errors.service"):
            yield from self._named(item, "service", name, self.services, "errors.service")
        if kinds == ["plugin"]:
            yield item.label(), "the edge has no plugins", "they need a part of the static configuration"
        yield from _values(item)


def _few(names: Collection[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:5]) + ", …" * (len(listed) > 5) if listed else "none is"


def _rule(item: Item) -> Found:
    rule = item.get("rule")
    if not rule.strip():
        yield item.label("rule"), f"the router `{item.name}` has no rule", "add one like ``Host(`name.example.com`)``"
        return
    if item.get("rulesyntax", "v3").lower() not in ("v3", "default"):
        yield item.label("rulesyntax"), "write the rule in the syntax of Traefik 3", "remove `rulesyntax`"
        return
    try:
        tree = parse_rule(rule, "tcp" if item.section == "tcp" else "http")
    except ValueError as error:
        yield item.label("rule"), f"the rule of `{item.name}`: {error}", "Traefik disables the router"
        return
    names_a_host = any(one.name.startswith("HostSNI") and one.args[0] != "*" for one in matches(tree))
    if item.section == "tcp" and not item.has_tls and names_a_host:
        yield (
            item.label("rule"), f"the router `{item.name}` matches a host, but without TLS no host is known",
            f"add `traefik.tcp.routers.{item.name}.tls: true`",
        )  # fmt: skip


def _tls(item: Item, resolver: str | None) -> Found:
    name = f"traefik.{item.section}.routers.{item.name}.tls"
    if item.section == "http" and "websecure" in item.words("entrypoints") and not item.has_tls:
        yield (
            item.label("entrypoints"), f"the router `{item.name}` has no TLS, and browsers require it on "
            "`websecure`", f"add `{name}.certresolver: {resolver}`" if resolver else f'add `{name}: "true"`',
        )  # fmt: skip
    named = item.get("tls.certresolver")
    if named and named != resolver:
        yield (
            item.label("tls.certresolver"), f"there is no certificate resolver `{shown(named)}`",
            f"the edge's is `{resolver}`" if resolver else f'certificates are files here: write `{name}: "true"`',
        )  # fmt: skip
    if named and item.get("tls.passthrough") in TRUE:
        yield (
            item.label("tls.certresolver"), f"`{item.name}` passes TLS through: nobody would see its certificate",
            "the service has its own certificate: remove the resolver, or the passthrough",
        )  # fmt: skip
    options = item.get("tls.options")
    if options and options not in _TLS_OPTIONS:
        yield item.label("tls.options"), f"there are no TLS options `{shown(options)}`", "leave it out"


def _values(item: Item) -> Found:
    """Values that Traefik reads but can't use."""
    for option in ("ipallowlist.sourcerange", "ipwhitelist.sourcerange"):
        for address in item.words(option):
            if not is_network(address):
                yield item.label(option), f"`{shown(address)}` is not a range of addresses", "write 192.0.2.0/24"
    for option in ("redirectregex.regex", "replacepathregex.regex"):
        if option in item.options:
            try:
                check_regex(item.get(option))
            except ValueError as error:
                yield item.label(option), str(error), "Traefik disables every router that uses it"
    for kind in ("basicauth", "digestauth"):
        named = any(option.startswith(f"{kind}.") for option in item.options)
        if named and not item.words(f"{kind}.users") and not item.get(f"{kind}.usersfile"):
            yield item.label(), f"the middleware `{item.name}` has no users: nobody could log in", "add them"
