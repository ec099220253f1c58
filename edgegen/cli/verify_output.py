"""What `verify` hands out: the report in one form, the files that were asked for, and the command to run next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from edgegen.cli.console import Console, json_result, next_step, out
from edgegen.cli.options import HERE
from edgegen.cli.screen import Look, screen
from edgegen.core.errors import EdgegenError
from edgegen.core.grade import Grade
from edgegen.system.stop import so_far, when_stopped

if TYPE_CHECKING:
    import typer

    from edgegen.cli.report.model import Report
    from edgegen.cli.report_files import Files

Form = Literal["text", "github", "markdown", "json"]
_UNSET: tuple[object, ...] = (None, False, HERE, (), [])


def hand_out(report: Report, form: Form, files: Files) -> None:
    """Files first. Raises as they do."""
    pushed = f"{before}; " if (before := so_far()) else ""
    try:
        with when_stopped(f"{pushed}some of the report's files may have been written") as ended:
            ended(f"{pushed}the report's files are written" if files.write(report) else "")
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
        from edgegen.cli.report.text import text

        out(text(report, Look(Console.verbose, screen())))


def show_next(report: Report, names: Sequence[str], context: typer.Context) -> None:
    """For people, unless all is good or the run was stopped."""
    if Console.quiet or report.incomplete or report.grade is Grade.GOOD:
        return
    from edgegen.cli.report.next_look import Asked, next_look

    if command := next_look(report, Asked(names, given(context))):
        next_step(command)


def given(context: typer.Context) -> dict[str, list[str]]:
    """Each option of this run that differs from its default, in the order of the help -> its words: a printed command
    then does the same again. Read from the command itself, so that an option that is added later is not forgotten."""
    found = {}
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        name = parameter.opts[0]
        if name.startswith("-") and value not in _UNSET and value != parameter.default:
            found[name] = list(_words(name, value))
    return found


def _words(name: str, value: Any) -> Iterator[str]:
    for item in value if isinstance(value, (list, tuple)) else (value,):
        yield name
        if item is not True:
            yield _text(item)


def _text(value: str | float | Path) -> str:
    """As the option takes it: a time in seconds, in full."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
