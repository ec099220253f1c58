"""Options that name a report file: whether it can be written is checked before the long work, not after it."""

from __future__ import annotations

import os
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from edgegen.cli.commands import option
from edgegen.core.errors import LocalIOError, UsageError

if TYPE_CHECKING:
    from edgegen.cli.report.model import Report
    from edgegen.files import ReportFile


# How an older report of the same kind begins: only such a file may be replaced.
_JUNIT = re.compile(rb'<\?xml[^>]*\?>\s*<testsuites name="edgegen verify"')
_HTML = re.compile(rb"<!doctype html>.{0,4096}?<title>[^<]* \xc2\xb7 edgegen verify</title>", re.DOTALL)


def is_junit(content: bytes) -> bool:
    """Whether `--junit` has made it."""
    return _JUNIT.match(content) is not None


def is_html(content: bytes) -> bool:
    """Whether `--html` has made it."""
    return _HTML.match(content) is not None


def is_metrics(content: bytes) -> bool:
    """Whether `--metrics` has made it."""
    from edgegen.cli.report.metrics import MARK

    return content.startswith(MARK.encode())


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


class Files(Struct, frozen=True):
    """The files that were asked for. Both methods raise as `report_file` does."""

    junit: Annotated[Path | None, option("--junit", "Also write the report as JUnit XML.", "FILE")] = None
    html: Annotated[Path | None, option("--html", "Also write the report as one HTML page.", "FILE")] = None
    metrics: Annotated[
        Path | None, option("--metrics", "Also write the report as metrics for Prometheus, e.g. edge.prom.", "FILE")
    ] = None

    def check(self) -> None:
        """Raises UsageError where two options name one file."""
        taken: dict[Path, str] = {}
        for item in self._all():
            if (other := taken.setdefault(item.place, item.option)) != item.option:
                raise UsageError(
                    f"{other} and {item.option} name one file, {item.file}", hint="give each a separate file"
                )

    def write(self, report: Report) -> bool:
        """Each as a whole. Whether there were any."""
        all_ = self._all()
        for item in all_:
            written: Callable[[Report], str] = pkgutil.resolve_name(_WRITERS[item.option])
            item.put(written(report).encode())
        return bool(all_)

    def _all(self) -> list[ReportFile]:
        named = {
            "--junit": (self.junit, is_junit),
            "--html": (self.html, is_html),
            "--metrics": (self.metrics, is_metrics),
        }
        return [report_file(option, file, own) for option, (file, own) in named.items() if file is not None]


_WRITERS = {
    "--junit": "edgegen.cli.report.junit:junit",
    "--html": "edgegen.cli.report.html:html",
    "--metrics": "edgegen.cli.report.metrics:metrics",
}
"""Option -> `module:function`: only what is written is loaded."""
