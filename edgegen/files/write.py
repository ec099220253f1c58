"""Writes all outputs of a render so that a crash at any moment leaves every file whole, either old or new.

The order: check everything and refuse; write the new hashes to `pending.json`; write and sync every temporary file;
rename each; sync the folders; write the manifest; remove `pending.json`. After a crash `pending.json` tells the next
run that a file is unfinished work and not a manual edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace as changed

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.files.backup import stage_backup
from edgegen.files.lock import lock
from edgegen.files.manifest import MANIFEST, PENDING, Manifest, State, pending_bytes, read_state, sha256
from edgegen.files.output import PRIVATE, STATE_DIRECTORY, Output, WriteReport
from edgegen.files.safe_open import ProjectDirectory, mend_mode
from edgegen.files.survey import Judged, Standing, Survey, private_directories, refuse_somebodys_work, survey
from edgegen.system import atomic
from edgegen.system.os_errors import naming
from edgegen.target_names import DEFAULT


def write_outputs(
    project: Path,
    outputs: Sequence[Output],
    *,
    force: bool = False,
    spec_hash: str,
    environment: str | None,
    version: str,
    target: str = DEFAULT,
    name: str = "",
    owner: str | None = None,
) -> WriteReport:
    """Brings the project directory to `outputs`; a second run with the same outputs writes nothing.

    `force` replaces what a user edited, after saving it as `NAME.bak`. Raises RefusedError before anything is
    written; LockedError; LocalIOError, before the first rename with nothing replaced, after it to be completed by the
    next run.
    """
    with lock(project), ProjectDirectory(project) as root:
        state = read_state(root)
        _sweep(root, outputs, state)
        found = survey(root, outputs, state)
        if not force:
            refuse_somebodys_work(root, found.judged)
        backups = _write(root, found, state, environment)
        mended = _mend(root, found, outputs)
        made = Manifest(
            generation=0,
            version=version,
            spec_hash=spec_hash,
            environment=environment,
            targets=(target,),
            outputs={output.path: sha256(output.content) for output in outputs if not output.keep},
            kept=tuple(sorted(output.path for output in outputs if output.keep)),
            name=name,
            owner=owner,
        )
        _remember(root, _manifest(made, state.manifest), state)
    return _report(found, backups, mended)


def _sweep(root: ProjectDirectory, outputs: Sequence[Output], state: State) -> None:
    parents = {output.parts[:-1] for output in outputs}
    parents |= {tuple(path.split("/"))[:-1] for path in state.paths}
    for parts in sorted(parents | {(), (STATE_DIRECTORY,)}):
        try:
            directory = root.find(parts)
        except RefusedError:
            continue  # the survey reports it together with everything else
        if directory is not None:
            atomic.sweep(directory, root.shown("/".join(parts)))


def _write(root: ProjectDirectory, found: Survey, state: State, environment: str | None) -> tuple[str, ...]:
    to_write = [item for item in found.judged if item.standing not in (Standing.KEPT, Standing.SAME)]
    if not to_write and not found.stale:
        return ()
    batch = _Batch(root)
    try:
        _write_pending(root, found, state, environment)
        for item in to_write:
            batch.stage(item)
        batch.publish(found.stale)
    except BaseException:
        batch.discard()
        if not batch.replaced_any and not state.was_interrupted:
            with suppress(LocalIOError):  # the first error is the one to report
                _drop_pending(root)
        raise
    return tuple(batch.backups)


class _Batch:
    """Files that are staged and then published together."""

    def __init__(self, root: ProjectDirectory) -> None:
        self._root = root
        self._backups: list[atomic.Staged] = []
        self._kept: list[atomic.Staged] = []
        self._over: list[atomic.Staged] = []
        self._empty: list[Output] = []
        self._directories: dict[int, str] = {}
        self.backups: list[str] = []
        self.replaced_any = False

    def stage(self, item: Judged) -> None:
        output = item.output
        directory = self._root.make(output.parts[:-1])
        self._directories[directory] = self._root.shown("/".join(output.parts[:-1]))
        if output.keep and not output.content:
            self._empty.append(output)
            return
        if item.is_somebodys and item.seen is not None:
            shown = self._root.shown(output.path)
            backup = stage_backup(directory, output.parts[-1], item.seen, shown, self._backups)
            self.backups.append(output.path.removesuffix(output.parts[-1]) + backup.name)
        known, shown = self._kept if output.keep else self._over, self._root.shown(output.path)
        atomic.stage(directory, output.parts[-1], output.content, output.mode, shown, known=known)

    def publish(self, stale: Sequence[str]) -> None:
        for staged in self._backups:
            atomic.publish_new(staged)
        for staged in self._over:
            before, self.replaced_any = self.replaced_any, True  # before it is so: a signal may come between the two
            try:
                atomic.replace(staged)
            except LocalIOError:
                self.replaced_any = before
                raise
        # Last: a password in it is only shown if everything succeeded, and the file is never created again.
        for staged in self._kept:
            atomic.publish_new(staged)
        for output in self._empty:
            directory = self._root.make(output.parts[:-1])
            atomic.create_empty(directory, output.parts[-1], output.mode, self._root.shown(output.path))
        for path in stale:
            self._remove(path)
        for directory, shown in self._directories.items():
            atomic.sync_directory(directory, shown)

    def discard(self) -> None:
        atomic.discard_all((*self._backups, *self._over, *self._kept))

    def _remove(self, path: str) -> None:
        parts = tuple(path.split("/"))
        directory = self._root.find(parts[:-1])
        if directory is not None:
            self.replaced_any = True
            with naming(self._root.shown(path), "removing", directory):
                atomic.remove(directory, parts[-1])
            self._directories[directory] = self._root.shown("/".join(parts[:-1]))


def _write_pending(root: ProjectDirectory, found: Survey, state: State, environment: str | None) -> None:
    pending = {item.output.path: _acceptable(item) for item in found.judged if not item.output.keep}
    pending |= {path: tuple(sorted(state.hashes(path))) for path in found.stale}
    _replace_state_file(root, PENDING, pending_bytes(pending, environment))


def _acceptable(item: Judged) -> tuple[str, ...]:
    """The hashes that the file may have if this run is interrupted; never that of a user's edit."""
    hashes = {sha256(item.output.content)}
    if item.standing in (Standing.OURS, Standing.LINE_ENDS) and item.seen is not None:
        hashes.add(sha256(item.seen.content))
    return tuple(sorted(hashes))


