"""`edgegen render`."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import field
from msgspec.structs import asdict

from edgegen.cli.commands import option
from edgegen.cli.console import detail, json_result, note, out, shown_once, warn
from edgegen.cli.options import Force, Printing, Project, Templates
from edgegen.core.errors import UsageError
from edgegen.core.unshown import Guarded

if TYPE_CHECKING:
    from edgegen.deploy.shared_edge import Wish
    from edgegen.files import WriteReport
    from edgegen.project.render import Prepared
    from edgegen.spec.load import LoadedSpec


Check = Annotated[bool, option("--check", "Write nothing; exit 1 if files differ.")]
Diff = Annotated[bool, option("--diff", "Write nothing; show what would change.")]
DiffAgainst = Annotated[
    str | None, option("--diff-against", "Write nothing; show what differs from environment ENV.", "ENV")
]
Stdout = Annotated[bool, option("--stdout", "Write nothing; print the Compose or stack file.")]


def render(
    project: Project,
    check: Check = False,
    diff: Diff = False,
    diff_against: DiffAgainst = None,
    stdout: Stdout = False,
    force: Force = False,
    templates: Templates = None,
    *,
    printing: Printing,
) -> int:
    """Render the Compose or stack file and everything that belongs to it.

    Files edited by hand are never overwritten (exit 3): use --diff to see what differs, or --force, which keeps a .bak.
    """
    from edgegen.files.last_run import refuse_unnamed
    from edgegen.project.render import prepare, write

    directory, environment = project.directory, project.environment
    refuse_unnamed(directory, environment)
    if stdout and (check or diff):
        raise UsageError("--stdout prints the file and compares nothing", hint="leave out --check and --diff")
    if diff_against is not None:
        if stdout or force:
            raise UsageError("--diff-against compares two environments", hint="leave out --stdout and --force")
        return _compare_environments(project, diff_against, templates, judge=check, as_json=printing.json)
    prepared = prepare(
        directory, environment, environ=os.environ, templates=templates, compared=check or diff or stdout
    )
    warn(prepared.warnings)
    if stdout:
        return _print_compose_file(prepared, as_json=printing.json)
    if check or diff:
        return _compare(directory, prepared, show=diff, judge=check, as_json=printing.json)
    _show(directory, prepared, write(directory, prepared, force=force), as_json=printing.json)
    return 0


def _show(directory: Path, prepared: Prepared, report: WriteReport, *, as_json: bool) -> None:
    if as_json:
        with shown_once(prepared.lost_credentials()):
            _show_json(directory, prepared, report)
        return
    show_report(report)
    if not (report.written or report.mended or report.removed_stale):
        note("nothing to do: everything is as edge.yaml says")
    show_trust(directory, prepared)
    show_credentials(prepared)


def _print_compose_file(prepared: Prepared, *, as_json: bool) -> int:
    if as_json:
        json_result("render", True, file=prepared.desired.target.file_name, text=prepared.stack_text)
    else:
        out(prepared.stack_text)
    return 0


def _compare(directory: Path, prepared: Prepared, *, show: bool, judge: bool, as_json: bool) -> int:
    from edgegen.project import compare

    found = compare.differences_on_disk(directory, prepared)
    if as_json:
        json_result("render", not (found and judge), differences=[asdict(item) for item in found])
    elif show:
        if text := compare.diff_on_disk(directory, prepared):
            _show_diff(text)
    else:
        for item in found:
            out(f"{item.path}: {item.detail}")
    return 1 if found and judge else 0


def _compare_environments(project: Project, other: str, templates: Path | None, *, judge: bool, as_json: bool) -> int:
    from edgegen.project import compare

    after = compare.sketch(project.directory, project.environment, environ=os.environ, templates=templates)
    before = compare.sketch(project.directory, other, environ=os.environ, templates=templates)
    warn(list(after.warnings))
    found = compare.differences(before, after)
    if as_json:
        differences = [asdict(item) for item in found]
        json_result("render", not (found and judge), differences=differences, against=before.name)
    elif text := compare.diff(before, after):
        _show_diff(text)
    return 1 if found and judge else 0


def _show_diff(text: str) -> None:
    from edgegen.cli.report.diff import diff_text
    from edgegen.cli.screen import screen

    out(diff_text(text, screen()))


def show_report(report: WriteReport) -> None:
    """Print what was written; nothing if the files are up to date."""
    for path in report.written:
        note(f"wrote {path}")
    for path in report.mended:
        note(f"corrected the mode of {path}")
    for path in report.removed_stale:
        note(f"removed {path}: it is no longer rendered")
    for path in report.backups:
        note(f"kept {path}")
    for warning in report.warnings:
        note(f"warning: {warning}")
    for path in (*report.unchanged, *report.kept):
        detail(f"unchanged {path}")


def show_credentials(prepared: Prepared) -> None:
    """Print new passwords: shown only now, and stored only as hashes."""
    with shown_once(prepared.lost_credentials()):
        for item in prepared.credentials:
            out(item.line())


def show_trust(directory: Path, prepared: Prepared) -> None:
    """Print how to trust a new local authority: the one command that the user has to run."""
    trust = trust_json(directory, prepared)
    if trust is None or prepared.local_ca is None:
        return
    if prepared.local_ca.is_new:
        note("new local certificate authority; to trust it on this machine (`certutil` is in libnss3-tools), run:")
        out(str(trust["trust"]))
    else:
        detail(f"to trust the local certificate authority: {trust['trust']}")


def trust_json(directory: Path, prepared: Prepared) -> dict[str, object] | None:
    """The local authority for `--json`; None where certificates come from elsewhere."""
    from edgegen.project.local_ca import ROOT, trust_line

    if prepared.local_ca is None:
        return None
    has_update = shutil.which("update-ca-certificates", path="/usr/sbin:/usr/local/sbin:/usr/bin") is not None
    return {
        "root": str(directory.absolute() / ROOT),
        "new": prepared.local_ca.is_new,
        "sha256": prepared.local_ca.fingerprint,
        "trust": trust_line(directory, prepared.loaded.spec, sys.platform, has_update=has_update),
    }


def _show_json(directory: Path, prepared: Prepared, report: WriteReport) -> None:
    json_result(
        "render",
        True,
        written=list(report.written),
        unchanged=[*report.unchanged, *report.kept],
        mended=list(report.mended),
        removed=list(report.removed_stale),
        backups=list(report.backups),
        warnings=[*(str(problem) for problem in prepared.warnings), *report.warnings],
        credentials=[item.as_json() for item in prepared.credentials],
        local_ca=trust_json(directory, prepared),
    )


class Rendered(Guarded, frozen=True):
    """What was rendered: the file of its target, and what the spec wants from the edge."""

    unshown: ClassVar[frozenset[str]] = frozenset({"values"})

    target: str
    file: Path
    wish: Wish
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    loaded: LoadedSpec | None = None
    """The spec, to find the line of what goes wrong."""


def render_project(
    directory: Path, environment: str | None, *, force: bool = False, before: Callable[[LoadedSpec], None]
) -> Rendered:
    """Render as `edgegen render` does, to start it: raises RefusedError where a required variable has no value.

    `before` is called with the spec before anything is written, and may refuse.
    """
    from edgegen.deploy.edge_wish import edge_wish
    from edgegen.files.last_run import refuse_unnamed
    from edgegen.project import render as project

    refuse_unnamed(directory, environment)
    prepared = project.prepare(directory, environment, environ=os.environ, complete=True)
    before(prepared.loaded)
    warn(prepared.warnings)
    show_report(project.write(directory, prepared, force=force))
    show_trust(directory, prepared)
    show_credentials(prepared)
    spec = prepared.loaded.spec
    file = directory / prepared.desired.target.file_name
    return Rendered(spec.target, file, edge_wish(spec), spec.name, prepared.values, prepared.loaded)
