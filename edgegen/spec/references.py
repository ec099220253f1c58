"""Names that must exist elsewhere in the spec: services, secrets, networks, volumes, middlewares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from edgegen.core.circles import arrows, circle_through, in_circles
from edgegen.core.location import Path
from edgegen.core.mention import Mention, What
from edgegen.core.suggest import suggest
from edgegen.spec import BASE
from edgegen.spec.covered import uncovered_hosts
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, SOCKET_PROXY
from edgegen.spec.mounted import taken_secret_names, twice_mounted
from edgegen.spec.problems import Complaint
from edgegen.spec.service import ServiceBase
from edgegen.spec.variables import has_variables
from edgegen.traefik.labels import middleware_labels
from edgegen.traefik.middlewares import HTTP, MIDDLEWARES, TCP, TCP_MIDDLEWARES, Middleware, tcp_form

if TYPE_CHECKING:
    from edgegen.spec.container import Container

PRESETS = ("secure-headers",)
DEFAULT_DNS_TOKEN = "cloudflare-api-token"  # noqa: S105  # the name of a secret, not one
_MOST_MIDDLEWARES = 100
"""Of one service. Several of one kind get names that grow longer with each."""
RESERVED = dict.fromkeys((EDGE, SOCKET_PROXY), "it is the edge's own service")
HTTPS_ONLY, HSTS, RETRY = "https-only", "hsts", "retry-unsent"
"""Middlewares that the edge puts before services by itself."""


class _Names(Struct, frozen=True):
    """What a name may refer to, gathered once: a spec may have ten thousand references."""

    declared: Mapping[What, Collection[str]]
    chains: Mapping[str, Collection[str]]
    circling: Collection[str]
    """Chains that hold themselves; Traefik disables every router that uses one."""

    @classmethod
    def of(cls, spec: Spec) -> _Names:
        chains = {name: item.chained for name, item in spec.middlewares.items()}
        services = spec.services.items()
        by_name = spec.has_own_edge
        return cls(
            declared={
                "secret": spec.secrets,
                "config": spec.configs,
                "network": {*spec.networks, "default", *([] if spec.edge.is_none else [spec.edge.network])},
                "volume": spec.volumes,
                "middleware": {*spec.middlewares, *PRESETS},
                "service": {name for name, service in services if service.runs_here},
                "HTTP service": {
                    name
                    for name, item in services
                    if item.speaks_http and item.has_server and (item.own_hosts or (by_name and _has_port(item)))
                },
            },
            chains=chains,
            circling=in_circles(chains),
        )


_HOW: Mapping[What, str] = {
    "secret": "declare it: `secrets: {%s: {generate: 32}}`",
    "config": "declare it: `configs: {%s: {file: %s}}`",
    "network": "declare it: `networks: {%s: {}}`",
    "volume": "declare it: `volumes: {%s: {}}`",
    "middleware": "declare it: `middlewares: {%s: {kind: …}}`",
    "service": "name a service that runs here",
    "HTTP service": "name a service that has a `host`, or a container with a `port`",
}
"""What to do about a name that nobody has declared."""


def broken_references(spec: Spec) -> Iterator[Complaint]:
    """Every name that points nowhere, with a did-you-mean."""
    names = _Names.of(spec)
    for name, service in spec.services.items():
        at: Path = ("services", name)
        if name in RESERVED:
            yield _taken(at, f"the name `{name}` is taken: {RESERVED[name]}", "service")
        yield from _service_references(spec, names, service, at)
    if BASE in spec.environments:
        message = f"the name `{BASE}` is taken: `-e {BASE}` is the spec without an environment"
        yield _taken(("environments", BASE), message, "environment")
    yield from _taken_names(spec)
    yield from _twice_named(spec)
    for name, middleware in spec.middlewares.items():
        at = ("middlewares", name)
        yield from _all_mentioned(spec, names, middleware.names_used(), at)
        if name in names.circling:
            circle = arrows(circle_through(name, names.chains))
            yield Complaint(at, f"the chain holds itself: {circle}", "remove one of these names")
    yield from _all_mentioned(spec, names, spec.acme.names_used(), ("acme",))
    yield from taken_secret_names(spec)
    yield from twice_mounted(spec)
    yield from _endless_ways(spec)
    yield from _misshapen_extra(spec)
    yield from uncovered_hosts(spec)


def _endless_ways(spec: Spec) -> Iterator[Complaint]:
    """Hosts that are redirected to themselves, and caches of themselves, directly or by way of others. Paths are left
    out: another service may serve them."""
    owners = {host: name for name, service in spec.services.items() if service.leads_to for host in service.own_hosts}
    graph = {name: [owners[to]] for name, service in spec.services.items() if (to := service.leads_to) in owners}
    circling = in_circles(graph)
    for name in filter(circling.__contains__, graph):
        circle = arrows(circle_through(name, graph))
        what, key = spec.services[name].leads_by
        message = f"this {what} leads back to itself: {circle}"
        yield Complaint(("services", name, key), message, "name a host that answers")


def _misshapen_extra(spec: Spec) -> Iterator[Complaint]:
    """What `extra:` can't add to: sections that would be no sections any more, and what edgegen names itself."""
    mapping = "expected a mapping (`key: value` lines)"
    for key in ("services", "networks", "volumes", "secrets", "configs"):
        if key in spec.extra and not isinstance(spec.extra[key], dict):
            yield Complaint(("extra", key), mapping)
        elif key == "services":
            for name, service in spec.extra.get(key, {}).items():
                if not isinstance(service, dict):
                    yield Complaint(("extra", key, name), mapping)
    for key in ("name", "x-logging", "x-edge-labels"):
        if key in spec.extra:
            yield Complaint(("extra", key), f"`{key}` is written by edgegen itself", "choose another key", at_key=True)


