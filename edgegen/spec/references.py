"""Names that must exist elsewhere in the spec: services, secrets, networks, volumes, middlewares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from edgegen.core.circles import arrows, circle_through, in_circles
from edgegen.core.suggest import suggest
from edgegen.spec import BASE
from edgegen.spec.base import SecretUse
from edgegen.spec.container import Container, Mount
from edgegen.spec.covered import uncovered_hosts
from edgegen.spec.edge import AnyService, Spec
from edgegen.spec.mounted import config_example, contradicting_modes, taken_secret_names
from edgegen.spec.problems import Complaint, Path
from edgegen.spec.registry import RegistryBase, RegistryCache, own_network
from edgegen.spec.variables import has_variables
from edgegen.traefik.labels import middleware_labels
from edgegen.traefik.middlewares import MIDDLEWARES, TCP_MIDDLEWARES, Middleware, tcp_form

PRESETS = ("secure-headers",)
DEFAULT_DNS_TOKEN = "cloudflare-api-token"  # noqa: S105  # the name of a secret, not one
_SPEAK_HTTP = ("container", "external", "registry", "registry-cache")
_MOST_MIDDLEWARES = 100
"""Of one service. Those of one kind are told apart by names that grow with their number."""
RESERVED = {
    "traefik": "it is the edge's own service",
    "docker-socket-proxy": "it is the edge's own service",
}


@dataclass(frozen=True, slots=True)
class _Names:
    """What a name may refer to, gathered once: a spec may have ten thousand references."""

    networks: Collection[str]
    middlewares: Collection[str]
    running: Collection[str]
    """Services that run here."""
    public: Collection[str]
    """Services that answer HTTP to the world."""
    chains: Mapping[str, Collection[str]]
    circling: Collection[str]
    """Chains that hold themselves; Traefik disables every router that uses one."""

    @classmethod
    def of(cls, spec: Spec) -> _Names:
        chains = {name: tuple(getattr(item, "middlewares", ())) for name, item in spec.middlewares.items()}
        return cls(
            networks={*spec.networks, *([] if spec.edge.is_none else [spec.edge.network])},
            middlewares={*spec.middlewares, *PRESETS},
            running={name for name, service in spec.services.items() if isinstance(service, Container | RegistryBase)},
            public={name for name, item in spec.services.items() if item.own_hosts and item.kind in _SPEAK_HTTP},
            chains=chains,
            circling=in_circles(chains),
        )


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
        yield from _middleware_references(spec, names, middleware, at)
        if name in names.circling:
            circle = arrows(circle_through(name, names.chains))
            yield Complaint(at, f"the chain holds itself: {circle}", "remove one of these names")
    yield from _acme_references(spec)
    yield from taken_secret_names(spec)
    yield from contradicting_modes(spec)
    yield from _misshapen_extra(spec)
    yield from uncovered_hosts(spec)


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
            f"`{spec.edge.network}` is Traefik's own network: with `internal` it has no way in and none out",
            "give the services behind it an internal network of their own",
        )
    declared = None if spec.edge.is_none else spec.networks.get(spec.edge.network)
    if declared and declared.name and has_variables(declared.name):
        yield Complaint(
            ("networks", spec.edge.network, "name"),
            "Traefik must be told the real name of its network, and a variable is none",
            "write the name itself",
        )
    anonymous = [name for name, service in spec.services.items() if getattr(service, "anonymous", None)]
    for network in map(own_network, anonymous):
        message = f"the network `{network}` is an anonymous registry's own"
        if network in spec.networks:
            yield _taken(("networks", network), message, "network")
        if network == spec.edge.network:
            yield Complaint(("edge", "network"), message, "give the network another name")
    if spec.edge.dashboard and "dashboard" in spec.services:
        yield _taken(("services", "dashboard"), "the name `dashboard` is taken by Traefik's own", "service")
    made = {f"{service}-{kind}" for service in (*spec.services, "dashboard") for kind in MIDDLEWARES}
    made |= {f"{service}-{suffix}" for service in spec.services for suffix in ("to-host", "users")}
    for name in spec.middlewares:
        # Of several of one kind in a service the later ones are called `NAME-KIND-next`, `NAME-KIND-next-next` …
        plain = re.sub(r"(-next)+$", "", name)
        if name in ("https-only", "hsts") or name in made or plain in made:
            yield _taken(("middlewares", name), f"the name `{name}` is edgegen's own", "middleware")


def _twice_named(spec: Spec) -> Iterator[Complaint]:
    """`x` with secure-headers in place, and `x-secure` with headers: both are named `x-secure-headers`.

    Traefik drops a middleware that two containers define differently, and every router that uses it.
    """
    owners: dict[str, str] = {}
    for name, service in spec.services.items():
        for index, use in enumerate(getattr(service, "middlewares", [])):
            if isinstance(use, Middleware) and (owner := owners.setdefault(f"{name}-{use.kind}", name)) != name:
                yield Complaint(
                    ("services", name, "middlewares", index),
                    f"Traefik would know it as `{name}-{use.kind}`, as it does the one of `{owner}`",
                    "declare it under `middlewares:` and use it by its name",
                )


def _taken(path: Path, message: str, what: str) -> Complaint:
    return Complaint(path, message, f"give the {what} another name", at_key=True)


def _missing(path: Path, what: str, name: str, known: Collection[str], how: str) -> Iterator[Complaint]:
    if name in known:
        return
    bare, at, provider = name.partition("@")
    if at and what == "middleware":  # as labels of Traefik name it
        declared = "" if bare in known else f", and declare it: `middlewares: {{{bare}: {{kind: …}}}}`"
        yield Complaint(path, f"there is no {what} `{name}`", f"write `{bare}`, without `@{provider}`{declared}")
        return
    near = suggest(name, known)
    yield Complaint(path, f"there is no {what} `{name}`", f"did you mean `{near}`?" if near else how)


def _secret(spec: Spec, path: Path, name: str) -> Iterator[Complaint]:
    how = f"declare it: `secrets: {{{name}: {{generate: 32}}}}`"
    yield from _missing(path, "secret", name, spec.secrets, how)


def _network(names: _Names, path: Path, name: str) -> Iterator[Complaint]:
    yield from _missing(path, "network", name, names.networks, f"declare it: `networks: {{{name}: {{}}}}`")


def _volume(spec: Spec, path: Path, name: str) -> Iterator[Complaint]:
    yield from _missing(path, "volume", name, spec.volumes, f"declare it: `volumes: {{{name}: {{}}}}`")


def _service_references(spec: Spec, names: _Names, service: AnyService, at: Path) -> Iterator[Complaint]:
    uses = getattr(service, "middlewares", [])
    if len(uses) > _MOST_MIDDLEWARES:
        message = f"{len(uses):,} middlewares, and at most {_MOST_MIDDLEWARES} are used by one service"
        yield Complaint((*at, "middlewares"), message, "every request passes each of them: leave some out")
    for index, use in enumerate(uses):
        yield from _middleware_use(spec, names, use, (*at, "middlewares", index), tcp=service.kind == "tcp")
        if isinstance(use, Middleware) and isinstance(service, Container | RegistryBase):
            yield from _unlabelled(use, f"{at[-1]}-{use.kind}", (*at, "middlewares", index))
    if isinstance(service, Container):
        yield from _container_references(spec, names, service, at)
    if isinstance(service, RegistryBase):
        yield from _registry_references(spec, names, service, at)


def _unlabelled(middleware: Middleware, name: str, at: Path) -> Iterator[Complaint]:
    """A middleware in place becomes labels of the container, and these can't carry everything."""
    if getattr(middleware, "users_secret", None):
        return  # its users go into a file before it becomes labels; its other options are single values
    try:
        middleware_labels(name, middleware)
    except ValueError as error:
        yield Complaint(at, str(error))


