"""Middlewares of a service as Traefik will know them: shared ones from the file provider, its own beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edgegen.kinds.parts import Context, SecretFile
from edgegen.spec.edge import Spec
from edgegen.spec.external import External
from edgegen.spec.references import PRESETS
from edgegen.traefik.middlewares import Middleware, parse_middleware
from edgegen.traefik.since import without_newer_defaults
from edgegen.traefik.version import version_of

SECRETS_MOUNT = "/run/secrets"


@dataclass(frozen=True, slots=True)
class Placed:
    """A middleware that can stand in labels or YAML: its secrets are in files, and what it names is named in full."""

    middleware: Middleware
    secret_files: tuple[SecretFile, ...] = ()
    secrets: tuple[str, ...] = ()


def placed(context: Context, middleware: Middleware, name: str) -> Placed:
    """The middleware with its users in a file of Traefik's container: hashes never stand in labels or YAML."""
    middleware = _with_full_names(context, without_newer_defaults(middleware, version_of(context.spec.edge.image)))
    if secret := getattr(middleware, "users_secret", None):
        moved = middleware.model_copy(update={"users_secret": None, "users_file": f"{SECRETS_MOUNT}/{secret}"})
        return Placed(moved, secrets=(secret,))
    if middleware.kind in ("basic-auth", "digest-auth") and (users := getattr(middleware, "users", None)):
        file_name = f"{name}.users"
        moved = middleware.model_copy(update={"users": None, "users_file": f"{SECRETS_MOUNT}/{file_name}"})
        return Placed(moved, (SecretFile(f"secrets/{file_name}", tuple(users)),))
    return Placed(middleware)


def _with_full_names(context: Context, middleware: Middleware) -> Middleware:
    """With the provider after each name: a name alone is looked for where the middleware itself is written."""
    if middleware.kind == "chain":
        shares = context.spec.edge.use is not None
        names = [context.routed(name) if shares else f"{name}@file" for name in getattr(middleware, "middlewares", ())]
        return middleware.model_copy(update={"middlewares": names})
    if middleware.kind == "errors":
        name = getattr(middleware, "service", "")
        provider = "file" if isinstance(context.spec.services.get(name), External) else context.target.provider
        return middleware.model_copy(update={"service": f"{context.routed(name)}@{provider}"})
    return middleware


def named_in_place(context: Context, name: str) -> dict[str, Placed]:
    """A middleware with a name, and those that its chain names, by what another project's Traefik calls them."""
    declared = shared_middlewares(context.spec)
    found: dict[str, Placed] = {}
    pending = [name]
    while pending:
        item = declared[(current := pending.pop())]
        if (key := context.routed(current)) not in found:
            found[key] = placed(context, item, key)
            pending += getattr(item, "middlewares", ()) if item.kind == "chain" else ()
    return found


def shared_middlewares(spec: Spec) -> dict[str, Middleware]:
    """The spec's named middlewares, and edgegen's presets where they are used and not redefined."""
    named = dict(spec.middlewares)
    for preset in PRESETS:
        if preset not in named and preset in _used_names(spec):
            named[preset] = parse_middleware({"kind": preset})
    return named


def _used_names(spec: Spec) -> set[str]:
    uses = [use for service in spec.services.values() for use in getattr(service, "middlewares", ())]
    used = {use for use in uses if isinstance(use, str)}
    for middleware in (*uses, *spec.middlewares.values()):
        if isinstance(middleware, Middleware) and middleware.kind == "chain":
            used.update(getattr(middleware, "middlewares", ()))
    return used | {name for service in spec.services.values() for name in _named_by_labels(service)}


def _named_by_labels(service: object) -> Iterator[str]:
    """Those of the file provider that a router of the service's own labels names."""
    for label, value in (getattr(service, "traefik_labels", None) or {}).items():
        if label.lower().endswith(".middlewares"):
            names = (name.strip() for name in value.split(","))
            yield from (name.removesuffix("@file") for name in names if name.endswith("@file"))