def _taken_names(spec: Spec) -> Iterator[Complaint]:
    """Names that edgegen itself gives: a second owner would silently replace what the edge relies on."""
    own_edge = spec.has_own_edge
    if own_edge and spec.edge.docker_socket == "proxy" and "socket" in spec.networks:
        yield _taken(("networks", "socket"), "the network `socket` is the socket proxy's own", "network")
    if own_edge and spec.edge.network == "socket":
        yield Complaint(
            ("edge", "network"), "the network `socket` is the socket proxy's own", "give the network another name"
        )
    if not spec.edge.is_none and spec.edge.network in spec.networks and spec.networks[spec.edge.network].internal:
        yield Complaint(
            ("networks", spec.edge.network, "internal"),
            f"`{spec.edge.network}` is Traefik's own network: with `internal` no traffic gets in or out",
            "give the services behind it their own internal network",
        )
    declared = None if spec.edge.is_none else spec.networks.get(spec.edge.network)
    if declared and declared.name and has_variables(declared.name):
        yield Complaint(
            ("networks", spec.edge.network, "name"),
            "Traefik needs the real name of its network, which a variable is not",
            "write the name instead of a variable",
        )
    private = (service.private_network(name) for name, service in spec.services.items())
    for network in filter(None, private):
        message = f"the network `{network}` is an anonymous registry's own"
        if network in spec.networks:
            yield _taken(("networks", network), message, "network")
        if network == spec.edge.network:
            yield Complaint(("edge", "network"), message, "give the network another name")
    if spec.edge.dashboard and "dashboard" in spec.services:
        yield _taken(("services", "dashboard"), "the name `dashboard` is taken by Traefik's own", "service")
    for name in spec.middlewares:
        # Of several of one kind in a service the later ones are called `NAME-KIND-next`, `NAME-KIND-next-next` …
        plain = re.sub(r"(-next)+$", "", name)
        if name in (HTTPS_ONLY, HSTS, RETRY) or _is_made(spec, name) or _is_made(spec, plain):
            yield _taken(("middlewares", name), f"the name `{name}` is edgegen's own", "middleware")


def _is_made(spec: Spec, name: str) -> bool:
    """Whether edgegen may call a middleware of a service, or of the dashboard, by this name."""
    owners = {kind: name.removesuffix(f"-{kind}") for kind in (*MIDDLEWARES, "to-host", "users")}
    return any(
        owner != name and (owner in spec.services or (owner == "dashboard" and kind in MIDDLEWARES))
        for kind, owner in owners.items()
    )


def _twice_named(spec: Spec) -> Iterator[Complaint]:
    """`x` with secure-headers in place, and `x-secure` with headers: both are named `x-secure-headers`.

    Traefik drops a middleware that two containers define differently, and every router that uses it.
    """
    owners: dict[str, str] = {}
    for name, service in spec.services.items():
        for place, use in service.middlewares_in_place():
            if (owner := owners.setdefault(f"{name}-{use.kind}", name)) != name:
                message = f"Traefik would know it as `{name}-{use.kind}`, as it does the one of `{owner}`"
                hint = "declare it under `middlewares:` and use it by its name"
                yield Complaint(("services", name, *place), message, hint)


def _taken(path: Path, message: str, what: str) -> Complaint:
    return Complaint(path, message, f"give the {what} another name", at_key=True)


