"""Stops a real process at each of its system calls on a project, and judges what is left on the disk.

It knows nothing of how edgegen writes: it compares bytes, modes and inodes before, after the fault, and after one more
undisturbed run. It counts the calls once under strace, then injects at exactly those that touch the project, so that
the start of the interpreter isn't tested; a point that missed its call is an error of the harness and is reported.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.sizes import sized, some
from tests.zygote import ZYGOTE

SYSCALLS = (
    "openat",
    "write",
    "pwrite64",
    "ftruncate",
    "fchmod",
    "fsync",
    "fdatasync",
    "flock",
    "link",
    "linkat",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
)
STORE = "acme/acme.json"
LOCK = ".edgegen/lock"
TEMP = re.compile(r"(^|/)\.edgegen-tmp-[^/]*$")
MANIFEST = ".edgegen/manifest.json"
PENDING = ".edgegen/pending.json"
ATTEMPTS = 3
RENAMES = ("rename", "renameat", "renameat2")


@dataclass(frozen=True)
class Scenario:
    """A project before the run, and the command to run in it. `random` are prefixes whose bytes differ every time.

    `spread`: by how many bytes the length of such a file may differ. ECDSA signatures are not all of one length.
    """

    name: str
    prepare: Callable[[Path], None]
    argv: Callable[[Path], list[str]]
    random: tuple[str, ...] = ()
    spread: int = 0


@dataclass(frozen=True)
class Point:
    """The n-th call of a name in the whole process, and its number among the calls that touch the project."""

    syscall: str
    when: int
    position: int


@dataclass(frozen=True)
class Entry:
    """One file or folder as it stands."""

    mode: int
    content: bytes | None
    inode: int = 0
    mtime: int = 0

    def same(self, other: Entry | None) -> bool:
        return other is not None and (self.mode, self.content) == (other.mode, other.content)


Tree = dict[str, Entry]


@dataclass
class Verdict:
    """What the points showed. Every list but `exits` must be empty for a writer that can be trusted."""

    points: int = 0
    missed: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    store: list[str] = field(default_factory=list)
    unhealed: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    exposed: list[str] = field(default_factory=list)
    exits: Counter[int] = field(default_factory=Counter)
    by_syscall: Counter[str] = field(default_factory=Counter)

    @property
    def faults(self) -> list[str]:
        return [*self.missed, *self.torn, *self.store, *self.unhealed, *self.early, *self.exposed]


def tree(project: Path) -> Tree:
    """Everything below the project, but the lock, which says who ran last."""
    found: Tree = {}
    for folder, folders, files in os.walk(project):
        for name in [*folders, *files]:
            path = Path(folder, name)
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode):
                entry = Entry(facts.st_mode, path.read_bytes(), facts.st_ino, facts.st_mtime_ns)
            else:
                entry = Entry(facts.st_mode, None)  # a folder's time changes with every temporary file
            found[path.relative_to(project).as_posix()] = entry
    found.pop(LOCK, None)
    return found


def environment() -> dict[str, str]:
    """Deterministic start-up: the n-th call must be the same call in every run."""
    return {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


def run(argv: Sequence[str], *, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
    """The command, undisturbed: edgegen's own line needs no start of an interpreter here."""
    if list(argv[:3]) == [sys.executable, "-m", "edgegen"]:
        ran = ZYGOTE.run(argv[3:], env=dict(os.environ), umask=umask)
        return subprocess.CompletedProcess(argv, ran.code, ran.out, ran.err)
    return subprocess.run(argv, env=environment(), capture_output=True, text=True, timeout=60, umask=umask, check=False)


def manifest_lies(now: Tree) -> Iterator[str]:
    """Where the manifest names another hash than the file on disk has."""
    manifest = now.get(MANIFEST)
    if manifest is None or manifest.content is None:
        return
    for path, wanted in json.loads(manifest.content)["outputs"].items():
        if path not in now or hashlib.sha256(now[path].content or b"").hexdigest() != wanted:
            yield f"the manifest has another hash of {path}"


def exposed_secrets(now: Tree) -> Iterator[str]:
    """Files of `secrets/` that another user of the host could read at this moment."""
    folder = now.get("secrets")
    if folder is None or not stat.S_IMODE(folder.mode) & 0o077:
        return
    for path, entry in now.items():
        if path.startswith("secrets/") and stat.S_IMODE(entry.mode) & 0o077:
            yield f"{path} is {stat.S_IMODE(entry.mode):o} in a folder that is {stat.S_IMODE(folder.mode):o}"


