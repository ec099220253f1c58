"""Starter projects: a folder under `templates/init/` each. The folder is the registry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from edgegen.core.errors import Problem, RefusedError, UsageError
from edgegen.core.names import Hostname
from edgegen.core.stopped import when_stopped
from edgegen.core.suggest import suggest
from edgegen.files import WriteReport, lock, put_file, read_project_file
from edgegen.project import gitignore
from edgegen.project.environments import refuse_unnamed
from edgegen.project.init_owner import OwnerLines, owner_lines
from edgegen.project.nothing_behind import STATE, as_before, made_folder
from edgegen.project.registrable import project_name, registrable
from edgegen.project.render import Prepared, prepare, write
from edgegen.render.environment import builtin_templates
from edgegen.render.environment import environment as template_environment
from edgegen.spec import SPEC_FILE
from edgegen.spec.load import load_text

FOLDER = "init"
SUFFIX = ".j2"
DEFAULT_USER = "ci"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the user said on the command line."""

    domain: str
    email: str | None = None
    addresses: tuple[str, ...] = ()
    target: str = "compose"
    users: tuple[str, ...] = (DEFAULT_USER,)
    tail: str = "00000000"
    """Random letters for the owner of its DNS records."""


@dataclass(frozen=True, slots=True)
class Starter:
    """A template of `init`: its name and what it is for."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Initialised:
    """What `init` did."""

    prepared: Prepared
    report: WriteReport
    written: tuple[str, ...]


def starters() -> list[Starter]:
    """All templates of `init`, by name. The first line of a template's edge.yaml says what it is for."""
    folder = builtin_templates() / FOLDER
    return [
        Starter(path.name, _about(path / f"{SPEC_FILE}{SUFFIX}"))
        for path in sorted(folder.iterdir())
        if (path / f"{SPEC_FILE}{SUFFIX}").is_file()
    ]


def _about(template: Path) -> str:
    first = template.read_text(encoding="utf-8").partition("\n")[0]
    return first.removeprefix("{#").removesuffix("#}").strip()


def project_files(template: str, answers: Answers, owner: OwnerLines) -> dict[str, bytes]:
    """The files of a starter project by path. Raises UsageError for an unknown template or a bad domain."""
    _known(template)
    domain = _domain(answers)
    jinja = template_environment()
    folder = builtin_templates() / FOLDER / template
    context = {
        "domain": domain,
        "zone": registrable(domain),
        "name": project_name(domain),
        "email": answers.email,
        "addresses": list(answers.addresses),
        "target": answers.target,
        "users": list(answers.users),
        "owner": owner.owner,
    }
    files = {}
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        name = path.relative_to(folder).as_posix()
        text = jinja.get_template(f"{FOLDER}/{template}/{name}").render(context)
        path_in_project = name.removesuffix(SUFFIX)
        files[path_in_project] = (owner.put_into(text) if path_in_project == SPEC_FILE else text).encode()
    return files


def _domain(answers: Answers) -> Hostname:
    try:
        return Hostname.parse(answers.domain)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _known(template: str) -> None:
    names = [starter.name for starter in starters()]
    if template in names:
        return
    near = suggest(template, names)
    hint = f"did you mean `{near}`?" if near else f"templates are: {', '.join(names)}"
    raise UsageError(f"there is no template `{template}`", hint=hint)


def init(
    project: Path,
    template: str,
    answers: Answers,
    *,
    environ: Mapping[str, str],
    environment: str | None = None,
    force: bool = False,
) -> Initialised:
    """Write a starter project and render it. All is checked before the first file is written; nothing is replaced
    unless `force`, which keeps a .bak."""
    _known(template)
    if not force:
        refuse_unnamed(project, environment)
    name = project_name(_domain(answers))
    files = project_files(template, answers, owner_lines(project, name, answers.tail, force=force))
    loaded = load_text(files[SPEC_FILE], SPEC_FILE, environment)
    fresh = not (project / STATE).exists()
    with when_stopped("nothing was left behind"), made_folder(project):
        prepared = prepare(project, environment, environ=environ, loaded=loaded)
        touched = (*files, *(item.path for item in (*prepared.outputs, *prepared.completed)))
        with lock(project), as_before(project, touched, fresh=fresh):
            return _write(project, files, prepared, force=force)


def _write(project: Path, files: Mapping[str, bytes], prepared: Prepared, *, force: bool) -> Initialised:
    _refuse_existing(project, files, force=force)
    written = [path for path, content in files.items() if _put(project, path, content, force=force)]
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


def _put(project: Path, path: str, content: bytes, *, force: bool) -> bool:
    return bool(put_file(project, path, content, existing="backup" if force else "refuse").written)
