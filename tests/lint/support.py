"""Projects out of texts, for the tables of the rules."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from edgegen.lint.engine import lint
from edgegen.lint.model import Project
from edgegen.lint.reader.project import read_project
from tests.lint.text_disk import TextDisk

COMPOSE = "docker-compose.yml"


def project(
    compose: str,
    *,
    files: Mapping[str, str] | None = None,
    modes: Mapping[str, int] | None = None,
    tracked: Iterable[str] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: str = "site",
) -> Project:
    """A project of one Compose file, with further files of its folder."""
    texts = {COMPOSE: textwrap.dedent(compose), **{name: textwrap.dedent(text) for name, text in (files or {}).items()}}
    return read_project([COMPOSE], TextDisk(texts, modes, tracked), folder=folder, environ=environ or {})


def found(item: Project, rule: str) -> list[str]:
    """`line severity message` of each finding of one rule."""
    return [
        f"{result.finding.where.line if result.finding.where else 0} {result.finding.severity.value} "
        f"{result.finding.message}"
        for result in lint(item)
        if result.finding.id == rule
    ]
