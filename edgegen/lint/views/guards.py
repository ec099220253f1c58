"""Which middlewares a router's requests pass, and whether one of them keeps the public out."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from edgegen.lint.defined import full_name
from edgegen.lint.edge import Defined, Edge
from edgegen.lint.model import Spot
from edgegen.lint.statics import router_entrypoints
from edgegen.traefik.guarding import HARMLESS, LIMITS

_OPEN = HARMLESS | LIMITS | {"chain"}


class Guarded(Enum):
    """Whether a router keeps the public out."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def guarded(edge: Edge, router: Defined) -> Guarded:
    """Whether anything guards a router: a login, an allow list, a rule about addresses or headers."""
    rule = router.text("rule").lower()
    if "clientip(" in rule or "header(" in rule or "headerregexp(" in rule or "headers(" in rule:
        return Guarded.YES
    if router.text("tls.options") or _hidden(edge, router):
        return Guarded.UNKNOWN
    kinds = [kind for kind, _, _ in kinds_before(edge, router)]
    if any(kind and kind not in _OPEN for kind in kinds):
        return Guarded.YES
    return Guarded.UNKNOWN if "" in kinds else Guarded.NO


def kinds_before(edge: Edge, router: Defined) -> Iterator[tuple[str, str, Spot]]:
    """(kind, name, place of the reference) of each middleware; the kind is empty where nobody here defines it."""
    place = router.place("middlewares")
    names = [(name, router.provider, place) for name in router.words("middlewares")]
    names += [(name, router.provider, spot) for name, spot in _of_entrypoints(edge, router)]
    seen: set[str] = set()
    while names:
        name, provider, spot = names.pop(0)
        if (full := full_name(name, provider)) in seen:
            continue
        seen.add(full)
        found = edge.find(router.section, "middlewares", name, provider)
        if not found:
            yield "", name, spot
        for middleware in found:
            for kind in _kinds(middleware):
                yield kind, name, spot
            names += [(part, middleware.provider, spot) for part in middleware.words("chain.middlewares")]


def _kinds(middleware: Defined) -> set[str]:
    if middleware.item is not None:
        return {option.partition(".")[0] for option in middleware.item.options if option}
    return {str(key).lower() for key in middleware.data}


def _of_entrypoints(edge: Edge, router: Defined) -> Iterator[tuple[str, Spot]]:
    """Middlewares that an entrypoint puts before each of its routers."""
    for traefik in edge.project.traefiks:
        for name in router_entrypoints(traefik, router):
            value = traefik.static.get(f"entrypoints.{name}.http.middlewares")
            if value is not None:
                yield from ((word.strip(), value.spot) for word in value.text.split(","))


def _hidden(edge: Edge, router: Defined) -> bool:
    """Whether a variable hides which middlewares there are, or an entrypoint that was not read may add some."""
    label = f"traefik.{router.section}.routers.{router.name}.".lower()
    ends = ("middlewares", "rule", "tls.options")
    if any(not v.known and k.lower().startswith(label) and k.lower().endswith(ends) for k, v in router.labels.items()):
        return True
    return any(traefik.static.hidden for traefik in edge.project.traefiks)
