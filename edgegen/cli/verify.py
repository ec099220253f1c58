"""`edgegen verify [NAME…]`: look at the edge from the outside, and say what is not as it should be."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from edgegen.cli import look_options
from edgegen.cli.console import Console, coloured, json_result, note, out
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose
from edgegen.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edgegen.cli.report.model import Report
    from edgegen.cli.signals import Told
    from edgegen.endpoints import Endpoint
    from edgegen.project.verify import Verified
    from edgegen.verify.settings import PushSettings, Settings

LONGEST_WAIT = 86_400.0
LARGEST_PUSH = 64 * 1024**3
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="NAME", help="Services or hosts of the spec, or https://HOST of anybody; all by default."),
]
Push = Annotated[bool, typer.Option("--push", help="Push an image to each registry, pull it, delete it.")]
PushSize = Annotated[
    str | None, typer.Option("--push-size", metavar="SIZE", help="Push so much, like 110MB: finds body limits.")
]
PushSlow = Annotated[
    float | None,
    typer.Option("--push-slow", metavar="S", help="Let an upload trickle for S seconds, like 70: finds read timeouts."),
]
Wait = Annotated[
    float,
    typer.Option("--wait", metavar="S", show_default=False, help="Look again until all is good, S seconds at most."),
]
Profile = Annotated[
    Literal["intermediate"] | None,
    typer.Option("--profile", help="Weak TLS is bad, not a remark: Mozilla's intermediate profile."),
]
JUnit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Write the report as JUnit XML too.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write the report as one HTML page too.")]
Format = Annotated[
    Literal["text", "github"], typer.Option("--format", help="How it is shown; github makes annotations.")
]
Checks = Annotated[bool, typer.Option("--checks", help="Print the page of every check, and look at nothing.")]


def verify(
    names: Names = None,
    push: Push = False,
    push_size: PushSize = None,
    push_slow: PushSlow = None,
    wait: Wait = 0.0,
    timeout: look_options.Timeout = look_options.TIMEOUT,
    ca_file: look_options.CaFile = None,
    connect_to: look_options.ConnectTo = None,
    resolver: look_options.Resolver = None,
    allow_private: look_options.AllowPrivate = False,
    cf_ranges: look_options.CfRanges = None,
    profile: Profile = None,
    junit: JUnit = None,
    html: Html = None,
    form: Format = "text",
    checks: Checks = False,
    authority_port: look_options.AuthorityPort = look_options.DNS_PORT,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Look at the edge from the outside: DNS, TLS, certificates, redirects, registries.

    Exit 0: all is good. 1: something is bad. 4: nothing is bad, but something could not be told.
    """
    if checks:
        return _print_pages()
    from edgegen.project.verify import chosen

    settings = look_options.look_settings(
        ca_file=ca_file, connect_to=connect_to, resolver=resolver, allow_private=allow_private, timeout=timeout,
        cf_ranges=cf_ranges, authority_port=authority_port,
    )  # fmt: skip
    settings = replace(settings, strict_tls=profile is not None, push=_push(push, push_size, push_slow))
    _check_wait(wait)
    endpoints = chosen(directory, environment, names or ())
    report, code = _run(endpoints, look_options.logged_in(settings, endpoints), wait)
    _write(report, junit, html)
    _show(report, "json" if json else form)
    return code


def _print_pages() -> int:
    from edgegen.verify.checks.pages import pages

    out(pages())
    return 0


def _push(push: bool, size: str | None, slow: float | None) -> PushSettings | None:
    from edgegen.verify.settings import PushSettings

    if not push and size is None and slow is None:
        return None
    chosen = PushSettings()
    if slow is not None and not 0 < slow <= look_options.LONGEST_TIMEOUT:
        raise UsageError(f"--push-slow {slow:g}: say seconds above 0, and at most {look_options.LONGEST_TIMEOUT:g}")
    return replace(chosen, size=chosen.size if size is None else parse_size(size), slow=slow or 0.0)


def parse_size(text: str) -> int:
    """`110MB`, `5MiB` or bytes alone, as a number of bytes. Raises UsageError for anything else."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?) ?([kmg]i?)?b?", text.strip().lower(), re.ASCII)
    if found is None:
        raise UsageError(f"--push-size {text[:40]!r}: write it like 110MB, 5MiB or 1048576")
    size = int(float(found[1]) * _UNITS[found[2] or ""])
    if not 0 < size <= LARGEST_PUSH:
        raise UsageError(f"--push-size {text[:40]}: at least one byte, and at most 64GiB")
    return size


def _check_wait(seconds: float) -> None:
    if not 0 <= seconds <= LONGEST_WAIT:
        raise UsageError(f"--wait {seconds:g}: say seconds from 0 to {LONGEST_WAIT:g}")


def _run(endpoints: Sequence[Endpoint], settings: Settings, wait: float) -> tuple[Report, int]:
    """The report, and the exit code; that of a signal, where one came."""
    from edgegen.cli.signals import told_by_signals
    from edgegen.verify.run import exit_code

    started = _now()
    with told_by_signals() as told:
        result = _verified(endpoints, settings, wait, told)
    report = _report(result, started)
    return report, exit_code(report.findings) if told.exit_code is None else told.exit_code


def _verified(endpoints: Sequence[Endpoint], settings: Settings, wait: float, told: Told) -> Verified:
    from edgegen.cli.progress import progress_bar
    from edgegen.project.verify import Ways, verify
    from edgegen.verify.run import Patience

    with progress_bar("endpoints seen") as progress:

        def say(words: str) -> None:
            progress(0, 0)
            note(words)

        def waiting(good: int, total: int, pause: float) -> None:
            say(f"{good} of {total} good, looking again in {max(1, round(pause))} s")

        patience = Patience(wait, waiting) if wait else None
        ways = Ways(_now, told.stop, progress, lambda name: say(f"pushing to {name}"), patience)
        return verify(endpoints, settings, ways)


def _now() -> datetime:
    return datetime.now(UTC)


def _report(result: Verified, started: datetime) -> Report:
    from edgegen import __version__
    from edgegen.cli.report.model import Report

    return Report.of(
        result.endpoints, result.observations, result.findings, started=started,
        seconds=(_now() - started).total_seconds(), incomplete=result.incomplete, version=__version__,
    )  # fmt: skip


def _write(report: Report, junit: Path | None, html: Path | None) -> None:
    """The files that were asked for, before anything is printed: a reader may leave early."""
    if junit is not None:
        from edgegen.cli.report.junit import junit as as_junit

        _put(junit, as_junit(report))
    if html is not None:
        from edgegen.cli.report.html import html as as_html

        _put(html, as_html(report))


def _put(file: Path, content: str) -> None:
    from edgegen.files import put_elsewhere

    put_elsewhere(file, content.encode())


def _show(report: Report, form: Literal["text", "github", "json"]) -> None:
    if form == "json":
        json_result("verify", report.ok, report.findings, **report.as_json())
    elif form == "github":
        from edgegen.cli.report.github import github

        out(github(report))
    else:
        from edgegen.cli.report.text import Look, text

        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
        out(text(report, Look(Console.verbose, width, lambda words, code: coloured(words, code, sys.stdout))))
