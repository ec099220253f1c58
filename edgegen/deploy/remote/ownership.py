"""Whose a folder on another host is: of this project's folder here, of another one, or of somebody there. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.deploy.remote.record import Record
from edgegen.deploy.remote.seen import Above


def open_folders(folders: Sequence[Above], host: str, user: int) -> Iterator[Problem]:
    """The project's folder there, and all above it, that others can change.

    Whoever may write in one of them could put other files in the place of ours, and the engine mounts them as root.
    """
    own = folders[0]
    for item in folders:
        if item.is_open or (item is own and item.is_shared):
            yield _problem("can be changed by other users of that host", f"{host}:{item.path}", "chmod go-w it there")
    if own.owner != user:
        message = f"belongs to user id {own.owner}, and ssh logs in as {user}"
        yield _problem(message, f"{host}:{own.path}", "log in as its owner")


def strange(
    found: Record | None, project: str, copy: str, where: str, *, is_empty: bool, takes_over: bool
) -> Problem | None:
    """Why the project of this name, whose folder here is `copy`, must not use this folder; None if it may."""
    if found is None:
        if is_empty or takes_over:
            return None
        return _problem(
            "has files that were not copied by edgegen from this project",
            where,
            "name another folder with --remote-dir, or take this one over with --force: files that edgegen replaces "
            "are kept there as .bak",
        )
    elsewhere = "run edgegen there, or name another folder with --remote-dir"
    if found.project != project:
        return _problem(f"has the files of project `{found.project}`, {_origin(found)}", where, elsewhere)
    if found.copy == copy or takes_over:
        return None
    return _problem(
        f"has the files of another copy of this project, {_origin(found)}",
        where,
        f"{elsewhere}; --force takes it over, with the passwords and secrets of this machine",
    )


def _origin(record: Record) -> str:
    return f"{record.folder} on {record.machine}"


def _problem(message: str, where: str, hint: str) -> Problem:
    return Problem(message, Location(where), hint=hint)
