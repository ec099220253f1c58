"""From a project directory's `edge.yaml` to the files that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from edgegen import __version__
from edgegen.core.errors import LockedError, Problem, RefusedError, SpecError, UsageError, at_most
from edgegen.core.location import Location, path_text
from edgegen.core.stopped import when_stopped
from edgegen.desired.build import Desired, build
from edgegen.files import (
    Difference,
    Output,
    WriteReport,
    check_outputs,
    diff_outputs,
    lock,
    put_file,
    read_project_file,
    write_outputs,
)
from edgegen.project import dockerignore, gitignore
from edgegen.project.inventory import take_inventory, user_secret_files, within
from edgegen.project.local_ca import LocalCa, local_ca
from edgegen.project.record_rules import record_violations
from edgegen.project.renewed import renewed
from edgegen.project.synced import has_synced
from edgegen.project.values import Values
from edgegen.render.environment import builtin_templates
from edgegen.render.files import Origin, render
from edgegen.rules import Inventory, Violation, violations, violations_on_disk
from edgegen.secrets.generated import PRIVATE, secret_outputs
from edgegen.secrets.users import Credential, user_files
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, load
from edgegen.spec.resolve import resolve
from edgegen.target_names import TARGETS
from edgegen.targets import find_target

SCHEMA_FILE = ".edgegen/schema.json"
ACME_FILE = "acme/acme.json"


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that is ready to be written, and nothing written yet."""

    loaded: LoadedSpec
    digest: str
    desired: Desired
    outputs: list[Output]
    completed: list[Output]
    credentials: list[Credential]
    warnings: list[Problem]
    values: Mapping[str, str]
    """The values of variables: of the environment, then of `.env`."""
    local_ca: LocalCa | None = None
    """The authority of `acme: {ca: local}`."""

    @property
    def compose_text(self) -> str:
        """The rendered Compose file."""
        return next(item.content.decode() for item in self.outputs if item.path == self.desired.target.file_name)

    def lost_credentials(self) -> list[Problem]:
        """What to do where nobody could see the new passwords."""
        several = len(self.loaded.spec.registries) > 1
        return [item.lost(several=several) for item in self.credentials]


def checked(loaded: LoadedSpec, spec: Spec | None = None) -> list[Problem]:
    """Apply the cross-domain rules: raise SpecError with all refusals, return what is only worth a remark.

    `spec`: the loaded one, with the values that its variables have.
    """
    return _refuse(loaded, [*violations(spec or loaded.spec), *record_violations(loaded)])


def checked_on_disk(loaded: LoadedSpec, inventory: Inventory, spec: Spec) -> list[Problem]:
    """The same for the rules that must know what lies where."""
    return _refuse(loaded, violations_on_disk(spec, inventory))


def _refuse(loaded: LoadedSpec, found: Sequence[Violation]) -> list[Problem]:
    def problem(path: tuple[str | int, ...], message: str, hint: str) -> Problem:
        return Problem(message, loaded.locate(path), path_text(path), hint)

    refused = [problem(item.path, item.message, item.hint) for item in found if item.refused]
    if refused:
        raise SpecError(at_most(sorted(refused, key=lambda problem: problem.where or Location(loaded.file))))
    return at_most([problem(item.path, item.message, item.hint) for item in found])


def prepare(
    project: Path,
    environment: str | None,
    *,
    environ: Mapping[str, str],
    templates: Path | None = None,
    loaded: LoadedSpec | None = None,
    complete: bool = False,
    now: datetime | None = None,
) -> Prepared:
    """Load, check and render; reads the project's secrets, users and local authority, writes nothing.

    With `complete`, raises RefusedError where a variable that Compose requires has no value.
    """
    loaded = loaded or load(project, environment)
    refuse_unrendered(loaded)
    values = Values(project, environ)
    resolved = resolve(loaded, values)
    if complete and resolved.missing:
        raise RefusedError(at_most(list(resolved.missing)))
    warnings = checked(loaded, resolved.spec)
    warnings += at_most([*resolved.missing, *resolved.unset])
    desired = build(loaded.spec)
    origin = Origin(loaded.digest, __version__, loaded.environment)
    texts = render(desired, origin, overrides(project, templates))
    outputs = [Output(file.path, file.text.encode()) for file in texts]
    users = user_files(desired.users_files, project)
    local = local_ca(project, loaded.spec, now or datetime.now(UTC))
    outputs += [
        *([Output(ACME_FILE, b"", PRIVATE, keep=True)] if loaded.spec.has_own_edge and not local else []),
        *(local.outputs if local else ()),
        *secret_outputs(desired, project, values),
        *users.files,
        Output(gitignore.FILE, gitignore.content(), keep=True),
        Output(SCHEMA_FILE, schema()),
    ]
    ignore = dockerignore.content(within(project, user_secret_files(loaded.spec, values)))
    outputs += dockerignore.outputs(project, ignore)
    inventory = take_inventory(project, replace(desired, spec=resolved.spec), outputs, values, ignore)
    warnings += checked_on_disk(loaded, inventory, resolved.spec)
    warnings += _gitignore_warning(project)
    warnings += _owner_remarks(project, loaded)
    prepared = Prepared(
        loaded, origin.digest, desired, outputs, users.completed, users.credentials, warnings, values, local
    )
    warnings += renewed(project, desired, prepared.compose_text)
    return prepared