def _middleware_use(spec: Spec, names: _Names, use: object, at: Path, *, tcp: bool = False) -> Iterator[Complaint]:
    if isinstance(use, str):
        how = f"declare it: `middlewares: {{{use}: {{kind: …}}}}`"
        yield from _missing(at, "middleware", use, names.middlewares, how)
        if use in names.middlewares:
            yield from _other_family(spec, use, at, tcp=tcp)
    elif isinstance(use, Middleware):
        yield from _middleware_references(spec, names, use, at)


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


def _middleware_references(spec: Spec, names: _Names, middleware: Middleware, at: Path) -> Iterator[Complaint]:
    if secret := getattr(middleware, "users_secret", None):
        yield from _secret(spec, (*at, "users_secret"), secret)
    if middleware.kind == "chain":
        for index, name in enumerate(getattr(middleware, "middlewares", ())):
            yield from _middleware_use(spec, names, name, (*at, "middlewares", index))
    if middleware.kind == "errors":
        name = getattr(middleware, "service", "")
        yield from _missing(
            (*at, "service"), "public HTTP service", name, names.public, "name a service that has a `host`"
        )


def _container_references(spec: Spec, names: _Names, service: Container, at: Path) -> Iterator[Complaint]:
    for key, value in service.environment.items():
        if isinstance(value, SecretUse):
            yield from _secret(spec, (*at, "environment", key, "secret"), value.secret)
    for index, mount in enumerate(service.secrets):
        yield from _secret(spec, (*at, "secrets", index), mount.source)
    for index, use in enumerate(service.configs):
        yield from _missing((*at, "configs", index), "config", use.source, spec.configs, config_example(use.source))
    for name in service.networks:
        yield from _network(names, (*at, "networks", name), name)
    for name in service.depends_on:
        how = "name a service that runs here"
        yield from _missing((*at, "depends_on", name), "service", name, names.running, how)
        yield from _asleep(spec, service, name, (*at, "depends_on", name))
    for index, volume in enumerate(service.volumes):
        if isinstance(volume, Mount) and _names_a_volume(volume):
            yield from _volume(spec, (*at, "volumes", index), str(volume.source))


