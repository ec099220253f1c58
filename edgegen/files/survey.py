"""Inspects the disk before anything is written: what each output is now, and whether it may be replaced."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from edgegen.certificates.store import unreadable
from edgegen.core.errors import BugError, Problem, RefusedError
from edgegen.core.location import Location
from edgegen.files.difference import unified
from edgegen.files.manifest import State, sha256
from edgegen.files.output import ACME_STORE, SECRETS, Output, is_private
from edgegen.files.safe_open import ProjectDirectory, Seen
from edgegen.system.os_errors import refused

_SHOWN_LINES = 60


class Standing(StrEnum):
    """What is at an output's path. `OURS` is older content by edgegen; the last three may exist nowhere else."""

    MISSING = "missing"
    KEPT = "kept"
    SAME = "same"
    OURS = "ours"
    LINE_ENDS = "as rendered, except for line ends of Windows (CRLF)"
    ONCE_KEPT = "a file that edgegen created once and kept, with other content"
    EDITED = "edited by hand since edgegen wrote it"
    FOREIGN = "not written by edgegen"


class Judged(Struct, frozen=True):
    """One output and what is on disk."""

    output: Output
    standing: Standing
    seen: Seen | None = None

    @property
    def is_somebodys(self) -> bool:
        """True if replacing it would lose a user's work."""
        return self.standing in (Standing.ONCE_KEPT, Standing.EDITED, Standing.FOREIGN)

    @property
    def has_wrong_mode(self) -> bool:
        """True for an existing file whose mode must be corrected."""
        return self.seen is not None and not self.output.accepts_mode(self.seen.mode)


class Survey(Struct, frozen=True):
    """The state of all outputs, files that are no longer outputs, and warnings for the user."""

    judged: tuple[Judged, ...]
    stale: tuple[str, ...]
    warnings: tuple[str, ...]


def survey(root: ProjectDirectory, outputs: Sequence[Output], state: State) -> Survey:
    """Judges every output. Raises RefusedError, with all problems at once, for links, FIFOs, folders and foreign
    owners."""
    _refuse_twins(outputs)
    judged: list[Judged] = []
    problems: list[Problem] = []
    for output in outputs:
        try:
            judged.append(judge(root, output, state))
        except RefusedError as error:
            problems.extend(problem for problem in error.problems if problem not in problems)
    if problems:
        raise RefusedError(problems)
    stale, modified = _stale(root, outputs, state)
    return Survey(tuple(judged), stale, (*_warnings(root, judged, state), *modified))


def refuse_somebodys_work(root: ProjectDirectory, judged: Sequence[Judged]) -> None:
    """Raises RefusedError, with a diff for each file that was changed since edgegen left it."""
    problems = [_work_problem(root, item) for item in judged if item.is_somebodys]
    if problems:
        raise RefusedError(problems)


def judge(root: ProjectDirectory, output: Output, state: State) -> Judged:
    """What is at the output's path. Raises RefusedError for anything but one regular file, and for secrets of another
    user."""
    directory = root.find(output.parts[:-1])
    shown = root.shown(output.path)
    if directory is not None and output.parts[:-1] == SECRETS:
        # Some of its files are readable by everybody who gets there: the folder's owner and mode keep others out.
        _refuse_strangers(os.fstat(directory).st_uid, root.shown(SECRETS[0]))
    read = not output.keep or output.path == ACME_STORE
    seen = root.see(output.parts, read=read)
    if seen is None:
        return Judged(output, Standing.MISSING)
    if output.keep or output.is_secret:
        _refuse_strangers(seen.owner, shown)
    if output.keep:
        return Judged(output, Standing.KEPT, seen)
    return Judged(output, _standing(output, seen, state), seen)


def private_directories(root: ProjectDirectory, outputs: Sequence[Output]) -> list[tuple[str, ...]]:
    """The existing private folders of these outputs."""
    parents = {output.parts[:-1] for output in outputs}
    return sorted(parts for parts in parents if is_private(parts) and root.find(parts) is not None)


