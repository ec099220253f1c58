"""`--junit FILE` and `--html FILE`: whether they can be written is known before a long look, not after it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.core.errors import LocalIOError, RefusedError, UsageError

if TYPE_CHECKING:
    from edgegen.cli.report.model import Report

JUnit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write the report as JUnit XML too.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one HTML page too.")]


def check_files(junit: Path | None, html: Path | None) -> None:
    """Raises UsageError for what names no file, RefusedError for what is no plain one, LocalIOError for its folder."""
    named = {option: file for option, file in (("--junit", junit), ("--html", html)) if file is not None}
    for option, file in named.items():
        if str(file) in (".", "-"):  # Path("") is "."
            raise UsageError(
                f"{option} names no file", hint="what goes to stdout is text, or --json or --format github"
            )
        try:
            _check(option, file)
        except OSError as error:
            raise LocalIOError(f"{option} {file}: {error.strerror}") from None
    if len({file.absolute() for file in named.values()}) < len(named):
        raise UsageError(f"--junit and --html name one file, {junit}", hint="give each a file of its own")


def _check(option: str, file: Path) -> None:
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise RefusedError(f"{option} {file}: is there, and is no plain file", hint="name another file")
    if not file.parent.is_dir():
        raise LocalIOError(f"{option} {file}: there is no folder {file.parent}", hint="make it first")
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise LocalIOError(f"{option} {file}: the folder {file.parent} can't be written to")


def write_files(report: Report, junit: Path | None, html: Path | None) -> None:
    """The files that were asked for. Raises as the writing of any file does."""
    if junit is not None:
        from edgegen.cli.report.junit import junit as as_junit

        _put(junit, as_junit(report))
    if html is not None:
        from edgegen.cli.report.html import html as as_html

        _put(html, as_html(report))


def _put(file: Path, content: str) -> None:
    from edgegen.files import put_elsewhere

    put_elsewhere(file, content.encode())