class Traced:
    """One run under strace: the calls that touched the project, with the process's exit code."""

    def __init__(self, argv: Sequence[str], project: Path, *, inject: str = "", umask: int = 0o022) -> None:
        log = project.parent / f"{project.name}.strace"
        command = ["strace", "-f", "-qq", "-y", "-s", "8", "-o", str(log), "-e", f"trace={','.join(SYSCALLS)}"]
        command += ["-e", "signal=none"] + (["-e", f"inject={inject}"] if inject else [])
        done = subprocess.run(
            [*command, *argv], env=environment(), capture_output=True, text=True, timeout=60, umask=umask, check=False
        )
        self.code = done.returncode
        self.stderr = done.stderr
        self.lines = [line.partition(" ")[2].lstrip() for line in log.read_text(errors="replace").splitlines()]
        self._project = str(project)

    def points(self) -> list[Point]:
        """Every call on the project, in order."""
        seen: Counter[str] = Counter()
        points: list[Point] = []
        for line in self.lines:
            name = line.partition("(")[0]
            seen[name] += 1
            if self._project in line:
                points.append(Point(name, seen[name], len(points)))
        return points

    def touching(self, *names: str) -> list[str]:
        """The calls of these names on the project."""
        return [line for line in self.lines if self._project in line and line.partition("(")[0] in names]

    def was_hit(self, point: Point) -> bool:
        """True when the fault met a call on the project."""
        calls = [line for line in self.lines if line.partition("(")[0] == point.syscall]
        return len(calls) >= point.when and self._project in calls[point.when - 1]


