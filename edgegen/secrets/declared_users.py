"""The users of a registry in edge.yaml: kept in step with those that have a password, with comments preserved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import EdgegenError
from edgegen.files import lock, read_project_file, rewrite_file
from edgegen.spec import SPEC_FILE
from edgegen.spec.list_item import Keys, with_item, without_item
from edgegen.spec.load import load_text


class Registry(Struct, frozen=True):
    """A registry of the spec, and where its users are kept."""

    service: str
    path: str
    declared: tuple[str, ...]
    by_traefik: bool = False
    """Traefik asks for the passwords of this one."""
    is_copied: bool = False
    """Whoever asks has a copy of the users, until the next `edgegen up`."""


class Kept(Struct, frozen=True):
    """Whether edge.yaml was changed, and what to write there if it could not be."""

    is_written: bool = False
    advice: str = ""


class _Wish(Struct, frozen=True):
    """Who should be named, or no longer named, and which users are named then."""

    registry: Registry
    user: str
    environment: str | None
    wanted: tuple[str, ...]


def declare(project: Path, registry: Registry, user: str, environment: str | None) -> Kept:
    """Name the user in edge.yaml."""
    if user in registry.declared:
        return Kept()
    wanted = (*registry.declared, user)
    advice = f"edge.yaml does not name {user}: write `users: [{', '.join(wanted)}]` under services.{registry.service}"
    return _changed(project, _Wish(registry, user, environment, wanted), advice)


def forget(project: Path, registry: Registry, user: str, environment: str | None) -> Kept:
    """Take the user out of edge.yaml."""
    if user not in registry.declared:
        return Kept()
    wanted = tuple(name for name in registry.declared if name != user)
    again = "the next render makes the user again, with a new password"
    if wanted:
        advice = f"edge.yaml still names {user}: remove it from `users` under services.{registry.service}, or {again}"
    else:
        advice = f"edge.yaml still names {user}, the only user of services.{registry.service}: name another, or {again}"
    return _changed(project, _Wish(registry, user, environment, wanted), advice)


def _changed(project: Path, wish: _Wish, advice: str) -> Kept:
    """A change counts where edge.yaml is still a spec, and this registry has exactly these users."""
    try:
        with lock(project):
            text = read_project_file(project, SPEC_FILE)
            for candidate in _candidates(text or b"", wish):
                if _users(candidate, wish) == wish.wanted:
                    rewrite_file(project, SPEC_FILE, candidate)
                    return Kept(is_written=True)
    except EdgegenError as error:  # the password is set, or gone: that can't be taken back
        return Kept(advice=f"{advice} ({error.problems[0].message})")
    return Kept(advice=advice)


def _candidates(text: bytes, wish: _Wish) -> Iterator[bytes]:
    """The base first; then the environment, whose users come on top of the base's; then both."""
    change = without_item if wish.user in wish.registry.declared else with_item
    base: Keys = ("services", wish.registry.service, "users")
    places = [base, *([("environments", wish.environment, *base)] if wish.environment else [])]
    changed = [change(text, SPEC_FILE, place, wish.user) for place in places]
    yield from (item for item in changed if item is not None)
    if len(places) == 2 and changed[0] is not None:
        both = change(changed[0], SPEC_FILE, places[1], wish.user)
        yield from [both] if both is not None else []


def _users(text: bytes, wish: _Wish) -> tuple[str, ...] | None:
    try:
        found = load_text(text, SPEC_FILE, wish.environment).spec.registries.get(wish.registry.service)
    except EdgegenError:
        return None
    return tuple(found.users) if found is not None else None