def _standing(output: Output, seen: Seen, state: State) -> Standing:
    if seen.content == output.content:
        return Standing.SAME
    if not output.is_secret and _with_plain_ends(seen.content) == output.content:
        return Standing.LINE_ENDS
    if _is_written(seen.content, output.path, state):
        return Standing.OURS
    if state.manifest and output.path in state.manifest.kept:
        return Standing.ONCE_KEPT
    return Standing.EDITED if output.path in state.paths else Standing.FOREIGN


def _is_written(content: bytes, path: str, state: State) -> bool:
    """Whether edgegen wrote it: git may have checked it out with other line ends since."""
    return bool({sha256(content), sha256(_with_plain_ends(content))} & state.hashes(path))


def _with_plain_ends(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _refuse_twins(outputs: Sequence[Output]) -> None:
    twins = sorted(path for path, times in Counter(output.path for output in outputs).items() if times > 1)
    if twins:
        raise BugError(f"two outputs have the same path: {', '.join(twins)}")


def _work_problem(root: ProjectDirectory, item: Judged) -> Problem:
    path = item.output.path
    before = item.seen.content if item.seen else b""
    lines = [] if item.output.is_secret else unified(path, before, item.output.content)
    if len(lines) > _SHOWN_LINES:
        lines = [*lines[:_SHOWN_LINES], f"… and {len(lines) - _SHOWN_LINES} more lines (render --diff shows all)"]
    message = "\n".join([f"is {item.standing.value}", *lines])
    hint = f"put the change into the spec, or use --force, which keeps the file as {path}.bak"
    return Problem(message, Location(root.shown(path)), hint=hint)


def _stale(root: ProjectDirectory, outputs: Sequence[Output], state: State) -> tuple[tuple[str, ...], tuple[str, ...]]:
    current = {output.path for output in outputs}
    kept_once = set(state.manifest.kept) if state.manifest else set()
    unmodified, warnings = [], []
    for path in sorted(state.paths - current - kept_once):
        verdict = _is_unmodified(root, path, state)
        if verdict:
            unmodified.append(path)
        elif verdict is False:
            warnings.append(f"{root.shown(path)} is no longer rendered, but was edited by hand: it is kept")
    warnings += [f"{root.shown(path)} is no longer used: it is kept" for path in sorted(kept_once - current)]
    return tuple(unmodified), tuple(warnings)


def _is_unmodified(root: ProjectDirectory, path: str, state: State) -> bool | None:
    """None if it is gone already."""
    try:
        seen = root.see(tuple(path.split("/")))
    except RefusedError:
        return False
    return None if seen is None else _is_written(seen.content, path, state)


def _warnings(root: ProjectDirectory, judged: Sequence[Judged], state: State) -> list[str]:
    said = list(state.warnings)
    if state.was_interrupted:
        said.append("the last render was interrupted; this one completes it")
    for item in judged:
        shown = root.shown(item.output.path)
        if item.seen is None:
            said += _deleted(item.output, shown, state)
        elif item.output.keep and (warning := _kept_warning(item.output, item.seen, shown)):
            said.append(warning)
    return said


def _deleted(output: Output, shown: str, state: State) -> list[str]:
    if state.manifest is None:
        return []
    was_there = output.path in (state.manifest.kept if output.keep else state.manifest.outputs)
    return [f"{shown} was deleted since edgegen wrote it"] if was_there else []


def _kept_warning(output: Output, seen: Seen, shown: str) -> str:
    """A warning about an existing file that is kept, or ""."""
    if output.path == ACME_STORE:
        return unreadable(seen.content, shown)
    if output.content and not seen.size:
        return f"{shown} is empty; remove it to have it created again"
    return ""


def _refuse_strangers(owner: int, shown: str) -> None:
    """Raises RefusedError if a file or folder belongs to another user, who could choose its content."""
    if owner != os.geteuid():
        message = f"belongs to uid {owner}, and this process is uid {os.geteuid()}"
        raise refused(shown, message, f"run as its owner, or: chown {os.geteuid()} {shown}")
