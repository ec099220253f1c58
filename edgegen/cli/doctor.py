"""`edgegen doctor`: is this machine ready for an edge?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.console import json_result, note, out, printable
from edgegen.cli.deploy_options import runner
from edgegen.cli.options import HERE, Directory, Environment, Host, Json, Quiet, Resolver, Verbose
from edgegen.cli.screen import CYAN, GREEN, RED, YELLOW, Screen, screen
from edgegen.core.columns import wrapped
from edgegen.core.grade import Grade, grade, worst

if TYPE_CHECKING:
    from edgegen.core.finding import Finding
    from edgegen.spec.load import LoadedSpec

_COLOURS = {Grade.GOOD: GREEN, Grade.REMARK: CYAN, Grade.UNKNOWN: YELLOW, Grade.BAD: RED}
_GRADE, _NAME = 9, 20
_INDENT = " " * (_GRADE + _NAME)


def doctor(
    host: Host = "",
    resolver: Resolver = None,
    clock: Annotated[
        list[str] | None, typer.Option("--clock", metavar="URL", help="Ask this site for the time; may be repeated.")
    ] = None,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Check this machine: engine, Compose, ports, clock, DNS, Traefik's version, token, disk, certificates, IPv6.

    Works without an edge.yaml; with one, also checks what that needs. Changes nothing. Exit 0: all good. 1: something
    is bad. 4: no problems, but something could not be checked.
    """
    from edgegen.project.doctor import Patient, examine
    from edgegen.project.doctor.patient import CLOCKS

    patient = Patient(
        directory, _loaded(directory, environment), runner(host), os.environ, environment, host,
        tuple(clock or CLOCKS), tuple(resolver or ()),
    )  # fmt: skip
    if patient.loaded is None:
        note("there is no edge.yaml here: only the machine is checked")
    found = examine(patient)
    code = worst(map(grade, found)).exit_code
    if json:
        json_result("doctor", code == 0, found)
    else:
        out("\n".join(_text(found, screen())))
    return code


def _loaded(directory: Path, environment: str | None) -> LoadedSpec | None:
    """The spec of the folder, if it has one. Raises SpecError for one that is wrong."""
    from edgegen.spec import SPEC_FILE
    from edgegen.spec.load import load

    return load(directory, environment) if (directory / SPEC_FILE).exists() else None


def _text(findings: Sequence[Finding], look: Screen) -> Iterator[str]:
    """One row for each verdict, and under it what to do."""
    for finding in findings:
        found = grade(finding)
        lead = f"{found.value:<{_GRADE}}{finding.name:<{_NAME}}"
        first, *others = wrapped(printable(finding.message), look.prose, lead=lead, hanging=_INDENT)
        yield look.colour(found.value, _COLOURS[found]) + first[len(found.value) :]
        yield from others
        if finding.hint:
            hint = printable(finding.hint[:1].upper() + finding.hint[1:])
            yield from wrapped(hint, look.prose, lead=f"{_INDENT}-> ", hanging=f"{_INDENT}   ")
    yield ""
    yield _verdict(list(map(grade, findings)))


def _verdict(grades: Sequence[Grade]) -> str:
    """`2 bad, 1 unknown, 9 good`."""
    counts = [(found, grades.count(found)) for found in reversed(Grade)]
    return ", ".join(f"{number} {found.value}" for found, number in counts if number)
