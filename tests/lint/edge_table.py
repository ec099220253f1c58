"""Traefiks for the tables of rules about static configurations and dynamic files."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from tests.lint.support import found, project

Row = tuple[str, Mapping[str, str]]
"""A Compose file, and further files of its folder."""


def edge(*flags: str, image: str = "traefik:v3.7.15", more: str = "", top: str = "") -> str:
    """A Traefik with its flags from line 5 on, or with `more` there if it has no flags."""
    command = "    command:\n" + "".join(f"      - {flag}\n" for flag in flags) if flags else ""
    indented = textwrap.indent(textwrap.dedent(more).strip("\n") + "\n", "    ") if more else ""
    return f"services:\n  edge:\n    image: {image}\n{command}{indented}{textwrap.dedent(top)}"


def said(rule: str, row: Row) -> list[str]:
    """What the rule finds: line, severity, message."""
    compose, files = row
    return found(project(compose, files=files), rule)


def differs(rule: str, caught: Sequence[tuple[Row, list[str]]], passed: Sequence[Row]) -> bool:
    """Whether any row of a table is judged otherwise now."""
    return any(said(rule, row) != messages for row, messages in caught) or any(said(rule, row) for row in passed)
