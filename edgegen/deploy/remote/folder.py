"""The project's folder on another host: who owns it, what has to be copied, and the copy itself.

Nothing there is replaced before everything has arrived and is complete. Each file then gets its name in one step, and
a record of the digests, written first, tells an interrupted copy from somebody's edit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from msgspec import Struct, field

from edgegen.core.errors import BugError, RefusedError, at_most
from edgegen.core.show import first_few
from edgegen.deploy.remote.far import Entered, Far, check_folder, connected
from edgegen.deploy.remote.judge import Cargo, Plan, There, judge, outputs, parents, pending
from edgegen.deploy.remote.ownership import Asking, open_folders, strange
from edgegen.deploy.remote.record import PENDING, RECORD, Record, parse_record
from edgegen.deploy.runner import Runner

_MOST_NAMED = 20
"""Files in one sentence."""
DEFAULT = "edgegen"
"""The folder in the home folder that has a folder for each project."""


class Source(Struct, frozen=True):
    """Where the files come from. `copy` is a random name of the folder here, made once."""

    folder: Path
    machine: str
    copy: Callable[[bool], str]
    """Its argument: whether it may be made now. "" where there is none."""
    force: bool = False


class _Open(Struct):
    """What is known while connected."""

    far: Far
    entered: Entered
    record: Record | None = None
    left: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_interrupted: bool = False


class FarFolder:
    """The folder of one project, on whatever host the engine turns out to be. Connects when it is first needed."""

    def __init__(self, runner: Runner, source: Source, host: str = "", remote_dir: str = "") -> None:
        self._runner, self._source = runner, source
        self.host = host
        """What `--host` says; "" leaves it to the environment."""
        self._wanted = check_folder(remote_dir) if remote_dir else ""
        self._stack = ExitStack()
        self._now: _Open | None = None
        self._cargo, self._plan = Cargo((), {}), Plan()
        self._project = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def here(self) -> Path:
        """The project's folder on this machine, absolute."""
        return self._source.folder.absolute()

    def named(self, project: str) -> str:
        """The folder there as it is asked for, before anybody has looked."""
        folder = self._wanted or f"{DEFAULT}/{project}"
        return folder if folder.startswith("/") else f"~/{folder}"

    @property
    def path(self) -> str:
        """The folder there, absolute; "" before it was entered."""
        return self._now.entered.path if self._now else ""

    @property
    def shown(self) -> str:
        """As `ssh://host:/path`."""
        return f"{self.connection.host}:{self.path}"

    def enter(self, host: str, project: str, *, create: bool = True, folder: str = "") -> bool:
        """Connect, go to the folder and hold its lock; False if it does not exist and `create` is not set.

        Raises OutsideError, LockedError, and RefusedError for a folder that others can change or that is not ours.
        """
        self._project = project
        far = self._stack.enter_context(connected(self._runner, host))
        entered = far.enter(folder or self._wanted or f"{DEFAULT}/{project}", create=create)
        self._now = _Open(far, entered)
        if not entered.exists:
            return False
        if problems := list(open_folders(entered.above, host, far.user)):
            raise RefusedError(problems)
        far.lock(self._source.machine)
        texts = [far.text(name) for name in (RECORD, PENDING)]
        records = [parse_record(text) if text else None for text in texts]
        self._now.is_interrupted = texts[1] is not None
        self._now.record = next((item for item in records if item), None)
        self._now.left = _merged(item.outputs for item in records if item)
        self._refuse_strange(create=create)
        return True

    def survey(self, cargo: Cargo) -> tuple[str, ...]:
        """Compare with what is there; gives remarks. Raises RefusedError for what must not be touched."""
        paths = (*cargo.paths, *self._open.left)
        seen = self.connection.look(dict.fromkeys((*paths, *parents(paths))))
        there = There(self.shown, seen, self._open.left, self.connection.user)
        plan = judge(cargo, there, force=self._source.force)
        if plan.problems:
            raise RefusedError(at_most(list(plan.problems)))
        self._cargo, self._plan = cargo, plan
        self._there = there
        return plan.notices

    def copy(self) -> tuple[str, ...]:
        """Carry out what `survey` found; gives what was done, in sentences. Nothing is sent if nothing differs."""
        record = self._record(outputs(self._cargo))
        if self._plan.is_empty and self._open.record == record and not self._open.is_interrupted:
            return ()
        far, plan = self.connection, self._plan
        staged = [self._record(pending(self._cargo, self._there, plan)).content()]
        staged += [item.content or b"" for item in plan.copy]
        staged.append(record.content())
        sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {at}\n" for at, content in enumerate(staged))
        steps = "".join(f"{verb}\t{word}\t./{path}\n" for verb, word, path in _steps(plan, len(staged) - 1))
        for name, content in [*enumerate(staged), ("sums", sums.encode()), ("plan", steps.encode())]:
            far.stage(str(name), content)
        far.check()
        backups = far.commit()
        return tuple(self._told(backups))

    def changed(self) -> dict[str, float]:
        """Path there -> when its contents changed, for all files."""
        seen = self.connection.look([item.path for item in self._cargo.files])
        return {f"{self.path}/{path}": facts.changed for path, facts in seen.items() if facts.kind == "file"}

    @property
    def connection(self) -> Far:
        """The conversation with that host."""
        return self._open.far

    @property
    def _open(self) -> _Open:
        if self._now is None:
            raise BugError("the folder on the other host was not entered")
        return self._now

    def _record(self, left: Mapping[str, tuple[str, ...]]) -> Record:
        copy = self._source.copy(True)
        return Record(self._project, copy, self._source.machine, str(self.here), left)

    def _refuse_strange(self, *, create: bool) -> None:
        asking = Asking(self._project, self._source.copy(False), create, self._source.force)
        if problem := strange(self._open.record, asking, self.shown, is_empty=self._open.entered.is_empty):
            raise RefusedError(problem)

    def _told(self, backups: Iterable[str]) -> Iterator[str]:
        if names := [item.path for item in self._plan.copy]:
            yield f"copied to {self.shown}: {first_few(names, _MOST_NAMED)}"
        for path in backups:
            yield f"kept {self.shown}/{path}"
        for item in self._plan.keep:
            yield f"created {self.shown}/{item.path}"
        for path, mode in self._plan.modes:
            yield f"set the mode of {self.shown}/{path} to {mode:04o}"
        for path in self._plan.gone:
            yield f"removed {self.shown}/{path}: it is no longer needed"


def _steps(plan: Plan, record: int) -> Iterator[tuple[str, str, str]]:
    """Each step as the script reads it. The record before is the first, the record after the last but one."""
    yield "move", "0:600", PENDING
    yield from (("folder", f"{mode:o}", path) for path, mode in plan.folders)
    yield from (("backup", "-", path) for path in plan.backups)
    yield from (("move", f"{at}:{item.mode:o}", item.path) for at, item in enumerate(plan.copy, 1))
    yield from (("keep", f"{item.mode:o}", item.path) for item in plan.keep)
    yield from (("mode", f"{mode:o}", path) for path, mode in plan.modes)
    yield from (("gone", "-", path) for path in plan.gone)
    yield "move", f"{record}:600", RECORD
    yield "gone", "-", PENDING


def _merged(records: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for outputs_of in records:
        for path, digests in outputs_of.items():
            found[path] = tuple(sorted({*found.get(path, ()), *digests}))
    return found
