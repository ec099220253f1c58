"""`init`: write a starter project and render it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import Problem, RefusedError, SpecError, UsageError, words_checked
from edgegen.core.names import Hostname
from edgegen.core.registrable import project_name, registrable
from edgegen.core.reserved import reserved_end
from edgegen.dns.marker import owner_of, with_tail
from edgegen.files import WriteReport, gitignore, lock, put_file, read_project_file
from edgegen.files.last_run import has_synced, refuse_unnamed
from edgegen.files.output import STATE_DIRECTORY
from edgegen.files.rollback import as_before, made_folder
from edgegen.project.dns_owner import kept_owner
from edgegen.project.render import Prepared, prepare, write
from edgegen.render.starters import refuse_target, refuse_unknown, starter_files
from edgegen.spec import SPEC_FILE
from edgegen.spec.dns_section import OwnerLines, lines_of
from edgegen.spec.load import load_text
from edgegen.system.stop import when_undone

DEFAULT_USER = "ci"


class Answers(Struct, frozen=True):
    """The user's answers on the command line."""

    domain: str
    email: str | None = None
    addresses: tuple[str, ...] = ()
    target: str = "compose"
    users: tuple[str, ...] = (DEFAULT_USER,)
    tail: str = "00000000"
    """Random letters for the owner of its DNS records."""


class Initialised(Struct, frozen=True):
    """What `init` did."""

    prepared: Prepared
    report: WriteReport
    written: tuple[str, ...]


def project_files(template: str, answers: Answers, owner: OwnerLines) -> dict[str, bytes]:
    """The files of a starter project by path. Raises UsageError for an unknown template or a bad domain."""
    domain = _domain(answers)
    context = {
        "domain": domain,
        "zone": registrable(domain),
        "local": reserved_end(domain) not in ("", "example"),  # .example is what documents write for any name
        "name": project_name(domain),
        "email": answers.email,
        "addresses": list(answers.addresses),
        "target": answers.target,
        "users": list(answers.users),
        "owner": owner.owner,
        "service": None,
        "companion": "",
    }
    files = starter_files(template, context)
    return {path: (owner.put_into(text) if path == SPEC_FILE else text).encode() for path, text in files.items()}


def _domain(answers: Answers) -> Hostname:
    with words_checked():
        return Hostname.parse(answers.domain)


def owner_lines(project: Path, name: str, tail: str, *, force: bool) -> OwnerLines:
    """A new owner for a new project; for one that replaces another, the owner that this one had."""
    present = read_project_file(project, SPEC_FILE) if project.is_dir() else None
    if present is None:
        return OwnerLines(with_tail(name, tail))
    if (found := lines_of(present.decode("utf-8", "replace"))) is not None:
        return found
    if not force:
        return OwnerLines(None)  # the same file again, as the previous version wrote it; or it is refused anyway
    kept = kept_owner(project, owner_of(name))
    # Records with the project's name may exist: for a new owner they would be another project's.
    return OwnerLines(kept if kept is not None or has_synced(project) else with_tail(name, tail))


def init(
    project: Path,
    template: str,
    answers: Answers,
    *,
    environ: Mapping[str, str],
    environment: str | None = None,
    force: bool = False,
) -> Initialised:
    """Write a starter project and render it. Everything is checked before the first file is written; nothing is
    replaced without `force`, which keeps a .bak."""
    refuse_unknown(template)
    refuse_target(template, answers.target)
    if not force:
        refuse_unnamed(project, environment)
    name = project_name(_domain(answers))
    files = project_files(template, answers, owner_lines(project, name, answers.tail, force=force))
    with _answers_checked():
        loaded = load_text(files[SPEC_FILE], SPEC_FILE, environment)
    fresh = not (project / STATE_DIRECTORY).exists()
    undone = when_undone("nothing was left behind")
    with undone, made_folder(project), lock(project), as_before(project, files, fresh=fresh):
        _refuse_existing(project, files, force=force)
        # The spec is checked against them: a variable's value, the folder of a build.
        companions = _put_all(project, {path: files[path] for path in files if path != SPEC_FILE}, force=force)
        prepared = prepare(project, environment, environ=environ, loaded=loaded)
        touched = (item.path for item in (*prepared.outputs, *prepared.completed))
        with as_before(project, touched, fresh=False):
            return _write(project, files[SPEC_FILE], prepared, companions, force=force)


@contextmanager
def _answers_checked() -> Iterator[None]:
    """A mistake in a spec that isn't written yet is one in an answer: its option is named, and no line of the file."""
    try:
        yield
    except SpecError as error:
        problems = [replace(item, where=None, path=_option(item.path)) for item in error.problems]
        raise UsageError(problems) from None


def _option(path: str) -> str:
    return next((option for place, option in _OPTIONS.items() if re.search(place, path)), path)


_OPTIONS = {r"^acme\.email$": "--email", r"\.addresses\[\d+\]$": "--address", r"\.users\[\d+\]$": "--user"}
"""Path of a value in the spec -> where it comes from."""


def _write(project: Path, spec: bytes, prepared: Prepared, companions: Sequence[str], *, force: bool) -> Initialised:
    written = [*_put_all(project, {SPEC_FILE: spec}, force=force), *companions]
    present = read_project_file(project, gitignore.FILE)
    if present is not None and gitignore.missing_lines(present):
        put_file(project, gitignore.FILE, gitignore.completed(present), existing="replace")
        written.append(f"{gitignore.FILE} (lines added)")
    report = write(project, prepared, force=force)
    return Initialised(prepared, report, tuple(written))


def _refuse_existing(project: Path, files: Mapping[str, bytes], *, force: bool) -> None:
    if force:
        return
    taken = [path for path, content in files.items() if read_project_file(project, path) not in (None, content)]
    if taken:
        hint = "use another folder (--dir), or --force, which keeps a .bak"
        raise RefusedError([Problem(f"`{path}` exists already", hint=hint) for path in taken])


def _put_all(project: Path, files: Mapping[str, bytes], *, force: bool) -> list[str]:
    """The paths of those that were written."""

    def put(path: str, content: bytes) -> bool:
        return bool(put_file(project, path, content, existing="backup" if force else "refuse").written)

    return [path for path, content in files.items() if put(path, content)]
