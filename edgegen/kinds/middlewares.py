"""Middlewares of a service as Traefik will know them: shared ones in the file provider, its own in its labels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from msgspec import Struct

from edgegen.core.mention import Mention
from edgegen.kinds.parts import Context, SecretFile
from edgegen.spec.edge import Spec
from edgegen.spec.references import PRESETS
from edgegen.target_names import DEFAULT
from edgegen.targets import find_target, target_of
from edgegen.traefik.middlewares import Middleware, parse_middleware
from edgegen.traefik.since import without_newer_defaults
from edgegen.traefik.version import version_of

SECRETS_MOUNT = "/run/secrets"


class Placed(Struct, frozen=True):
    """A middleware ready for labels or YAML: its secrets are in files, and what it names is named in full."""

    middleware: Middleware
    secret_files: tuple[SecretFile, ...] = ()
    secrets: tuple[str, ...] = ()


def placed(context: Context, middleware: Middleware, name: str) -> Placed:
    """The middleware with its secrets in files of Traefik's container, and with full names."""
    known = without_newer_defaults(middleware, version_of(context.spec.edge.image))
    file = f"{name}.users"
    moved, lines, secret = known.renamed(partial(_full_name, context)).placed(SECRETS_MOUNT, file)
    return Placed(moved, (SecretFile(f"secrets/{file}", lines),) if lines else (), (secret,) if secret else ())


def _full_name(context: Context, mention: Mention) -> str:
    """With the provider behind it: Traefik looks for a bare name where the middleware itself is written."""
    if mention.what == "middleware":
        return shared_name(context, mention.name)
    service = context.spec.services.get(mention.name)
    has_labels = service is not None and service.runs_here and bool(service.own_hosts)
    is_label = has_labels or context.target.edge_has_labels
    return f"{context.routed(mention.name)}@{context.target.provider if is_label else 'file'}"


def shared_name(context: Context, name: str) -> str:
    """A middleware of `middlewares:` as routers name it: with Traefik's provider of it."""
    if context.spec.edge.use:
        return context.routed(name)
    middleware = context.spec.middlewares.get(name) or parse_middleware({"kind": name})
    return f"{name}@{context.target.keeps(middleware.placed(SECRETS_MOUNT, name).middleware)}"


def named_in_place(context: Context, name: str) -> dict[str, Placed]:
    """A middleware with a name, and those that its chain names, by what another project's Traefik calls them."""
    declared = shared_middlewares(context.spec)
    found: dict[str, Placed] = {}
    pending = [name]
    while pending:
        item = declared[(current := pending.pop())]
        if (key := context.routed(current)) not in found:
            found[key] = placed(context, item, key)
            pending += item.chained
    return found


def shared_middlewares(spec: Spec) -> dict[str, Middleware]:
    """The spec's named middlewares, and edgegen's presets where they are used and not redefined."""
    named = dict(spec.middlewares)
    for preset in PRESETS:
        if preset not in named and preset in _used_names(spec):
            named[preset] = parse_middleware({"kind": preset})
    return named


def _used_names(spec: Spec) -> set[str]:
    services = spec.services.values()
    used = {use for service in services for use in service.uses if isinstance(use, str)}
    used |= {name for _, _, middleware in spec.middleware_places() for name in middleware.chained}
    target = target_of(spec.target) if find_target(spec.target) else target_of(DEFAULT)
    shared_by = ("file", "", target.provider) if target.edge_has_labels else ("file",)
    return used | {name for service in services for name in _named_by_labels(service.labels_by_hand, shared_by)}


def _named_by_labels(labels: Mapping[str, str], shared_by: Collection[str]) -> Iterator[str]:
    """Those that a router of the service's own labels names. `shared_by`: the providers of shared middlewares."""
    for label, value in labels.items():
        if label.lower().endswith(".middlewares"):
            names = (name.strip().partition("@") for name in value.split(","))
            yield from (name for name, _, provider in names if provider in shared_by)


def asked_without_host(spec: Spec, name: str) -> bool:
    """Whether a service has no host, and a middleware gets pages from it all the same."""
    return name in spec.page_servers and not spec.services[name].own_hosts
