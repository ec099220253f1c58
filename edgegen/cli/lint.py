"""`edgegen lint [FILE…]`: find the silent faults of a stack."""

from __future__ import annotations

from typing import Annotated

import typer

from edgegen.cli.console import json_result, note, out
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose
from edgegen.core.finding import Outcome, Severity

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", help="Compose, stack or Traefik files; each folder is a project of its own."),
]
Together = Annotated[
    list[str] | None, typer.Option("-f", "--file", metavar="FILE", help="Files of one project, laid over each other.")
]


def lint(
    files: Files = None,
    together: Together = None,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Find the silent faults of a stack: labels, flags and files that Traefik drops, ignores or misreads.

    Exit 0: nothing at or above medium. 1: findings. 4: something could not be seen, with --strict.
    """
    from edgegen.project import lint as project_lint

    results = project_lint.found(project_lint.projects(files or [], together or [], directory))
    findings = [item.finding for item in results]
    bad = [item for item in findings if item.outcome is Outcome.FAIL and _rank(item.severity) <= _rank(Severity.MEDIUM)]
    if json:
        json_result("lint", ok=not bad, findings=findings)
        return 1 if bad else 0
    for item in findings:
        out(f"{item.where}: {item.id} {item.severity.value}: {item.message}")
        if item.hint:
            out(f"    {item.hint}")
    note(f"{len(findings)} findings" if findings else "nothing found")
    return 1 if bad else 0


def _rank(severity: Severity) -> int:
    return list(Severity).index(severity)
