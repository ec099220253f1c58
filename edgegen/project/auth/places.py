"""What environments mean for passwords: whose overlay has the lines of users, and which one takes a password away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.core.errors import EdgegenError, Problem, RefusedError
from edgegen.core.location import Path as Keys
from edgegen.core.location import path_text
from edgegen.project.adding.edit import Edit, Present
from edgegen.project.auth.guards import Guard, guards, other_guard, uses
from edgegen.spec import SPEC_FILE
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, load_text


def list_of(now: Present, guard: Guard, user: str) -> Keys:
    """The list that has the user's line. Raises RefusedError where it is not in the chosen environment's overlay."""
    at: Keys = (*guard.path, "users", guard.names.index(user))
    place = now.loaded.in_file(at)
    if now.loaded.environment is not None and not _is_overlay(place):
        raise RefusedError(
            f"{user} of `{guard.name}` is in edge.yaml itself, for all environments",
            where=now.loaded.locate(at),
            hint="leave out -e",
        )
    return place[:-1]


def list_for_more(now: Present, guard: Guard) -> Keys:
    """The list that takes another user. Raises RefusedError where the chosen environment's overlay has none."""
    if now.loaded.environment is None:
        return (*guard.path, "users")
    places = (now.loaded.in_file((*guard.path, "users", index)) for index in range(len(guard.users)))
    if found := next(filter(_is_overlay, places), None):
        return found[:-1]
    wanted = path_text(("environments", now.loaded.environment, *guard.path, "users"))
    own = f", or write `{wanted}` yourself: a line as `htpasswd -nB USER` prints it"
    raise RefusedError(
        f"the overlay of `{now.loaded.environment}` adds no users to `{guard.name}`",
        where=now.loaded.locate(guard.path),
        hint=f"leave out -e to add the user for all environments{own if guard.path[0] == 'middlewares' else ''}",
    )


def refuse_new_in_overlay(now: Present) -> None:
    """Raise RefusedError: middlewares and their uses are only made for all environments."""
    if now.loaded.environment is not None:
        raise RefusedError(
            "`auth add` puts a middleware before a service only for all environments",
            hint=f"leave out -e, or write the middleware into `environments.{now.loaded.environment}` yourself",
        )


def _is_overlay(place: Keys) -> bool:
    return place[0] == "environments"


def overlay_of(now: Present, user: str, middleware: str | None) -> str:
    """Which overlay has a user of that name, and what to do; "" where none has."""
    for loaded in _overlays(now):
        for guard in guards(loaded.spec):
            if user in guard.names and middleware in (None, guard.name):
                where = loaded.locate((*guard.path, "users", guard.names.index(user)))
                return f"the environment `{loaded.environment}` has one ({where}): add -e {loaded.environment}"
    return ""


def with_other_users(now: Present) -> list[str]:
    """The environments whose users are not those of edge.yaml itself."""
    own = _logins(guards(now.loaded.spec))
    return [loaded.environment or "" for loaded in _overlays(now) if _logins(guards(loaded.spec)) - own]


def _logins(found: Sequence[Guard]) -> set[tuple[str, str]]:
    return {(guard.name, line) for guard in found for line in guard.users}


def _overlays(now: Present) -> Iterator[LoadedSpec]:
    if now.loaded.environment is None:
        yield from _with_each(now.text, now.loaded.spec)


def _with_each(text: bytes, spec: Spec) -> Iterator[LoadedSpec]:
    for environment in spec.environments:
        try:
            yield load_text(text, SPEC_FILE, environment)
        except EdgegenError:  # it was wrong before, too
            continue


def in_environments(edit: Edit, service: str, guard: Guard) -> list[Problem]:
    """A warning for each environment without the service's new password. Raises RefusedError where nobody could log
    in."""
    found = []
    for loaded in _with_each(edit.after, edit.spec):
        spec, environment = loaded.spec, loaded.environment
        if service not in spec.services or not spec.services[service].own_hosts:  # there the edge doesn't serve it
            continue
        if not uses(spec, service, guard):
            found.append(Problem(
                f"in the environment `{environment}`, `{service}` asks for no password",
                hint=f"`environments.{environment}.services.{service}.middlewares` takes the middleware away",
            ))  # fmt: skip
        elif other := other_guard(spec, service, guard):
            raise RefusedError(
                f"in the environment `{environment}`, `{service}` already asks for the passwords of `{other.name}`: "
                "with a second basic-auth middleware nobody could log in",
                hint=f"remove one of them, or give each environment its own: `environments.NAME.services.{service}`",
            )
    return found
