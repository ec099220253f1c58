"""What `verify` hands out: the report in one form, the files that were asked for, and the command to run next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from edgegen.cli.console import Console, json_result, next_step, out
from edgegen.cli.screen import screen
from edgegen.core.errors import EdgegenError
from edgegen.core.grade import Grade

if TYPE_CHECKING:
    import typer

    from edgegen.cli.report.model import Report
    from edgegen.cli.report_files import Files

Form = Literal["text", "github", "markdown", "json"]


def hand_out(report: Report, form: Form, files: Files) -> None:
    """Files first. Raises as they do."""
    try:
        files.write(report)
    except EdgegenError:
        if form != "json":  # what was seen is not lost with a file; in JSON the one object is the error
            _show(report, form)
        raise
    _show(report, form)


def _show(report: Report, form: Form) -> None:
    if form == "json":
        json_result("verify", report.ok, report.findings, **report.as_json())
    elif form == "github":
        from edgegen.cli.report.github import github

        out(github(report))
    elif form == "markdown":
        from edgegen.cli.report.markdown import markdown

        out(markdown(report))
    else:
        from edgegen.cli.report.text import Look, text

        out(text(report, Look(Console.verbose, screen())))


def show_next(report: Report, names: Sequence[str], context: typer.Context) -> None:
    """For people, unless all is good or the run was stopped."""
    if Console.quiet or report.incomplete or report.grade is Grade.GOOD:
        return
    from edgegen.cli.repeat import given
    from edgegen.cli.report.next_look import Asked, next_look

    if command := next_look(report, Asked(names, given(context))):
        next_step(command)
