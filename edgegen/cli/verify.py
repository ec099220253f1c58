"""`edgegen verify [NAME…]`: check the edge from the outside and report what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from msgspec.structs import replace

from edgegen.cli import complete, look_options
from edgegen.cli.commands import option
from edgegen.cli.console import note, out, stopped
from edgegen.cli.options import Printing, Project
from edgegen.cli.push_options import Pushing, check_that_it_can_be_pushed
from edgegen.cli.report_files import Files
from edgegen.cli.seconds import time_option
from edgegen.cli.verify_output import hand_out, show_next
from edgegen.core.errors import UsageError
from edgegen.system.stop import EXIT_CODES, done, so_far
from edgegen.verify.settings import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edgegen.cli.report.model import Report
    from edgegen.endpoints import Endpoint
    from edgegen.project.graph import Drawn
    from edgegen.project.verify import Verified
    from edgegen.system.stop import Stop
    from edgegen.verify.run import Patience
    from edgegen.verify.settings import Settings


Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="NAME",
        autocompletion=complete.service_or_host,
        help="Services or hosts of the spec, or https://HOST for any host; all hosts of the spec by default.",
    ),
]
Wait = Annotated[
    float, time_option("--wait", "Check again until everything is good, for up to TIME, e.g. 2m.", show_default=False)
]
Profile = Annotated[
    Literal["intermediate"] | None, option("--profile", "Treat weak TLS as a problem: Mozilla's intermediate profile.")
]
Format = Annotated[
    Literal["text", "github", "markdown"],
    option("--format", "Output format; github prints annotations, markdown a comment for a pull request."),
]
Checks = Annotated[bool, option("--checks", "Print the page of every check; check nothing.")]


def verify(
    context: typer.Context,
    names: Names = None,
    *,
    pushing: Pushing,
    wait: Wait = 0.0,
    timeout: look_options.Timeout = TIMEOUT,
    look: look_options.Look,
    cf_ranges: look_options.CfRanges = None,
    profile: Profile = None,
    files: Files,
    form: Format = "text",
    checks: Checks = False,
    project: Project,
    printing: Printing,
) -> int:
    """Check the edge from the outside: DNS, TLS, certificates, redirects, registries.

    Examples: `edgegen verify --wait 2m`, `edgegen verify https://www.example.com`, which needs no edge.yaml

    Exit 0: no problems. 1: at least one problem. 4: no problems found, but something could not be checked.
    """
    _check_options(form, printing.json, checks)
    if checks:
        from edgegen.verify.checks.pages import pages

        out(pages())
        return 0
    settings = replace(look.settings(timeout, cf_ranges), strict_tls=profile is not None)
    endpoints, settings = _chosen(project, names or (), settings, pushing, files)
    drawn = _drawn(endpoints, project, files) if form == "markdown" or files.html or files.metrics else None
    left: list[str] = []
    report, code = _run(endpoints, settings, wait, left)
    if left:
        done("; ".join(left))
    if drawn is not None:
        report = replace(report, project=drawn.name, environment=drawn.environment, topology=drawn.graph)
    hand_out(report, "json" if printing.json else form, files)
    if form == "text" and not printing.json:
        show_next(report, names or (), context)
    if code in EXIT_CODES.values():
        stopped(code, so_far() or "nothing was changed")
    return code


def _chosen(
    project: Project, names: Sequence[str], settings: Settings, pushing: Pushing, files: Files
) -> tuple[tuple[Endpoint, ...], Settings]:
    """What is looked at, and how. Raises for whatever would spoil the run later, before the first look."""
    from edgegen.project.verify import chosen, with_local_authority

    pushed = pushing.settings()
    files.check()
    endpoints = chosen(project.directory, project.environment, names)
    if pushed is not None:
        check_that_it_can_be_pushed(endpoints)
    settings = replace(settings, push=pushed, no_login=pushing.no_login)
    settings = with_local_authority(settings, endpoints, project.directory)
    return endpoints, settings if pushing.no_login else look_options.logged_in(settings, endpoints)


def _check_options(form: str, json: bool, checks: bool) -> None:
    if checks and json:
        raise UsageError("--checks prints text", hint="`edgegen rules --json` has the same pages as data")
    if json and form != "text":
        raise UsageError(f"--json and --format {form} are two formats of one output", hint="leave one of them out")


def _run(endpoints: Sequence[Endpoint], settings: Settings, wait: float, left: list[str]) -> tuple[Report, int]:
    """The report, and the exit code; that of a signal if one arrived. `left` gets what a push has left behind."""
    from edgegen.system.stop import Stop

    started, stop = _now(), Stop()
    with stop.on_signals():
        result = _verified(endpoints, settings, wait, stop, left)
    report = _report(result, started)
    return report, report.exit_code if stop.exit_code is None else stop.exit_code


def _verified(endpoints: Sequence[Endpoint], settings: Settings, wait: float, stop: Stop, left: list[str]) -> Verified:
    from edgegen.cli.progress import countdown, progress_bar
    from edgegen.project.verify import Ways, verify

    what = endpoints[0].shown if len(endpoints) == 1 else f"{len(endpoints)} endpoints"
    with progress_bar("endpoints seen", f"looking at {what}") as progress, countdown() as missing:
        patience = _patience(wait, missing) if wait else None
        cut = lambda name, gone: left.append(_of_the_push(name, gone))  # noqa: E731
        ways = Ways(_now, stop.event, progress, lambda name: note(f"pushing to {name}"), _load_report, patience, cut)
        return verify(endpoints, settings, ways)


def _of_the_push(name: str, gone: bool | None) -> str:
    """What a push that was stopped has left behind."""
    from edgegen.verify.push.trip import FOLDER

    if gone:
        return f"what was pushed to {name} was deleted again"
    why = ": this registry deletes nothing" if gone is None else ""
    return f"what was pushed to {name} may still be there, as {FOLDER}/…{why}"


def _patience(seconds: float, missing: Callable[[str, float], None]) -> Patience:
    """What is not good yet is looked at again, and named with its reason meanwhile."""
    from edgegen.verify.run import Patience

    def waiting(late: Sequence[tuple[str, str]], total: int, left: float) -> None:
        named = ", ".join(f"{name} ({why})" if why else name for name, why in late)
        missing(f"{total - len(late)} of {total} good, waiting for {named}", left)

    return Patience(seconds, waiting)


def _load_report() -> None:
    import edgegen.cli.report.model
    import edgegen.cli.report.text  # noqa: F401 (so that they are there when everything was seen)


def _now() -> datetime:
    return datetime.now(UTC)


def _report(result: Verified, started: datetime) -> Report:
    from edgegen import __version__
    from edgegen.cli.report.model import Report

    return Report.of(
        result.endpoints, result.observations, result.findings, started=started,
        seconds=(_now() - started).total_seconds(), incomplete=result.incomplete, version=__version__,
    )  # fmt: skip


def _drawn(endpoints: Sequence[Endpoint], project: Project, files: Files) -> Drawn | None:
    """The project, where the run is about one. Before it begins: what is seen must not be lost with a spec that
    somebody changes meanwhile."""
    if not any(item.has_spec for item in endpoints):
        return None
    from edgegen.project.graph import drawn

    return drawn(project.directory, project.environment, with_picture=files.html is not None)
