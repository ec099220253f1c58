"""Whose a folder on another host is: of this project's folder here, of another one, or of somebody there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.deploy.remote.record import Record
from edgegen.deploy.remote.seen import Above

_ROOT = 0


def open_to_others(where: str) -> Problem:
    """A folder that others may write in."""
    return _problem("can be changed by other users of that host", where, "chmod go-w it there")


def of_another_user(where: str, owner: int, user: int) -> Problem:
    """A file or folder that the user of ssh does not own."""
    return _problem(f"belongs to user id {owner}, and ssh logs in as {user}", where, "log in as its owner")


def open_folders(folders: Sequence[Above], host: str, user: int) -> Iterator[Problem]:
    """The project's folder there, and all above it, that others can change.

    Whoever owns one of them or may write in it could put other files in the place of ours, and the engine mounts them
    as root.
    """
    for item in folders:
        where, is_own = f"{host}:{item.path}", item is folders[0]
        if item.is_open or (is_own and item.is_shared):
            yield open_to_others(where)
        if is_own and item.owner != user:
            yield of_another_user(where, item.owner, user)
        elif item.owner not in (user, _ROOT):
            yield _problem(
                f"belongs to user id {item.owner}, who can put another folder in the place of the project's",
                where,
                "keep the project in a folder whose parents all belong to root or to the user of ssh",
            )


class Asking(Struct, frozen=True):
    """Who wants the folder: a project and the name of its folder here. `create`: to start it, not only to stop it."""

    project: str
    copy: str
    create: bool
    force: bool = False


def strange(found: Record | None, asking: Asking, where: str, *, is_empty: bool) -> Problem | None:
    """Why the folder `where` must not be used; None if it may."""
    takes_over = asking.create and asking.force
    if found is None:
        if is_empty or takes_over:
            return None
        return _problem("has files that were not copied by edgegen from this project", where, _not_copied(asking))
    elsewhere = (
        "run edgegen there, or name another folder with --remote-dir"
        if asking.create
        else f"run `edgegen down` in {found.folder} on {found.machine}"
    )
    if found.project != asking.project:
        return _problem(f"has the files of project `{found.project}`, {_origin(found)}", where, elsewhere)
    if found.copy == asking.copy or takes_over:
        return None
    forced = "; --force takes it over, with the passwords and secrets of this machine" if asking.create else ""
    return _problem(f"has the files of another copy of this project, {_origin(found)}", where, f"{elsewhere}{forced}")


def _not_copied(asking: Asking) -> str:
    if not asking.create:
        return f"if they are this project's, run `docker compose -p {asking.project} down` on that host"
    return (
        "name another folder with --remote-dir, or take this one over with --force: files that edgegen replaces are "
        "kept there as .bak"
    )


def _origin(record: Record) -> str:
    return f"{record.folder} on {record.machine}"


def _problem(message: str, where: str, hint: str) -> Problem:
    return Problem(message, Location(where), hint=hint)
