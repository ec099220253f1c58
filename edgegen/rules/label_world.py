"""What edgegen itself configures in Traefik for a spec, and what `traefik_labels` add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from edgegen.compose.model import plain
from edgegen.kinds import Context, Parts, parts_of
from edgegen.kinds.middlewares import shared_middlewares
from edgegen.kinds.routing import as_dynamic, edge_middlewares, http_routes
from edgegen.spec.edge import Spec
from edgegen.spec.service import ServiceBase
from edgegen.spec.variables import has_variables, pieces
from edgegen.target_names import DEFAULT
from edgegen.targets import find_target, target_of
from edgegen.traefik.default_priority import default_priority
from edgegen.traefik.label_routing import Item, Section, items
from edgegen.traefik.middlewares import parse_middleware, tcp_form

DASHBOARD = "dashboard"


class Route(Struct, frozen=True):
    """A router with the service of edge.yaml that it belongs to. Its names are those of `World.known_as`."""

    owner: str
    section: Section
    name: str
    rule: str
    entrypoints: tuple[str, ...]
    middlewares: tuple[str, ...]
    service: str
    priority: int

    @property
    def redirects(self) -> bool:
        """Whether it is the one that redirects a service's further names to its host."""
        return any(name.partition("@")[0].endswith(f"{self.owner}-to-host") for name in self.middlewares)


class World(Struct, frozen=True):
    """Everything that Traefik knows about a spec."""

    spec: Spec
    provider: str
    """Traefik's provider of labels."""
    own: Mapping[str, Mapping[str, str]]
    """Service -> the labels that edgegen writes for it."""
    added: Mapping[str, Mapping[str, str]]
    """Service -> its `traefik_labels`, as Traefik gets them. A value with a variable stays as written."""
    unseen: Mapping[str, frozenset[str]]
    """Service -> those with a variable, whose values are unknown here."""
    routes: tuple[Route, ...]
    """edgegen's routers, of labels and of files."""
    middlewares: Mapping[tuple[Section, str], str]
    """What edgegen creates or the spec declares: (section, name) -> Traefik's name of the kind, lowercase."""
    chains: Mapping[str, tuple[str, ...]]
    """Name of a chain -> names in it."""
    services: Mapping[tuple[Section, str], str]
    """edgegen's services: (section, name) -> service of edge.yaml."""
    entrypoints: tuple[str, ...]
    resolver: str | None
    """Traefik's certificates resolver; None if certificates are files."""
    own_items: Mapping[str, list[Item]]
    """Service -> what edgegen's labels define."""
    added_items: Mapping[str, list[Item]]
    """Service -> what its `traefik_labels` define, or change, as far as it can be seen."""

    def known_as(self, name: str) -> str:
        """A name of labels without its provider, another one with it: `web`, `web@file`."""
        return _known_as(name, self.provider)


def _seen(labels: Mapping[str, str], unseen: frozenset[str]) -> list[Item]:
    return [
        item
        for item in items(labels)
        if not any(label in unseen and decides(label) for _, label in item.options.values())
    ]


def decides(label: str) -> bool:
    """Whether its value decides which requests go where, and through which middlewares."""
    words = label.strip().lower().split(".")
    kind, option = (words[2], words[4:]) if len(words) > 4 else ("", [])
    if kind == "routers":
        return option[0] != "observability"
    return (kind == "services" and "server" in option) or option[-2:] == ["chain", "middlewares"]


def _as_traefik_gets(value: str) -> str:
    return value if has_variables(value) else "".join(str(piece) for piece in pieces(value))


def _known_as(name: str, provider: str) -> str:
    return name.removesuffix(f"@{provider}")


def _known_in_file(name: str, provider: str) -> str:
    return _known_as(name, provider) if "@" in name else f"{name}@file"


