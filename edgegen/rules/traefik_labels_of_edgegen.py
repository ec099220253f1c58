"""`traefik_labels` that set, rename or duplicate what edgegen sets.

What it does
    Refuses `traefik.enable` and the network, labels that edgegen writes, changes to its routers and middlewares, other
    ports or URLs for its services, and a name that is already another service's.
    Its services may get further options (sticky sessions, health checks), its routers `observability`.

Why
    In one container the later label replaces edgegen's. If two containers define one name differently, Traefik drops
    both.

Example
    `traefik_labels: {traefik.http.routers.web-https.middlewares: gzip}`

Instead
    The key of edge.yaml: `middlewares: [gzip]`; or a new name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.show import shown
from edgegen.rules.label_keys import instead
from edgegen.rules.label_world import World, world
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.label_routing import Item
from edgegen.traefik.label_words import faults
from edgegen.traefik.named import SINGULAR

ID = "ER024"

_PROVIDER = ("traefik.enable", "traefik.docker.network", "traefik.swarm.network", "traefik.docker.lbswarm")
_MOVES = ("loadbalancer.server.port", "loadbalancer.server.url", "loadbalancer.server.scheme")


def check(spec: Spec) -> Iterator[Violation]:
    """What is edgegen's, and what is another service's."""
    known = world(spec)
    if known is None:
        return
    makers = _makers(known)
    taken: dict[tuple[str, str, str], tuple[str, Item]] = {}
    for service, labels in known.added.items():
        yield from _of_the_container(known, service, labels)
        for item in known.added_items[service]:
            key = (item.section, item.kind, item.name.lower())
            if (maker := makers.get(key)) is not None:
                yield from _edgegens(known, service, item, maker)
            elif (first := taken.setdefault(key, (service, item))) and first[0] != service:
                yield from _doubled(service, item, *first)


def _makers(known: World) -> dict[tuple[str, str, str], str]:
    """Everything with a name that edgegen defines in labels -> the service that has it, or "" for all of them."""
    found: dict[tuple[str, str, str], str] = {}
    for service, own in known.own_items.items():
        for item in own:
            key = (item.section, item.kind, item.name.lower())
            found[key] = service if key not in found else ""
    return found


def _of_the_container(known: World, service: str, labels: Mapping[str, str]) -> Iterator[Violation]:
    own = {label.lower() for label in known.own[service]}
    for label, value in labels.items():
        at = ("services", service, "traefik_labels", label)
        meant = label.strip().lower()
        if meant in _PROVIDER:
            yield Violation(at, f"`{shown(label)}` is written by edgegen itself", "remove it")
        elif meant in own:
            yield Violation(at, f"`{shown(label, 120)}` is written by edgegen itself", instead(label, value))
        elif meant.startswith(("traefik.http.models", "traefik.tls.stores.")) and not faults({label: value}):
            yield Violation(at, f"`{shown(label, 120)}` affects every host of the edge", "remove it")


def _edgegens(known: World, service: str, item: Item, maker: str) -> Iterator[Violation]:
    """Options for something that edgegen creates. Labels that it writes itself are reported before, one by one."""
    own = {label.lower() for label in known.own[service]}
    further = {option: said for option, said in item.options.items() if said[1].lower() not in own}
    if further and maker != service:
        whose = f"of the service `{maker}`" if maker else "of every service"
        message = f"the {SINGULAR[item.kind]} `{item.name}` is edgegen's own, {whose}"
        yield Violation(_at(service, next(iter(further.values()))[1]), message, "give it another name")
        return
    for option, (value, label) in further.items():
        if _adds(item, option):
            continue
        yield Violation(
            _at(service, label),
            f"`{shown(label, 120)}` changes the {SINGULAR[item.kind]} `{item.name}`, edgegen's own",
            instead(label, value) if item.kind != "middlewares" else "define your own middleware, under another name",
        )  # fmt: skip


def _adds(item: Item, option: str) -> bool:
    if item.kind == "services":
        return option not in _MOVES
    return item.kind == "routers" and option.startswith("observability.")


def _doubled(service: str, item: Item, first: str, other: Item) -> Iterator[Violation]:
    same = {name: value for name, (value, _) in item.options.items()} == {
        name: value for name, (value, _) in other.options.items()
    }
    if item.kind == "middlewares" and same and item.name == other.name:
        return
    why = "Traefik would send requests to both" if item.kind == "services" else "Traefik drops both if they differ"
    yield Violation(
        _at(service, item.label()), f"`{first}` has a {SINGULAR[item.kind]} `{other.name}` too: {why}",
        "give one of them another name",
    )  # fmt: skip


def _at(service: str, label: str) -> tuple[str, ...]:
    return ("services", service, "traefik_labels", label)