def overrides(project: Path, templates: Path | None) -> Sequence[Path]:
    """Folders that are asked for a template before edgegen's own."""
    if templates is not None and not templates.is_dir():
        raise UsageError(f"`{templates}` is not a folder")
    return [folder for folder in (templates, project / "templates") if folder is not None and folder.is_dir()]


def schema(name: str = "edge") -> bytes:
    """The JSON Schema of `edge.yaml`, as it was generated from the models; or another published one."""
    return (builtin_templates() / "schema" / f"{name}.schema.json").read_bytes()


def refuse_unrendered(loaded: LoadedSpec) -> None:
    """Raises SpecError for a target that this version does not render."""
    if find_target(loaded.spec.target) is None:
        raise SpecError(
            f"target `{loaded.spec.target}` is not rendered by this version of edgegen",
            where=loaded.locate(("target",)),
            hint=f"use `target: {' or '.join(name for name in TARGETS if find_target(name))}`",
        )


def _owner_remarks(project: Path, loaded: LoadedSpec) -> list[Problem]:
    """What an old project that has records out there should know of their owner."""
    if not loaded.spec.domains or loaded.spec.dns.owner is not None or not has_synced(project):
        return []
    from edgegen.project.dns_owner import owner_for, owner_remarks

    return owner_remarks(loaded, owner_for(project, loaded.spec))


def _gitignore_warning(project: Path) -> list[Problem]:
    present = read_project_file(project, gitignore.FILE)
    lines = gitignore.missing_lines(present) if present is not None else []
    return [
        Problem(f"`.gitignore` does not name {', '.join(lines)}: secrets could be committed", hint="add the lines")
    ] * bool(lines)


def write(project: Path, prepared: Prepared, *, force: bool = False) -> WriteReport:
    """Write what was prepared. Raises, before anything is written, RefusedError where a file was edited by hand, and
    LockedError where another edgegen wrote users or secrets since they were read."""
    again = "some files may have been written: `edgegen render` completes them"
    with lock(project), when_stopped(again):
        _refuse_overtaken(project, prepared)
        if prepared.local_ca:
            prepared.local_ca.keep(project)
        report = write_outputs(
            project,
            prepared.outputs,
            force=force,
            spec_hash=prepared.digest,
            environment=prepared.loaded.environment,
            version=__version__,
        )
        for item in prepared.completed:
            put_file(project, item.path, item.content, mode=item.mode, existing="replace")
    return replace(report, written=(*report.written, *(item.path for item in prepared.completed)))


def _refuse_overtaken(project: Path, prepared: Prepared) -> None:
    """Users and secrets that are kept are read before the lock is held: by now they may be another edgegen's.

    Its files would stay, and the passwords that are shown here would open nothing.
    """
    for item in prepared.outputs:
        if not item.keep or not item.is_secret or item.path == ACME_FILE:
            continue
        if read_project_file(project, item.path) not in (None, item.content):
            raise LockedError(f"another edgegen wrote `{item.path}` at the same time", hint="run the command again")


def differences(project: Path, prepared: Prepared) -> tuple[Difference, ...]:
    """What writing would change."""
    return (*check_outputs(project, prepared.outputs), *_lacking(prepared))


def _lacking(prepared: Prepared) -> list[Difference]:
    return [Difference(item.path, "content", "lacks users that the spec names") for item in prepared.completed]


def diff(project: Path, prepared: Prepared) -> str:
    """A unified diff from the disk to what would be written; of secrets it says only that they differ."""
    lacking = "".join(f"{item.path}: {item.detail}\n" for item in _lacking(prepared))
    return diff_outputs(project, prepared.outputs) + lacking
