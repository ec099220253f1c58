"""From a project directory's `edge.yaml` to the files that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct, structs

from edgegen import __version__
from edgegen.core.errors import Problem, RefusedError, at_most
from edgegen.desired.build import Desired, build
from edgegen.desired.renewed import renewed
from edgegen.files import Output, WriteReport, dockerignore, gitignore, lock, put_file, read_project_file, write_outputs
from edgegen.files.beside import texts_beside
from edgegen.files.inventory import take_inventory, user_secret_files, within
from edgegen.files.output import ACME_STORE, PRIVATE, STATE_DIRECTORY
from edgegen.files.single_file import refuse_overtaken
from edgegen.files.values import Values
from edgegen.project.checked import checked, checked_on_disk, refuse_unrendered, unowned_remarks
from edgegen.project.local_ca import LocalCa, local_ca
from edgegen.project.misread import env_file_remarks, overlooked
from edgegen.project.naming import naming
from edgegen.render.environment import overrides, schema
from edgegen.render.files import Origin, render
from edgegen.secrets.generated import secret_outputs
from edgegen.secrets.reload import is_reload_file
from edgegen.secrets.users import Credential, UserFiles, user_files
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, load
from edgegen.spec.resolve import resolve
from edgegen.system.stop import unseen, when_stopped

SCHEMA_FILE = f"{STATE_DIRECTORY}/schema.json"


class Prepared(Struct, frozen=True):
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
    def stack_text(self) -> str:
        """The rendered Compose or stack file."""
        return next(item.content.decode() for item in self.outputs if item.path == self.desired.target.file_name)

    def lost_credentials(self) -> list[Problem]:
        """What to do if the new passwords could not be shown."""
        several = len(self.loaded.spec.registries) > 1
        return [item.lost(several=several) for item in self.credentials]


def prepare(
    project: Path,
    environment: str | None,
    *,
    environ: Mapping[str, str],
    templates: Path | None = None,
    loaded: LoadedSpec | None = None,
    complete: bool = False,
    compared: bool = False,
    now: datetime | None = None,
) -> Prepared:
    """Load, check and render; reads the project's secrets, users and local authority, writes nothing.

    With `complete`, raises RefusedError where a variable that Compose requires has no value. With `compared`, nothing
    will be written: what a first render makes, and names follow from, is as in the present files.
    """
    loaded = loaded or load(project, environment)
    refuse_unrendered(loaded)
    values = Values(project, environ)
    resolved = resolve(loaded, values)
    if complete and resolved.missing:
        raise RefusedError(at_most(list(resolved.missing)))
    warnings = [*checked(loaded, resolved.spec), *at_most([*resolved.missing, *resolved.unset])]
    desired = build(loaded.spec, texts_beside(project, loaded.spec, values))
    kept = _kept(project, desired, values, now or datetime.now(UTC))
    named = naming(project, loaded, desired, values, (*kept.outputs, *kept.users.completed), compared=compared)
    origin = Origin(loaded.digest, __version__, loaded.environment)
    texts = render(desired, origin, overrides(project, templates), named.contents)
    outputs = [
        *(Output(file.path, file.text.encode()) for file in texts),
        *kept.outputs,
        *named.outputs,
        Output(gitignore.FILE, gitignore.content(), keep=True),
        Output(SCHEMA_FILE, schema()),
    ]
    warnings += kept.users.remarks
    prepared = Prepared(
        loaded, origin.digest, desired, outputs, kept.users.completed, kept.users.credentials, warnings, values,
        kept.local_ca,
    )  # fmt: skip
    outputs += dockerignore.outputs(project, _ignore(project, prepared))
    warnings += _remarks(project, prepared, resolved.spec)
    return prepared


class _Kept(Struct, frozen=True):
    """What a render makes once and then keeps: users, secrets, an authority, the store of certificates."""

    users: UserFiles
    local_ca: LocalCa | None
    outputs: list[Output]


def _kept(project: Path, desired: Desired, values: Values, now: datetime) -> _Kept:
    users = user_files(desired.users_files, project)
    if desired.target.files_are_sent:
        users = structs.replace(users, files=_read_once(users.files), completed=_read_once(users.completed))
    local = local_ca(project, desired.spec, now)
    # Where Traefik's certificates are a file here, it must exist before Traefik starts.
    has_store = desired.spec.has_own_edge and not desired.target.files_are_sent and not local
    store = [Output(ACME_STORE, b"", PRIVATE, keep=True)] if has_store else []
    secrets = secret_outputs(desired, project, values)
    return _Kept(users, local, [*store, *(local.outputs if local else ()), *secrets, *users.files])


def _read_once(outputs: list[Output]) -> list[Output]:
    """Without what makes Traefik read users again: it has a copy of them, and another copy is another Traefik."""
    return [item for item in outputs if not is_reload_file(item)]


def _ignore(project: Path, prepared: Prepared) -> bytes:
    return dockerignore.content(within(project, user_secret_files(prepared.loaded.spec, prepared.values)))


def _remarks(project: Path, prepared: Prepared, spec: Spec) -> Iterator[Problem]:
    """What the disk says about this render. `spec` has the values of its variables.

    Raises SpecError for secrets that an image or a container would see.
    """
    desired = prepared.desired
    inventory = take_inventory(
        project, structs.replace(desired, spec=spec), prepared.outputs, prepared.values, _ignore(project, prepared)
    )
    yield from checked_on_disk(prepared.loaded, inventory, spec)
    yield from gitignore.remarks(read_project_file(project, gitignore.FILE))
    yield from overlooked(project, desired.target)
    yield from unowned_remarks(project, prepared.loaded)
    yield from env_file_remarks(project, prepared.loaded, desired.target, prepared.values)
    yield from renewed(desired, read_project_file(project, desired.target.file_name), prepared.stack_text)


def write(project: Path, prepared: Prepared, *, force: bool = False) -> WriteReport:
    """Write what was prepared. Raises, before anything is written, RefusedError where a file was edited by hand, and
    LockedError where another edgegen wrote users or secrets since they were read."""
    again = "some files may have been written: `edgegen render` completes them"
    with lock(project), when_stopped(again) as ended:
        refuse_overtaken(project, (item for item in prepared.outputs if item.path != ACME_STORE))
        if prepared.local_ca:
            prepared.local_ca.keep(project)
        report = write_outputs(
            project,
            prepared.outputs,
            force=force,
            spec_hash=prepared.digest,
            environment=prepared.loaded.environment,
            version=__version__,
            target=prepared.loaded.spec.target,
            name=prepared.loaded.spec.name,
            owner=prepared.loaded.spec.dns.owner or "",
        )
        for item in prepared.completed:
            put_file(project, item.path, item.content, mode=item.mode, existing="replace")
        unseen(prepared.lost_credentials())
        report = structs.replace(report, written=(*report.written, *(item.path for item in prepared.completed)))
        ended("the files are written" if report.written or report.mended or report.removed_stale else "")
    return report
