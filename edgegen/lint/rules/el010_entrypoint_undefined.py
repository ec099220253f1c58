"""An entrypoint that Traefik does not have.

What it does
    Compares the entrypoints of each router with those of the project's Traefik. Names are case-sensitive, and a UDP
    router has none unless it names one, whose address ends with `/udp`.

Why
    A router without any existing entrypoint is disabled. One with a wrong name and a right one works, with a
    warning.

Example
    `traefik.http.routers.web.entrypoints=https`, where the flags say `--entrypoints.websecure.address=:443`

Instead
    `traefik.http.routers.web.entrypoints=websecure`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.corrections import renamed
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.references import out_of_sight
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL010", "entrypoint-undefined", Severity.HIGH)
_OPTION = "entrypoints"
_SYNONYMS = {
    "http": "web", "https": "websecure", "web-secure": "websecure", "web": "http", "websecure": "https",
    "web_secure": "websecure", "secure": "websecure", "insecure": "web",
}  # fmt: skip
"""What many call the same port."""


def check(project: Project) -> Iterator[Found]:
    """Entrypoints of routers."""
    edge = edge_of(project)
    known = _known(edge)
    if known is None:
        if users := [router for router in edge.of("routers") if router.words(_OPTION)]:
            yield out_of_sight(
                users, _OPTION, (name for router in users for name in router.words(_OPTION)), "entrypoints"
            )
        return
    protocols = _protocols(edge)
    for router in edge.of("routers"):
        yield from _of_router(router, known)
        yield from _of_other_protocol(router, protocols)


def _known(edge: Edge) -> set[str] | None:
    """The names that Traefik has; the one of its API exists where something listens there."""
    if edge.entrypoints is None or edge.traefik is None:
        return None
    names = set(edge.entrypoints)
    if not names:  # then Traefik makes one itself
        return None
    return names | {"traefik"} if edge.traefik.static.has("api") or edge.traefik.static.has("ping") else names


def _protocols(edge: Edge) -> Mapping[str, bool]:
    """Name -> whether an entrypoint is one for UDP, for those whose address is known."""
    if edge.traefik is None:
        return {}
    addresses = {name: edge.traefik.static.get(f"entrypoints.{name}.address") for name in edge.entrypoints or ()}
    return {name: said.text.lower().endswith("/udp") for name, said in addresses.items() if said and said.known}


def _of_other_protocol(router: Defined, protocols: Mapping[str, bool]) -> Iterator[Found]:
    """Traefik takes a UDP entrypoint for missing where a TCP or HTTP router names it, and the other way round."""
    is_udp = router.section == "udp"
    named = router.words(_OPTION)
    wrong = [name for name in named if protocols.get(name, is_udp) is not is_udp]
    for name in wrong:
        whose, its = ("UDP", "TCP") if is_udp else (router.section.upper(), "UDP")
        effect = "and the router is disabled" if len(wrong) == len(named) else "and the router ignores it"
        message = f"the {whose} router `{shown(router.name)}` names `{shown(name)}`, an entrypoint for {its}, {effect}"
        hint = f"name an entrypoint whose address {'ends with' if is_udp else 'has no'} `/udp`"
        severity = None if len(wrong) == len(named) else Severity.MEDIUM
        yield Found(router.owner, message, router.place(_OPTION, name), hint, severity)


def _of_router(router: Defined, known: set[str]) -> Iterator[Found]:
    named = router.words(_OPTION)
    if named and router.has_gap(_OPTION):
        message = f"the list of entrypoints of `{shown(router.name)}` has a comma too many, and Traefik complains"
        yield Found(router.owner, message, router.place(_OPTION), "remove the comma", Severity.LOW)
    if router.section == "udp" and not router.has(_OPTION):
        message = f"Traefik disables the UDP router `{shown(router.name)}`: it names no entrypoint"
        yield Found(router.owner, message, router.spot, "add `entrypoints`")
    there = [name for name in named if name in known]
    for name in named:
        if name in there or "{" in name:
            continue
        effect = f"and the router `{shown(router.name)}` is disabled" if not there else "and ignores the name"
        near = suggest(name, known) or (_SYNONYMS.get(name.lower()) if _SYNONYMS.get(name.lower()) in known else None)
        hint = f"did you mean `{near}`?" if near else f"it has {', '.join(sorted(known))}"
        message = f"this Traefik has no entrypoint `{shown(name)}`, {effect}"
        severity = None if not there else Severity.MEDIUM
        correction = renamed(router, _OPTION, name, near) if near else None
        yield Found(router.owner, message, router.place(_OPTION, name), hint, severity, fix=correction)
