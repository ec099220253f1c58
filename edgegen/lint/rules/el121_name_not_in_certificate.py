"""A host that is not among the names of the certificate which is ordered for it.

What it does
    Compares the hosts of a TLS router with the names under `tls.domains`, its own or those of all its entrypoints, and
    with what other routers here order. A wildcard covers one level: `*.example.com` neither `example.com` nor
    `a.b.example.com`. Where dynamic files or a store have certificates, nothing is reported.

Why
    With `tls.domains` Traefik orders exactly these names, and no longer the hosts of the rule. It serves any other host
    with its own self-signed certificate, and its log is empty.

Example
    ``rule=Host(`example.com`)`` on an entrypoint with `http.tls.domains[0].main=*.example.com`

Instead
    `http.tls.domains[0].main=example.com` and `http.tls.domains[0].sans=*.example.com`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.certificates.names import covers
from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project, Spot, Static
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.traefik.go_values import TRUE
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL121", "name-not-in-certificate", Severity.MEDIUM, Confidence.MEDIUM)
_NAMES = late_pattern(r"tls\.domains\[\d+\]\.(?:main|sans)(?:\[\d+\])?")


def check(project: Project) -> Iterator[Found]:
    """TLS routers whose certificate has names of its own choice."""
    edge = edge_of(project)
    if edge.traefik is None or not edge.files_are_sure:
        return
    routers = [router for router in edge.of("routers") if router.section != "udp" and edge.takes(router)]
    if not _are_known(edge.traefik.static):
        return
    chosen = [(router, names) for router in routers if (names := _chosen(edge, router))]
    if not chosen or edge.may_have_certificates or not all(router.known and router.whole for router in routers):
        return
    ordered = {name for router in routers for name in _ordered(edge, router)}
    ordered |= {name for names in _of_entrypoints(edge.traefik.static).values() for name in names}
    for router, names in chosen:
        hosts = [host for host in hosts_of(router.text("rule")) if "*" not in host and "." in host]
        lacking = next((host for host in hosts if not covers(ordered, host)), "")
        if lacking:
            yield _found(router, lacking, names)


def _found(router: Defined, host: str, names: list[str]) -> Found:
    listed = ", ".join(f"`{shown(name)}`" for name in names[:3]) + ", …" * (len(names) > 3)
    message = f"the certificate of the router `{shown(router.name)}` is for {listed}, and its host `{shown(host)}` "
    has_own = _own(router) != []
    spot: Spot = router.place("tls.domains") if has_own else router.place("rule")
    hint = "add it to `tls.domains`" + ("" if has_own else " of the entrypoint")
    return Found(router.owner, message + "gets Traefik's own", spot, hint)


def _ordered(edge: Edge, router: Defined) -> list[str]:
    """The names that Traefik orders for a router."""
    if not (router.has("tls.certresolver") or _resolvers(edge, router)) or router.text("tls.passthrough") in TRUE:
        return []
    return _chosen(edge, router) or list(hosts_of(router.text("rule")))


def _chosen(edge: Edge, router: Defined) -> list[str]:
    """The names that it chooses instead of those of its rule; empty where it chooses none."""
    if router.text("tls.passthrough") in TRUE:
        return []
    if router.has_tls:
        return _own(router) if router.has("tls.certresolver") else []
    return [name for names in _resolvers(edge, router).values() for name in names]


def _resolvers(edge: Edge, router: Defined) -> Mapping[str, list[str]]:
    """The names of each of its entrypoints that has a resolver. Only a router without `tls` gets them."""
    if edge.traefik is None or router.has_tls or router.section != "http":
        return {}
    known = _of_entrypoints(edge.traefik.static)
    return {name: known[name] for name in router_entrypoints(edge.traefik, router) if name in known}


def _of_entrypoints(static: Static) -> dict[str, list[str]]:
    """Each entrypoint with a resolver -> the names under its `http.tls.domains`."""
    found: dict[str, list[str]] = {}
    for name in static.names("entrypoints"):
        start = f"entrypoints.{name}.http.".lower()
        if static.get(f"{start}tls.certresolver") is not None:
            texts = (value.text for option, value in static.options.items()
                     if option.startswith(start) and _NAMES.fullmatch(option[len(start):]))  # fmt: skip
            found[name] = _split(texts)
    return found


def _are_known(static: Static) -> bool:
    options = (value for option, value in static.options.items() if ".http.tls.domains[" in option)
    return all(value.known for value in options)


def _own(router: Defined) -> list[str]:
    if router.item is not None:
        return _split(text for option, (text, _) in router.item.options.items() if _NAMES.fullmatch(option))
    entries = router.value_in_file("tls.domains")
    texts: list[str] = []
    for entry in entries if isinstance(entries, list) else ():
        words = {str(key).lower(): value for key, value in entry.items()} if isinstance(entry, Mapping) else {}
        texts.append(str(words.get("main") or ""))
        more = words.get("sans")
        texts += map(str, more if isinstance(more, list) else [more or ""])
    return _split(texts)


def _split(texts: Iterator[str] | list[str]) -> list[str]:
    return [name.strip().lower() for text in texts for name in text.split(",") if name.strip()]