class EverySyscall:
    """Runs a scenario once per point, each in a fresh copy of the project."""

    def __init__(self, scenario: Scenario, workdir: Path, workers: int = 2) -> None:
        self._scenario = scenario
        self._workdir = workdir
        self._workers = workers
        self._original = workdir / "original"
        self._original.mkdir(parents=True)
        scenario.prepare(self._original)
        self.before = tree(self._original)
        self._counting = threading.Lock()
        self.points = self._count("undisturbed")
        self.after = tree(workdir / "undisturbed")

    def kill(self, one_in: int = 1) -> Verdict:
        """SIGKILL on entering each call; one in so many outside of the proof, the first in the middle of as many."""
        kills = [(point.position, "signal=SIGKILL") for point in self.points]
        return self._all(some(kills[sized(one_in // 2, 0) :], one_in))

    def fail(self, errors: Sequence[str], accepted: frozenset[int], one_in: int = 1) -> Verdict:
        """Each call fails with each error once. Any exit code outside of `accepted` is a fault."""
        faults = [(point.position, f"error={error}") for error in errors for point in self.points]
        return self._all(some(faults, one_in), accepted)

    def _all(self, faults: Sequence[tuple[int, str]], accepted: frozenset[int] | None = None) -> Verdict:
        verdict = Verdict(points=len(faults))
        with ThreadPoolExecutor(self._workers) as pool:
            for partial in pool.map(lambda fault: self._one(fault[0], fault[1], accepted), faults):
                verdict.missed += partial.missed
                verdict.torn += partial.torn
                verdict.store += partial.store
                verdict.unhealed += partial.unhealed
                verdict.early += partial.early
                verdict.exposed += partial.exposed
                verdict.exits += partial.exits
                verdict.by_syscall += partial.by_syscall
        return verdict

    def _count(self, name: str) -> list[Point]:
        project = self._copy(name)
        traced = Traced(self._scenario.argv(project), project)
        assert traced.code == 0, f"the undisturbed run failed: {traced.stderr}"
        return traced.points()

    def _recount(self, stale: Point) -> None:
        """The start of the interpreter changed (a module was edited or compiled): the same calls, other numbers."""
        with self._counting:
            if self.points[stale.position] == stale:
                points = self._count(f"recount-{stale.position}-{stale.when}")
                assert [point.syscall for point in points] == [point.syscall for point in self.points]
                self.points = points

    def _meet(self, position: int, fault: str) -> tuple[str, Path, Entry | None, Traced, bool]:
        """Runs the scenario with the fault at this call of the project; counts anew when it met another call."""
        for _ in range(ATTEMPTS):
            point = self.points[position]
            inject = f"{point.syscall}:{fault}:when={point.when}"
            project = self._copy(f"{position}-{fault.replace('=', '-')}")
            original_store = tree(project).get(STORE)
            traced = Traced(self._scenario.argv(project), project, inject=inject)
            met = traced.was_hit(point) and (fault != "signal=SIGKILL" or traced.code in (-9, 137))
            if met:
                break
            self._recount(point)
            shutil.rmtree(project)
        return inject, project, original_store, traced, met

    def _one(self, position: int, fault: str, accepted: frozenset[int] | None) -> Verdict:
        inject, project, original_store, traced, met = self._meet(position, fault)
        verdict = Verdict(exits=Counter([traced.code]), by_syscall=Counter([inject.partition(":")[0]]))
        if not met:
            verdict.missed.append(f"{inject}: exit {traced.code}, call not met")
            return verdict
        if accepted is not None and traced.code not in accepted:
            verdict.early.append(f"{inject}: exit {traced.code}: {traced.stderr.strip()[-300:]}")
        now = tree(project)
        verdict.torn += [f"{inject}: {fault}" for fault in self._torn(now)]
        verdict.store += [f"{inject}: {fault}" for fault in self._store(original_store, now)]
        verdict.exposed += [f"{inject}: {fault}" for fault in exposed_secrets(now)]
        if accepted is not None and traced.code == 7 and position < self._first_replacement():
            verdict.early += [f"{inject}: {fault}" for fault in self._changed(now)]
        verdict.unhealed += [f"{inject}: {fault}" for fault in self._heal(project)]
        verdict.store += [f"{inject}, next run: {fault}" for fault in self._store(original_store, tree(project))]
        shutil.rmtree(project)
        (project.parent / f"{project.name}.strace").unlink()
        return verdict

    def _copy(self, name: str) -> Path:
        project = self._workdir / name
        shutil.copytree(self._original, project, symlinks=True)
        return project

    def _first_replacement(self) -> int:
        """The place of the first rename that is not of pending.json: before it nothing may be replaced."""
        renames = [point.position for point in self.points if point.syscall in RENAMES]
        return renames[1] if len(renames) > 1 else len(self.points)

    def _is_random(self, path: str) -> bool:
        return path.startswith(self._scenario.random) if self._scenario.random else False

    def _torn(self, now: Tree) -> Iterator[str]:
        for path, entry in now.items():
            if TEMP.search(path) or path == PENDING:
                continue
            known = [state[path] for state in (self.before, self.after) if path in state]
            if self._is_random(path):
                lengths = [len(old.content or b"") for old in known]
                length = len(entry.content or b"")
                if not any(abs(length - whole) <= self._scenario.spread for whole in lengths):
                    yield f"{path} is torn"
            elif not any(entry.same(old) for old in known):
                yield f"{path} is neither old nor new ({len(entry.content or b'')} bytes, {entry.mode:o})"
        for path in self.before.keys() & self.after.keys():
            if path not in now:
                yield f"{path} is gone"

    def _store(self, original: Entry | None, now: Tree) -> Iterator[str]:
        store = now.get(STORE)
        if original is not None and store != original:
            yield f"{STORE} was touched"
        if original is None and store is not None and (store.content or stat.S_IMODE(store.mode) != 0o600):
            yield f"{STORE} is {stat.S_IMODE(store.mode):o} with {store.content!r}"

    def _changed(self, now: Tree) -> Iterator[str]:
        for path, old in self.before.items():
            if not old.same(now.get(path)):
                yield f"{path} was replaced although nothing may be yet"
        for path in now:
            if TEMP.search(path) or path == PENDING:
                yield f"{path} was left behind"

    def _heal(self, project: Path) -> Iterator[str]:
        done = run(self._scenario.argv(project))
        if done.returncode != 0:
            yield f"next run: exit {done.returncode}: {done.stderr.strip()[-300:]}"
        now = tree(project)
        yield from manifest_lies(now)
        for path in now.keys() ^ self.after.keys():
            yield f"after the next run {path} is {'left over' if path in now else 'missing'}"
        for path in now.keys() & self.after.keys():
            if not self._is_random(path) and not now[path].same(self.after[path]):
                yield f"after the next run {path} differs"
