"""`edgegen doctor`: is this machine ready for an edge?"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from edgegen.cli.commands import option
from edgegen.cli.console import json_result, next_step, note, out, printable
from edgegen.cli.deploy_options import runner
from edgegen.cli.options import Host, Printing, Project, Resolver
from edgegen.cli.report.group_text import COLOURS
from edgegen.cli.screen import Screen, screen
from edgegen.core.errors import UsageError
from edgegen.core.grade import Grade, grade, worst
from edgegen.core.redact import redacted
from edgegen.core.show import shown

if TYPE_CHECKING:
    from edgegen.core.finding import Finding
    from edgegen.spec.load import LoadedSpec

_GRADE = 9

Clock = Annotated[list[str] | None, option("--clock", "Ask this site for the time; may be repeated.", "URL")]


def doctor(
    host: Host = "", resolver: Resolver = None, clock: Clock = None, *, project: Project, printing: Printing
) -> int:
    """Check this machine: engine, Compose, ports, clock, DNS, Traefik's version, token, disk, certificates, IPv6.

    Works without an edge.yaml; with one, also checks what that needs. Changes nothing. Exit 0: all good. 1: something
    is bad. 4: no problems, but something could not be checked.
    """
    from edgegen.project.doctor import Patient, examine
    from edgegen.project.doctor.patient import CLOCKS

    if not project.directory.is_dir():
        raise UsageError(f"there is no folder `{shown(str(project.directory))}`")
    patient = Patient(
        project.directory, _loaded(project), runner(host), os.environ, project.environment, host,
        tuple(map(_site, clock or CLOCKS)), tuple(resolver or ()),
    )  # fmt: skip
    if patient.loaded is None:
        note("there is no edge.yaml here: only the machine is checked")
    found = examine(patient)
    code = worst(map(grade, found)).exit_code
    if printing.json:
        json_result("doctor", code == 0, found)
    else:
        out("\n".join(_text(found, screen())))
        if code == 0 and patient.loaded is not None:
            engine = ["--host", host] if host else []
            next_step(shlex.join(["edgegen", "up", *engine, *project.words()]))
    return code


def _site(url: str) -> str:
    """Raises UsageError for what is not the URL of a site."""
    try:
        parts = urlsplit(url)
        is_site = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "@" not in url
    except ValueError:
        is_site = False
    if not is_site:
        raise UsageError(f"--clock: `{shown(redacted(url))}` is not a URL like http://192.0.2.1/")
    return url


def _loaded(project: Project) -> LoadedSpec | None:
    """The spec of the folder, if it has one. Raises SpecError for one that is wrong."""
    from edgegen.spec import SPEC_FILE
    from edgegen.spec.load import load

    return load(project.directory, project.environment) if (project.directory / SPEC_FILE).exists() else None


def _text(findings: Sequence[Finding], look: Screen) -> Iterator[str]:
    """One row for each verdict, and under it what to do."""
    widest = max((len(finding.name) for finding in findings), default=0) + 2
    indent = " " * (_GRADE + widest)
    for finding in findings:
        found = grade(finding)
        lead = f"{found.value:<{_GRADE}}{finding.name:<{widest}}"
        first, *others = look.sentence(printable(finding.message), lead=lead, hanging=indent)
        yield look.colour(found.value, COLOURS[found]) + first[len(found.value) :]
        yield from others
        if finding.hint:
            hint = printable(finding.hint[:1].upper() + finding.hint[1:])
            yield from look.sentence(hint, lead=f"{indent}-> ", hanging=f"{indent}   ")
    yield ""
    yield _verdict(list(map(grade, findings)))


def _verdict(grades: Sequence[Grade]) -> str:
    """`2 bad, 1 unknown, 9 good`."""
    counts = [(found, grades.count(found)) for found in reversed(Grade)]
    return ", ".join(f"{number} {found.value}" for found, number in counts if number)