class _Identical:
    """A spec by its identity. It never changes, and it can't be hashed."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec

    def __hash__(self) -> int:
        return id(self.spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identical) and other.spec is self.spec


def world(spec: Spec) -> World | None:
    """None if no service has `traefik_labels`: then nothing needs to be known."""
    return _world(_Identical(spec))


@lru_cache(maxsize=1)  # several rules ask for the same spec one after another
def _world(identical: _Identical) -> World | None:
    spec = identical.spec
    written = {name: labels for name, item in spec.services.items() if (labels := item.labels_by_hand)}
    if not written:
        return None
    added = {name: {key: _as_traefik_gets(text) for key, text in labels.items()} for name, labels in written.items()}
    unseen = {
        name: frozenset(key for key, text in labels.items() if has_variables(text)) for name, labels in written.items()
    }
    context = Context(spec, find_target(spec.target) or target_of(DEFAULT))
    parts = {name: _bare(context, name, service) for name, service in spec.services.items()}
    own = {name: _labels(part) for name, part in parts.items()}
    files = {name: part.dynamic for name, part in parts.items()}
    if spec.edge.dashboard and not spec.edge.use:
        users = parse_middleware({"kind": "basic-auth", "users_file": "/users"})
        routes = http_routes(context, DASHBOARD, [spec.edge.dashboard.host], uses=[users], service="api@internal")
        files[DASHBOARD] = as_dynamic(routes, None)
    shared = _shared(context, routed=any(files.values()))
    further = dict.fromkeys(entry.name for part in parts.values() for entry in part.entrypoints)
    labelled = {name: items(labels) for name, labels in own.items()}
    provider = context.target.provider
    return World(
        spec, provider, own, added, unseen,
        routes=(
            *(route_of(item, owner, provider) for owner, item in _of_labels(labelled, "routers")),
            *_routes_of_files(files, provider),
        ),
        middlewares=dict(_kinds(labelled, {**files, "": shared})),
        chains=_chains(shared, labelled, provider),
        services=dict(_services(labelled, files)),
        entrypoints=("web", "websecure", *further),
        resolver=context.resolver,
        own_items=labelled,
        added_items={name: _seen(labels, unseen[name]) for name, labels in added.items()},
    )  # fmt: skip


def _bare(context: Context, name: str, service: ServiceBase) -> Parts:
    """A service without its own labels."""
    keys: dict[str, Any] = {key: {} for key in ("labels", "traefik_labels") if key in type(service).model_fields}
    return parts_of(context, name, service.model_copy(update=keys))


def _labels(part: Parts) -> dict[str, str]:
    found = plain(part.service.labels) if part.service is not None else None
    return {str(key): str(value) for key, value in (found or {}).items()}


def _shared(context: Context, *, routed: bool) -> dict[str, Any]:
    """Middlewares in Traefik's files, by section. Another project's Traefik doesn't read this one's files."""
    if context.spec.edge.use:
        return {}
    declared = shared_middlewares(context.spec)
    http: dict[str, Any] = {name: item.dynamic() for name, item in declared.items() if not item.is_tcp}
    tcp = {name: form.dynamic() for name, item in declared.items() if (form := tcp_form(item))}
    if routed:
        http |= {name: item.dynamic() for name, item in edge_middlewares(context).items()}
    return {"http": {"middlewares": http}, "tcp": {"middlewares": tcp}}


def _of_labels(labelled: Mapping[str, list[Item]], kind: str) -> Iterator[tuple[str, Item]]:
    """Everything of a kind, each with the service that has it."""
    return ((owner, item) for owner, found in labelled.items() for item in found if item.kind == kind)


def _of_files(files: Mapping[str, Any], section: str, kind: str) -> Iterator[tuple[str, str, Any]]:
    """The same of Traefik's files, by the name that labels have for it: owner, `web@file`, options."""
    for owner, dynamic in files.items():
        for name, data in dynamic.get(section, {}).get(kind, {}).items():
            yield owner, f"{name}@file", data


def route_of(item: Item, owner: str, provider: str) -> Route:
    """A router of labels."""
    names = tuple(_known_as(name, provider) for name in item.words("middlewares"))
    return Route(
        owner, item.section, item.name, item.get("rule"), item.words("entrypoints"), names,
        _known_as(item.get("service"), provider), item.priority,
    )  # fmt: skip


def _routes_of_files(files: Mapping[str, Any], provider: str) -> Iterator[Route]:
    for owner, name, data in _of_files(files, "http", "routers"):
        rule = data["rule"]
        names = tuple(_known_in_file(use, provider) for use in data.get("middlewares", ()))
        service = _known_in_file(data["service"], provider)
        priority = data.get("priority") or default_priority(rule)
        yield Route(owner, "http", name, rule, tuple(data["entryPoints"]), names, service, priority)


def _kinds(labelled: Mapping[str, list[Item]], files: Mapping[str, Any]) -> Iterator[tuple[tuple[Section, str], str]]:
    for _, item in _of_labels(labelled, "middlewares"):
        yield (item.section, item.name), next(iter(item.options)).partition(".")[0]
    sections: tuple[Section, ...] = ("http", "tcp")
    for section in sections:
        for _, name, data in _of_files(files, section, "middlewares"):
            yield (section, name), next(iter(data)).lower()


def _chains(shared: Mapping[str, Any], labelled: Mapping[str, list[Item]], provider: str) -> dict[str, tuple[str, ...]]:
    found = {
        name: tuple(_known_in_file(use, provider) for use in data["chain"]["middlewares"])
        for _, name, data in _of_files({"": shared}, "http", "middlewares")
        if "chain" in data
    }
    for _, item in _of_labels(labelled, "middlewares"):
        if "chain.middlewares" in item.options:
            found[item.name] = tuple(_known_as(name, provider) for name in item.words("chain.middlewares"))
    return found


def _services(
    labelled: Mapping[str, list[Item]], files: Mapping[str, Any]
) -> Iterator[tuple[tuple[Section, str], str]]:
    yield from (((item.section, item.name), owner) for owner, item in _of_labels(labelled, "services"))
    yield from ((("http", name), owner) for owner, name, _ in _of_files(files, "http", "services"))