def _drop_pending(root: ProjectDirectory) -> None:
    directory = root.make((STATE_DIRECTORY,))
    with naming(root.shown(f"{STATE_DIRECTORY}/{PENDING}"), "removing", directory):
        atomic.remove(directory, PENDING)


def _mend(root: ProjectDirectory, found: Survey, outputs: Sequence[Output]) -> tuple[str, ...]:
    mended = []
    for item in found.judged:
        if item.standing in (Standing.KEPT, Standing.SAME) and item.has_wrong_mode:
            directory = root.make(item.output.parts[:-1])
            mend_mode(directory, item.output.parts[-1], item.output.mode, root.shown(item.output.path))
            mended.append(item.output.path)
    for parts in private_directories(root, outputs):
        root.make(parts)
    return (*root.mended, *mended)


def _manifest(made: Manifest, last: Manifest | None) -> Manifest:
    """What was made, with the targets of before; the next generation if anything differs."""
    before = last or changed(made, targets=())
    others = (one for one in before.targets if one not in made.targets)
    manifest = changed(made, generation=before.generation, targets=(*others, *made.targets))
    return manifest if manifest == last else changed(manifest, generation=manifest.generation + 1)


def _remember(root: ProjectDirectory, manifest: Manifest, state: State) -> None:
    if manifest.to_bytes() != state.manifest_bytes:
        _replace_state_file(root, MANIFEST, manifest.to_bytes())
    _drop_pending(root)


def _replace_state_file(root: ProjectDirectory, name: str, content: bytes) -> None:
    directory = root.make((STATE_DIRECTORY,))
    atomic.put(directory, name, content, PRIVATE, root.shown(f"{STATE_DIRECTORY}/{name}"))


def _report(found: Survey, backups: tuple[str, ...], mended: tuple[str, ...]) -> WriteReport:
    def paths(*standings: Standing) -> tuple[str, ...]:
        return tuple(item.output.path for item in found.judged if item.standing in standings)

    return WriteReport(
        written=paths(*(set(Standing) - {Standing.KEPT, Standing.SAME})),
        unchanged=paths(Standing.SAME),
        kept=paths(Standing.KEPT),
        mended=mended,
        removed_stale=found.stale,
        backups=backups,
        warnings=found.warnings,
    )
