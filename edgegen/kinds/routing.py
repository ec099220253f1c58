"""The routers that every public HTTP service gets: plain HTTP that only redirects, HTTPS that serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, field

from edgegen.compose.model import Merged, Shared
from edgegen.core.hsts import TWO_YEARS
from edgegen.kinds.middlewares import Placed, named_in_place, placed, shared_name
from edgegen.kinds.parts import Context, Data, SecretFile
from edgegen.spec.references import HSTS, HTTPS_ONLY, RETRY
from edgegen.traefik.labels import middleware_labels, router_labels, service_labels
from edgegen.traefik.middlewares import Middleware, parse_middleware
from edgegen.traefik.router import Domain, HttpRouter, HttpService, Tls, router_dynamic, service_dynamic
from edgegen.traefik.rules import host_rule
from edgegen.traefik.since import host_takes_wildcards
from edgegen.traefik.version import version_of

WILDCARD_PRIORITY = -100_000
"""Traefik tries the longest rule first, and a wildcard's may be longer than that of a name which it covers."""


def edge_middlewares(context: Context) -> dict[str, Middleware]:
    """The middlewares that every HTTP service uses: the redirect to https, and HSTS."""
    spec = context.spec
    port = spec.edge.ports.websecure
    redirect: dict[str, Any] = {"kind": "redirect-scheme", "scheme": "https", "permanent": True}
    if port != 443:
        redirect["port"] = str(port)
    common = {context.routed(HTTPS_ONLY): parse_middleware(redirect)}
    if spec.edge.hsts:
        common[context.routed(HSTS)] = parse_middleware({"kind": "headers", "sts_seconds": TWO_YEARS})
    if context.target.tries_again:
        # Only what was not sent yet: the next attempt goes to another task, and not to the one that is gone.
        common[context.routed(RETRY)] = parse_middleware({"kind": "retry", "attempts": 4, "initial_interval": "100ms"})
    return common


def edge_labels(context: Context) -> Shared:
    """`edge_middlewares` as labels, written once for all services of the file."""
    labels: Data = {}
    for name, middleware in edge_middlewares(context).items():
        labels.update(middleware_labels(name, middleware))
    return Shared("edge-labels", labels)


class Routes(Struct, frozen=True):
    """Routers of one service, with the middlewares that belong only to it."""

    routers: tuple[HttpRouter, ...]
    middlewares: dict[str, Middleware] = field(default_factory=dict)
    secret_files: tuple[SecretFile, ...] = ()
    secrets: tuple[str, ...] = ()


def http_routes(
    context: Context,
    name: str,
    hosts: Sequence[str],
    *,
    aliases: Sequence[str] = (),
    paths: Sequence[str] = ("/",),
    uses: Sequence[str | Middleware] = (),
    service: str | None = None,
) -> Routes:
    """`NAME-http` and `NAME-https`, and `NAME-alias` for names that are redirected to the first host.

    Where one rule for all names and paths would be tried too early or too late, there are several: `NAME-https-2` …
    """
    references, own = own_middlewares(context, name, uses)
    name = context.routed(name)
    backend = service or name
    chain = (*_hsts(context, own, references), *references, *_retry(context, own, uses, service))
    everything = _rule(context, [*hosts, *aliases], paths)
    routers = [HttpRouter(f"{name}-http", everything, ("web",), (context.routed(HTTPS_ONLY),), backend)]
    secure = partial(HttpRouter, entrypoints=("websecure",), service=backend)
    routers += _secure(context, f"{name}-https", partial(secure, middlewares=chain), hosts, paths)
    middlewares = {key: item.middleware for key, item in own.items()}
    if aliases:
        to_host = f"{name}-to-host"
        (middlewares[to_host],) = redirect_to(context.public_url(hosts[0]), keep_path=True, permanent=True)
        chain = (*_hsts(context, {}, ()), to_host)  # an alias has none of the service's own middlewares
        routers += _secure(context, f"{name}-alias", partial(secure, middlewares=chain), aliases, ("/",))
    return Routes(
        tuple(routers),
        middlewares,
        tuple(file for item in own.values() for file in item.secret_files),
        tuple(secret for item in own.values() for secret in item.secrets),
    )


