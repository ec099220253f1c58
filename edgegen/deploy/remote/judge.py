"""Which of the wanted files must be copied, and which must not be touched. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.deploy.remote.ownership import of_another_user, open_to_others
from edgegen.deploy.remote.seen import Seen, is_shared

PRIVATE = 0o700
_ROOT = 0
_OTHERS = 0o077
"""With any of these bits Traefik does not read its store."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that must be there. `content` None: it is created once, empty, and then belongs to Traefik."""

    path: str
    mode: int
    content: bytes | None = field(default=None, repr=False)

    @property
    def digest(self) -> str:
        """Of its content."""
        return hashlib.sha256(self.content or b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Cargo:
    """All files and folders of a project. `folders` have their modes, parents before children."""

    files: tuple[Wanted, ...]
    folders: Mapping[str, int]

    @property
    def paths(self) -> tuple[str, ...]:
        """All of them, folders first."""
        return (*self.folders, *(item.path for item in self.files))


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in the order in which they are taken."""

    folders: tuple[tuple[str, int], ...] = ()
    keep: tuple[Wanted, ...] = ()
    backups: tuple[str, ...] = ()
    copy: tuple[Wanted, ...] = ()
    modes: tuple[tuple[str, int], ...] = ()
    gone: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is there already."""
        return not (self.folders or self.keep or self.copy or self.modes or self.gone)


@dataclass(frozen=True, slots=True)
class There:
    """The other side: what is in its folder, what edgegen left there, who we are there."""

    shown: str
    """The folder, as `host:/path`."""
    seen: Mapping[str, Seen]
    left: Mapping[str, tuple[str, ...]]
    user: int

    def place(self, path: str) -> str:
        """A path in the folder, as `host:/path`."""
        return f"{self.shown}/{path}"


def judge(cargo: Cargo, there: There, *, force: bool) -> Plan:
    """Compare. The problems are reasons not to copy anything."""
    judged = [_standing(item, there) for item in cargo.files]
    edited = tuple(item.path for item, state in zip(cargo.files, judged, strict=True) if state == "edited")
    problems = [
        *_folder_problems(cargo.folders, there),
        *(problem for item in cargo.files if (problem := _file_problem(item, there))),
        *(_edited(path, there) for path in edited if not force),
    ]
    gone, notices = _stale(cargo, there)
    return Plan(
        folders=tuple(_folders(cargo.folders, there.seen)),
        keep=tuple(item for item in cargo.files if item.content is None and there.seen[item.path].kind == "none"),
        backups=edited,
        copy=tuple(item for item, state in zip(cargo.files, judged, strict=True) if state in ("copy", "edited")),
        modes=tuple(_modes(cargo.files, judged, there)),
        gone=gone,
        problems=tuple(problems),
        notices=notices,
    )


def _standing(item: Wanted, there: There) -> str:
    seen = there.seen[item.path]
    if item.content is None:
        return "kept"
    if seen.kind != "file":
        return "copy"
    if seen.digest == item.digest:
        return "same"
    return "copy" if seen.digest in there.left.get(item.path, ()) else "edited"


def _folders(folders: Mapping[str, int], seen: Mapping[str, Seen]) -> Iterator[tuple[str, int]]:
    for path, mode in folders.items():
        there = seen[path]
        if there.kind == "none" or (mode == PRIVATE and there.mode != PRIVATE):
            yield path, mode


def _modes(files: Sequence[Wanted], judged: Sequence[str], there: There) -> Iterator[tuple[str, int]]:
    for item, state in zip(files, judged, strict=True):
        seen = there.seen[item.path]
        is_ours = there.user in (seen.owner, _ROOT)
        if state in ("same", "kept") and seen.kind == "file" and seen.mode != item.mode and is_ours:
            yield item.path, item.mode


def _folder_problems(folders: Iterable[str], there: There) -> Iterator[Problem]:
    for path in folders:
        seen = there.seen[path]
        if seen.kind not in ("none", "folder"):
            yield _in_the_way(path, seen, "a folder", there)
        elif seen.kind == "folder" and seen.owner != there.user:
            yield of_another_user(there.place(path), seen.owner, there.user)
        elif seen.kind == "folder" and is_shared(seen.mode):
            yield open_to_others(there.place(path))


def _file_problem(item: Wanted, there: There) -> Problem | None:
    seen = there.seen[item.path]
    if seen.kind == "none":
        return None
    if seen.kind != "file":
        return _in_the_way(item.path, seen, "a file", there)
    # Traefik runs as root: a file that it made itself is root's.
    if seen.owner != there.user and not (item.content is None and seen.owner == _ROOT):
        return of_another_user(there.place(item.path), seen.owner, there.user)
    if there.user not in (seen.owner, _ROOT) and seen.mode & _OTHERS:
        return _problem(
            item.path,
            there,
            f"belongs to root and has mode {seen.mode:04o}; Traefik needs {item.mode:04o}, and only root can set that",
            f"`sudo chmod {item.mode:o}` it there",
        )
    if seen.links > 1:
        return _problem(item.path, there, f"has {seen.links} names (hard links)", "remove the others there")
    return None


def _stale(cargo: Cargo, there: There) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What edgegen put there and is no longer wanted; what was edited since is kept."""
    wanted = set(cargo.paths)
    gone, notices = [], []
    for path in sorted(set(there.left) - wanted):
        seen = there.seen.get(path, Seen("none"))
        if seen.kind == "file" and seen.digest in there.left[path] and not _is_behind_a_link(path, there.seen):
            gone.append(path)
        elif seen.kind != "none":
            notices.append(f"{there.place(path)} is no longer needed, but was changed there: it is kept")
    return tuple(gone), tuple(notices)


def _is_behind_a_link(path: str, seen: Mapping[str, Seen]) -> bool:
    return any(seen.get(parent, Seen("none")).kind != "folder" for parent in parents([path]))


def parents(paths: Iterable[str]) -> list[str]:
    """Every folder that these paths are in, parents before children."""
    found = {"/".join(path.split("/")[:at]) for path in paths for at in range(1, path.count("/") + 1)}
    return sorted(found)


def pending(cargo: Cargo, there: There, plan: Plan) -> dict[str, tuple[str, ...]]:
    """The digests that each file may have if the copy is interrupted; never that of somebody's edit."""
    found = {}
    for item in cargo.files:
        if item.content is not None:
            ours = set(there.left.get(item.path, ())) & {there.seen[item.path].digest}
            found[item.path] = tuple(sorted({item.digest} | ours))
    return {**found, **{path: there.left[path] for path in plan.gone}}


def outputs(cargo: Cargo) -> dict[str, tuple[str, ...]]:
    """What the record says after the copy."""
    return {item.path: (item.digest,) for item in cargo.files if item.content is not None}


def _in_the_way(path: str, seen: Seen, needed: str, there: There) -> Problem:
    kinds = {"link": "a symbolic link", "folder": "a folder", "file": "a file", "socket": "a socket"}
    what = kinds.get(seen.kind, "a special file")
    return _problem(path, there, f"is {what}, where {needed} is needed", "move it away there")


def _edited(path: str, there: There) -> Problem:
    was = "was changed there since edgegen copied it" if path in there.left else "was not put there by edgegen"
    hint = f"bring the change into this project, or use --force, which keeps that file there as {path}.bak"
    return _problem(path, there, was, hint)


def _problem(path: str, there: There, message: str, hint: str) -> Problem:
    return Problem(message, Location(there.place(path)), hint=hint)
