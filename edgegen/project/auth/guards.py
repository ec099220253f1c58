"""Which basic-auth middleware of the spec is meant."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from edgegen.core.errors import RefusedError, UsageError
from edgegen.core.location import Path as Keys
from edgegen.core.suggest import did_you_mean
from edgegen.project.adding.edit import Present
from edgegen.spec.edge import Spec
from edgegen.traefik.middlewares import passed
from edgegen.traefik.middlewares.basic_auth import BasicAuth


class Guard(Struct, frozen=True):
    """A basic-auth middleware of the spec."""

    name: str
    """Its name, or what Traefik calls one that is written in place."""
    path: Keys
    users: tuple[str, ...]
    """Lines `NAME:HASH`."""
    elsewhere: str = ""
    """The key that says where its users are, if they are not in edge.yaml."""

    @property
    def names(self) -> list[str]:
        """The users' names."""
        return [line.partition(":")[0] for line in self.users]

    def line_of(self, user: str) -> str | None:
        """The user's line."""
        return next((line for line in self.users if line.partition(":")[0] == user), None)


def guards(spec: Spec) -> list[Guard]:
    """All basic-auth middlewares, in the order of the file."""
    return [
        Guard(name, path, tuple(item.users or ()), _elsewhere(item))
        for path, name, item in spec.middleware_places()
        if isinstance(item, BasicAuth)
    ]


def _elsewhere(item: BasicAuth) -> str:
    return next((key for key in ("users_secret", "users_file") if getattr(item, key)), "")


def chosen(now: Present, middleware: str | None, service: str | None) -> Guard | None:
    """The middleware of that name, the one that the service uses, or the only one; None if it must be made.

    Raises UsageError where it isn't clear which one is meant, and RefusedError for one whose users are elsewhere.
    """
    found = guards(now.loaded.spec)
    if service is not None:
        refuse_service(now, service)
    if middleware is not None:
        guard = _named(now, found, middleware, service)
    elif service is not None:
        guard = _used_by(now, found, service)
    else:
        guard = _only(found)
    if guard is not None and guard.elsewhere:
        raise RefusedError(
            f"the users of `{guard.name}` are not in edge.yaml: `{guard.elsewhere}` says where they are",
            where=now.loaded.locate((*guard.path, guard.elsewhere)),
            hint="change that file with `htpasswd -B FILE USER`",
        )
    return guard


def _named(now: Present, found: Sequence[Guard], name: str, service: str | None) -> Guard | None:
    if guard := next((item for item in found if item.name == name), None):
        return guard
    if name in now.loaded.spec.middlewares:
        raise UsageError(f"`{name}` is not a basic-auth middleware")
    if service is not None:
        return None
    hint = did_you_mean(
        name, [item.name for item in found], "with --service SERVICE it is made, and put before that service"
    )
    raise UsageError(f"there is no middleware `{name}`", hint=hint)


def _used_by(now: Present, found: Sequence[Guard], service: str) -> Guard | None:
    own = [item for item in found if uses(now.loaded.spec, service, item)]
    if len(own) > 1:
        names = ", ".join(item.name for item in own)
        raise UsageError(f"`{service}` uses several: {names}", hint="say --middleware NAME")
    return own[0] if own else None


def uses(spec: Spec, service: str, guard: Guard) -> bool:
    """Whether a service asks for this middleware's passwords: written in place, by name, or in a chain."""
    names = (name for name, _ in passed(spec.services[service].uses, spec.middlewares))
    return guard.path[:2] == ("services", service) or guard.name in names


def other_guard(spec: Spec, service: str, guard: Guard) -> Guard | None:
    """Another middleware whose passwords the service asks for."""
    return next((item for item in guards(spec) if item.name != guard.name and uses(spec, service, item)), None)


def refuse_second(now: Present, service: str, guard: Guard) -> None:
    """Raise RefusedError if the service asks for other passwords already: a browser sends only one."""
    if other := other_guard(now.loaded.spec, service, guard):
        raise RefusedError(
            f"`{service}` already asks for the passwords of `{other.name}`: with a second basic-auth middleware nobody "
            "could log in",
            where=now.loaded.locate(other.path),
            hint=f"add the user to that one: --middleware {other.name}",
        )


def _only(found: Sequence[Guard]) -> Guard:
    if not found:
        raise UsageError(
            "the spec has no basic-auth middleware",
            hint="`edgegen auth add USER --service SERVICE` makes one, and puts it before that service",
        )
    if len(found) > 1:
        names = ", ".join(item.name for item in found)
        raise UsageError(f"the spec has several basic-auth middlewares: {names}", hint="say --middleware NAME")
    return found[0]


def refuse_service(now: Present, name: str) -> None:
    """Raise UsageError for a service that is not there, or that a basic-auth middleware can't protect."""
    services = now.loaded.spec.services
    if name not in services:
        raise UsageError(f"there is no service `{name}`", hint=did_you_mean(name, services))
    service = services[name]
    if service.is_registry:
        raise UsageError(
            f"`{name}` is a registry, which has its own users",
            hint=f"use `edgegen registry user add USER --service {name}`",
        )
    if not service.own_hosts or not service.speaks_http or not service.has_server:
        raise UsageError(f"`{name}` can't ask for passwords: it is not a website with a `host`")


def new_guard(now: Present, name: str | None, service: str) -> Guard:
    """The one to make: a middleware with its own name, which other services can use as well."""
    name = name or f"{service}-auth"
    if name in now.loaded.spec.middlewares:
        raise RefusedError(
            f"the spec already has a middleware `{name}`, which is not basic-auth",
            where=now.loaded.locate(("middlewares", name)),
            hint="choose another name: --middleware NAME",
        )
    return Guard(name, ("middlewares", name), ())