def _names_a_volume(mount: Mount) -> bool:
    """A variable may become a path as well: what it names is known when it has its value."""
    return mount.type == "volume" and bool(mount.source) and not has_variables(mount.source or "")


def _asleep(spec: Spec, service: Container, name: str, at: Path) -> Iterator[Complaint]:
    """A dependency whose profiles are not all of those that start this service: Compose calls it undefined."""
    other = spec.services.get(name)
    if not isinstance(other, Container) or not other.profiles or service.depends_on[name].required is False:
        return
    if not service.profiles or not set(service.profiles) <= set(other.profiles):
        how = "give both the same `profiles`, or say `required: false`"
        only = ", ".join(other.profiles)
        yield Complaint(at, f"`{name}` starts with the profile {only} alone, and this service without it", how)


def _registry_references(spec: Spec, names: _Names, service: RegistryBase, at: Path) -> Iterator[Complaint]:
    if service.storage and service.storage.volume:
        yield from _volume(spec, (*at, "storage", "volume"), service.storage.volume)
    if service.storage and service.storage.s3:
        for key in ("access_key", "secret_key"):
            if use := getattr(service.storage.s3, key):
                yield from _secret(spec, (*at, "storage", "s3", key, "secret"), use.secret)
    for index, name in enumerate(service.networks):
        yield from _network(names, (*at, "networks", index), name)
    if isinstance(service, RegistryCache):
        for key in ("username", "password"):
            if use := getattr(service, key):
                yield from _secret(spec, (*at, key, "secret"), use.secret)


def _acme_references(spec: Spec) -> Iterator[Complaint]:
    if spec.acme.eab:
        yield from _secret(spec, ("acme", "eab", "hmac", "secret"), spec.acme.eab.hmac.secret)
    if spec.acme.dns_token:
        yield from _secret(spec, ("acme", "dns_token", "secret"), spec.acme.dns_token.secret)