def _mentioned(spec: Spec, names: _Names, mention: Mention, at: Path, *, tcp: bool = False) -> Iterator[Complaint]:
    """What is wrong with a name; `at` is the part of the spec that gives it."""
    what, name, path = mention.what, mention.name, (*at, *mention.at)
    known = names.declared[what]
    if name in known:
        if what == "middleware":
            yield from _other_family(spec, name, path, tcp=tcp)
        elif what == "HTTP service" and _runs_nowhere(spec.services[name]):
            yield Complaint(
                path,
                f"`{name}` has no replicas: Traefik then does not have the service, and disables every router that "
                "uses these error pages",
                f"give `{name}` at least one replica, or remove the error pages",
            )
        return
    how = _HOW[what].replace("%s", name)
    bare, sign, provider = name.partition("@")
    if sign and what == "middleware":  # as labels of Traefik name it
        declared = "" if bare in known else f", and {_HOW[what].replace('%s', bare)}"
        how = f"write `{bare}`, without `@{provider}`{declared}"
    elif what == "volume" and "/" in name:
        how = f"a file or folder of the project begins with `./`: write `./{name}`"
    elif near := suggest(name, known):
        how = f"did you mean `{near}`?"
    elif what == "middleware" and (in_place := (TCP if tcp else HTTP).in_place(name)):
        how = f"`{name}` is a kind: write `{in_place}`"
    yield Complaint(path, f"there is no {what} `{name}`", how)


def _service_references(spec: Spec, names: _Names, service: ServiceBase, at: Path) -> Iterator[Complaint]:
    if len(service.uses) > _MOST_MIDDLEWARES:
        message = f"{len(service.uses):,} middlewares, and at most {_MOST_MIDDLEWARES} are used by one service"
        yield Complaint((*at, "middlewares"), message, "every request passes through each of them: remove some")
    for index, use in enumerate(service.uses):
        place: Path = (*at, "middlewares", index)
        if isinstance(use, Middleware):
            yield from _all_mentioned(spec, names, use.names_used(), place)
            if service.runs_here:
                yield from _unlabelled(use, f"{at[-1]}-{use.kind}", place)
        else:
            yield from _mentioned(spec, names, Mention("middleware", use, ()), place, tcp=not service.speaks_http)
    yield from _all_mentioned(spec, names, service.names_used(), at)
    if container := service.as_container:
        for name in container.depends_on:
            yield from _asleep(spec, container, name, (*at, "depends_on", name))


def _unlabelled(middleware: Middleware, name: str, at: Path) -> Iterator[Complaint]:
    """A middleware in place becomes labels of the container, and these can't carry everything."""
    if not middleware.in_labels:
        return  # its users go into a file before it becomes labels; its other options are single values
    try:
        middleware_labels(name, middleware)
    except ValueError as error:
        yield Complaint(at, str(error))


def _other_family(spec: Spec, name: str, at: Path, *, tcp: bool) -> Iterator[Complaint]:
    """A middleware for HTTP on a tcp service, or the reverse: Traefik keeps the two apart."""
    declared = spec.middlewares.get(name)
    if tcp and (declared is None or tcp_form(declared) is None):
        # Left out silently, an allow-list would seem to protect what it does not.
        yield Complaint(
            at, f"`{name}` is for HTTP: a tcp service can't use it", f"for tcp there are {', '.join(TCP_MIDDLEWARES)}"
        )
    if not tcp and declared is not None and declared.is_tcp:
        yield Complaint(at, f"`{name}` is for tcp services: HTTP can't use it", "for HTTP there is `in-flight-req`")


def _all_mentioned(spec: Spec, names: _Names, mentions: Iterable[Mention], at: Path) -> Iterator[Complaint]:
    for mention in mentions:
        yield from _mentioned(spec, names, mention, at)


def _has_port(service: ServiceBase) -> bool:
    """Whether Traefik may ask a container without a host by its name, which only a file of its own Traefik can say."""
    container = service.as_container
    return container is not None and container.port is not None and container.scheme == "http"


def _runs_nowhere(service: ServiceBase) -> bool:
    container = service.as_container
    return container is not None and container.deploy is not None and container.deploy.replicas == 0


def _asleep(spec: Spec, service: Container, name: str, at: Path) -> Iterator[Complaint]:
    """A dependency whose profiles are not all of those that start this service: Compose calls it undefined."""
    other = spec.services[name].as_container if name in spec.services else None
    if other is None or not other.profiles or service.depends_on[name].required is False:
        return
    if not service.profiles or not set(service.profiles) <= set(other.profiles):
        how = "give both the same `profiles`, or say `required: false`"
        only = ", ".join(other.profiles)
        yield Complaint(at, f"`{name}` starts only with the profile {only}, and this service starts without it", how)
