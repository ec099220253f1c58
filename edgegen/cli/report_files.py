"""Options that name a report file: whether it can be written is checked before the long work, not after it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.core.errors import LocalIOError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from edgegen.cli.report.model import Report
    from edgegen.files import ReportFile

JUnit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write the report as JUnit XML.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write the report as one HTML page.")]

# How an older report of the same kind begins: only such a file may be replaced.
_JUNIT = re.compile(rb'<\?xml[^>]*\?>\s*<testsuites name="edgegen verify"')
_HTML = re.compile(rb"<!doctype html>.{0,4096}?<title>[^<]* \xc2\xb7 edgegen verify</title>", re.DOTALL)


def is_junit(content: bytes) -> bool:
    """Whether `--junit` has made it."""
    return _JUNIT.match(content) is not None


def is_html(content: bytes) -> bool:
    """Whether `--html` has made it."""
    return _HTML.match(content) is not None


def report_file(option: str, file: Path, is_own: Callable[[bytes], bool]) -> ReportFile:
    """The file, checked. Raises UsageError for what names none, RefusedError for another's place, LocalIOError for its
    folder."""
    from edgegen.files import ReportFile

    if str(file) in (".", "-"):  # Path("") is "."
        raise UsageError(f"{option} names no file", hint="what goes to stdout is text, or --json, or another --format")
    found = ReportFile(option, file, is_own)
    found.check()
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise LocalIOError(f"{option} {file}: the folder {file.parent} can't be written to")
    return found


def check_files(junit: Path | None, html: Path | None) -> None:
    """Raises as `report_file` does, and UsageError where both options name one file."""
    found = [*_of("--junit", junit), *_of("--html", html)]
    if len({item.place for item in found}) < len(found):
        raise UsageError(f"--junit and --html name one file, {junit}", hint="give each a separate file")


def write_files(report: Report, junit: Path | None, html: Path | None) -> None:
    """The files that were asked for. Raises as `report_file` does."""
    for item in _of("--junit", junit):
        from edgegen.cli.report.junit import junit as as_junit

        item.put(as_junit(report).encode())
    for item in _of("--html", html):
        from edgegen.cli.report.html import html as as_html

        item.put(as_html(report).encode())


def _of(option: str, file: Path | None) -> list[ReportFile]:
    own = {"--junit": is_junit, "--html": is_html}[option]
    return [] if file is None else [report_file(option, file, own)]