def _secure(
    context: Context, name: str, router: Callable[..., HttpRouter], hosts: Sequence[str], paths: Sequence[str]
) -> Iterator[HttpRouter]:
    """Routers for all names and paths that differ only in their rules, with one certificate for all names."""
    groups = list(_groups(hosts, paths, context.spec.shared_hosts))
    tls = _tls(context, hosts, split=len(groups) > 1)
    for number, (some, prefixes) in enumerate(groups, 1):
        rule = _rule(context, some, prefixes)
        numbered = name if number == 1 else f"{name}-{number}"
        yield router(numbered, rule, tls=tls, priority=_priority(some, rule))


def _groups(
    hosts: Sequence[str], paths: Sequence[str], shared: frozenset[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Names and paths that one rule may hold.

    Traefik tries the longest rule first. A rule of several names or paths is longer than each of them is worth: it
    would hide another service's longer path at the same name. There each name and path gets its own rule.
    """
    for wild in (False, True):
        alike = [host for host in hosts if host.startswith("*.") is wild]
        if alone := [host for host in alike if host not in shared]:
            yield alone, paths
        yield from (([host], [path]) for host in alike if host in shared for path in paths)


_ANY = r"^.*$"
_PATH = r"^https?://[^/]+/?(.*)$"
_PATH_AND_QUERY = r"^https?://[^/]+/?([^?]*)\?(.+)$"
_ONLY_PATH = r"^https?://[^/]+/?([^?]*)\??$"
_KEPT_PATH, _KEPT_QUERY = "/${1}", "&${2}"


def redirect_to(url: str, *, keep_path: bool, permanent: bool) -> tuple[Middleware, ...]:
    """A redirect of every request to `url`, with the path and the query where they are kept.

    If `url` has a query, two middlewares are needed: the request's query, if any, is joined with `&`.
    """
    literal = url.replace("$", "$$")  # in Go's replacement text `$` begins a group
    if not keep_path:
        return (_redirect(_ANY, literal, permanent=permanent),)
    base, _, query = literal.partition("?")
    target = f"{base.rstrip('/')}{_KEPT_PATH}"
    if not query:
        return (_redirect(_PATH, target, permanent=permanent),)
    return (
        _redirect(_PATH_AND_QUERY, f"{target}?{query}{_KEPT_QUERY}", permanent=permanent),
        _redirect(_ONLY_PATH, f"{target}?{query}", permanent=permanent),
    )


def redirected_to(regex: str, replacement: str) -> tuple[str, bool] | None:
    """The reverse: the URL, and whether the path is kept; None for a redirect of only some requests."""
    if regex not in (_ANY, _PATH, _PATH_AND_QUERY, _ONLY_PATH):
        return None
    url = replacement.removesuffix(_KEPT_QUERY).replace(_KEPT_PATH, "", 1) if regex != _ANY else replacement
    return url.replace("$$", "$"), regex != _ANY


def _redirect(regex: str, replacement: str, *, permanent: bool) -> Middleware:
    return parse_middleware(
        {"kind": "redirect-regex", "regex": regex, "replacement": replacement, "permanent": permanent}
    )


def own_middlewares(
    context: Context, name: str, uses: Sequence[str | Middleware]
) -> tuple[tuple[str, ...], dict[str, Placed]]:
    """What a router names, and the middlewares in place by the names that they get.

    Another project's Traefik reads no file of this one: there those with a name are labels as well.
    """
    references: list[str] = []
    own: dict[str, Placed] = {}
    for use in uses:
        if isinstance(use, str):
            references.append(shared_name(context, use))
            own |= named_in_place(context, use) if context.spec.edge.use else {}
            continue
        key = f"{context.routed(name)}-{use.kind}"
        while key in own:
            key += "-next"
        own[key] = placed(context, use, key)
        references.append(key)
    return tuple(references), own


def _hsts(context: Context, own: dict[str, Placed], references: Sequence[str]) -> tuple[str, ...]:
    """The HSTS middleware, unless the service's own preset already says it."""
    preset = "" if context.spec.edge.use else shared_name(context, "secure-headers")
    says_it = preset in references or any(item.middleware.sets_hsts for item in own.values())
    return (context.routed(HSTS),) if context.spec.edge.hsts and not says_it else ()


def _retry(
    context: Context, own: dict[str, Placed], uses: Sequence[str | Middleware], service: str | None
) -> tuple[str, ...]:
    """Tries again, next to the server, unless a middleware of the spec does, or no server is asked."""
    if not context.target.tries_again or service is not None:
        return ()
    named = (context.spec.middlewares.get(use) for use in uses if isinstance(use, str))
    used = (*named, *(item.middleware for item in own.values()))
    tried = any(item is not None and item.kind == "retry" for item in used)
    return () if tried else (context.routed(RETRY),)


def _rule(context: Context, hosts: Sequence[str], paths: Sequence[str]) -> str:
    wanted = () if "/" in paths else paths
    return host_rule(hosts, wanted, wildcard_matcher=host_takes_wildcards(version_of(context.spec.edge.image)))


def _priority(hosts: Sequence[str], rule: str) -> int | None:
    """Below every router of a whole name; among those of one wildcard the longer path still comes first."""
    return WILDCARD_PRIORITY + len(rule) if any(host.startswith("*.") for host in hosts) else None


def _tls(context: Context, hosts: Sequence[str], *, split: bool) -> Tls:
    if context.resolver is None:
        return Tls()
    # Traefik takes a certificate's names from the rule; a wildcard must be asked for by name.
    if not split and not any(host.startswith("*.") for host in hosts):
        return Tls(certresolver=context.resolver)
    # Let's Encrypt refuses an order for a name together with a wildcard that covers it.
    main, *others = [host for host in hosts if host.startswith("*.") or f"*.{host.partition('.')[2]}" not in hosts]
    return Tls(certresolver=context.resolver, domains=(Domain(main, tuple(others)),))


def enabling_labels(context: Context, network: str = "") -> Data:
    """What makes Traefik look at a container, and on which network it reaches it."""
    real = context.real_network(network) if network else context.edge_network
    return {"traefik.enable": "true", f"traefik.{context.target.provider}.network": real}


def any_certificate(name: str) -> tuple[str, Data]:
    """The name of a service's transport that accepts any certificate, and what defines it in a file's `http`."""
    transport = f"{name}-any-certificate"
    return transport, {"serversTransports": {transport: {"insecureSkipVerify": True}}}


def as_labels(context: Context, routes: Routes, service: HttpService, network: str = "") -> Merged:
    """Routes as the labels of a container. `network`: where Traefik reaches it, if not on the edge's network."""
    own = enabling_labels(context, network)
    for router in routes.routers:
        own.update(router_labels(router))
    own.update(service_labels(service))
    for name, middleware in routes.middlewares.items():
        own.update(middleware_labels(name, middleware))
    # Traefik's own service on a swarm has the shared ones too. While its task is replaced, nothing that that service
    # says counts, and each route that needed it would answer 404. Copies don't conflict, because they are equal.
    return Merged((edge_labels(context),), own)


def as_dynamic(routes: Routes, service: HttpService | None) -> Data:
    """Routes for the file provider."""
    http: Data = {"routers": {router.name: router_dynamic(router) for router in routes.routers}}
    if service is not None:
        http["services"] = {service.name: service_dynamic(service)}
    if routes.middlewares:
        http["middlewares"] = {name: item.dynamic() for name, item in routes.middlewares.items()}
    return {"http": http}
