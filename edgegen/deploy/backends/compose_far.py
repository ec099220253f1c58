"""Compose for an engine of another host: it runs here, and the files that the engine opens are copied there first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from edgegen.core.errors import Problem, RefusedError, at_most
from edgegen.deploy.backends.base import Changes, Reporter
from edgegen.deploy.backends.compose_session import Session
from edgegen.deploy.containers import WORKING_DIR, containers
from edgegen.deploy.engine import engine_host
from edgegen.deploy.holders import is_held
from edgegen.deploy.host import is_ssh
from edgegen.deploy.model import HostFile, Project, Published, host_files, read_yaml
from edgegen.deploy.neighbours import elsewhere
from edgegen.deploy.preflight import Holding
from edgegen.deploy.remote.cargo import load
from edgegen.deploy.remote.folder import FarFolder
from edgegen.deploy.remote.mounts import Mount, mounted_build_secrets, mounts, refusals, relocated
from edgegen.system.stop import when_stopped


class Surveyed(Struct, frozen=True):
    """The other host as it was found: what its folder lacks is known, and nothing is changed yet."""

    far: FarFolder
    host: str
    files: tuple[HostFile, ...]
    """What the engine opens, with its paths there."""
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    holding: Holding


def survey(session: Session, project: Project, far: FarFolder, host: str) -> Surveyed:
    """Enter the folder there and compare. From then on the session's Compose sees the paths of that host.

    Raises RefusedError for files that can't be copied or must not be replaced, LockedError, OutsideError.
    """
    root = str(far.here)
    resolved = session.whole(far.here, resolved=True)
    found = _as_written(session, resolved, far)
    if problems := [*refusals(found, root, host), *mounted_build_secrets(resolved)]:
        raise RefusedError(at_most(list(dict.fromkeys(problems))))
    cargo = load(far.here, found, [session.place.file.name])
    far.enter(host, project.name)
    notices = far.survey(cargo)
    text = relocated(resolved, root, far.path)
    session.stack = session.stack.on_another_host(far.path, text)
    session.folder = Path(far.path)
    tables = far.connection.ports()
    return Surveyed(
        far,
        host,
        tuple(host_files(json.loads(text))),
        tuple(_socket_problems(far, found, root, host)),
        notices,
        lambda port: _held(port, tables, host),
    )


def _as_written(session: Session, resolved: dict[str, Any], far: FarFolder) -> list[Mount]:
    """The mounts, with what the files say: `~/x` and `../x` mean this machine, an absolute path may mean the other.

    Compose is asked again only for paths outside the project that edgegen has not rendered.
    """
    found = list(mounts(resolved, resolved))
    rendered = {file.source for file in host_files(read_yaml(session.place.file.read_text("utf-8", "replace")))}
    if all(item.within(str(far.here)) is not None or item.source in rendered for item in found):
        return found
    return list(mounts(resolved, session.whole(far.here, resolved=False)))


def copy(session: Session, surveyed: Surveyed, changes: Changes, reporter: Reporter) -> None:
    """Copy what differs. Raises PartialError if the connection ends in the middle."""
    with when_stopped("some files may have been copied, and nothing was started: the same command continues"):
        done = surveyed.far.copy()
    for told in done:
        reporter.note(told)
    if done:
        changes.ran(f"files in {surveyed.far.path}")
    session.changed = surveyed.far.changed()


def others(session: Session, project: Project) -> Iterator[Problem]:
    """A project of this name from another folder; on another host one that has no files of ours, whose folder there
    is entered."""
    place, far = session.place, session.place.far
    host = engine_host(place.runner, far.host) if far else ""
    seen = containers(place.runner, project.name)
    if far is None or not is_ssh(host):
        yield from elsewhere(project.name, place.folder, seen)
        return
    known = known_folders(place.folder)
    folders = sorted({item.labels.get(WORKING_DIR, "") for item in seen} - {"", *known})
    if len(folders) > 1 or not folders or not far.enter(host, project.name, create=False, folder=folders[0]):
        yield from elsewhere(project.name, Path(), seen, local=False, known=known)


def known_folders(folder: Path) -> Sequence[str]:
    """The folder here: what a project without files had as its folder on any host."""
    return sorted({str(folder.absolute()), str(folder.resolve())})


def _held(port: Published, tables: dict[str, list[str]], host: str) -> Iterator[Problem]:
    if is_held(port, tables):
        yield Problem(
            f"{port} is in use on {host}",
            path=f"services.{port.service}.ports" if port.service else "",
            hint=f"`sudo ss -lnp 'sport = :{port.port}'` there names the holder",
        )


def _socket_problems(far: FarFolder, found: Sequence[Mount], root: str, host: str) -> Iterator[Problem]:
    """Docker would create an empty folder for a socket that is missing."""
    wanted = {item.source: item for item in found if item.within(root) is None and item.source.endswith(".sock")}
    for source, seen in far.connection.look(wanted).items():
        if seen.kind not in ("socket", "link"):
            yield Problem(
                f"mounts {source}, which is not a socket on {host}",
                path=wanted[source].owner,
                hint=f"let the engine there listen at {source}, or mount its own socket",
            )
