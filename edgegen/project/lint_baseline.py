"""`edgegen lint --init`: what is found today goes into `.edgegen-lint.yml`, and only what is new is reported."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from edgegen.compose.emit import emit
from edgegen.core.errors import RefusedError
from edgegen.files.in_place import create
from edgegen.lint.answer import Answer, Reported
from edgegen.lint.own import UNUSED
from edgegen.lint.suppression.config import CONFIG_FILE

_HEAD = """\
# What `edgegen lint` reports here, and what it does not. `edgegen rule EL001` explains a rule.
#
# rules:                                  # off, or another severity
#   EL001: low
# files: [compose.yaml]                   # what is looked at when no file is named
# exclude: [legacy/**]
# ignore:
#   - {paths: [compose.dev.yaml], rules: [EL001], reason: only on a laptop}
"""
_BASELINE = """
# Findings of the day when this file was made. Fix one, and remove its line. A fingerprint changes with the line's text,
# not with its number.
"""


def write_baseline(folder: Path, answer: Answer) -> int:
    """Write the file, and give the number of findings in it. Raises RefusedError if there is one."""
    path = folder / CONFIG_FILE
    if os.path.lexists(path):
        raise RefusedError(f"`{path}` exists already", hint="remove its `baseline:`, or the file, and run it again")
    found = [item for item in answer.findings if item.fingerprint and item.result.finding.id != UNUSED.id]
    base = "" if folder == Path() else os.path.normpath(folder) + "/"
    create(path, (_HEAD + (_BASELINE + _entries(found, base) if found else "")).encode())
    return len(found)


def _entries(found: Sequence[Reported], base: str) -> str:
    lines = ["baseline:\n"]
    for item in found:
        finding = item.result.finding
        file = finding.where.file.removeprefix(base) if finding.where else ""
        values = {"rule": finding.id, "file": file, "fingerprint": item.fingerprint}
        said = ", ".join(f"{key}: {_flow(text)}" for key, text in values.items())
        lines.append(f"  - {{{said}}} # {finding.severity.value} {finding.name}\n")
    return "".join(lines)


def _flow(text: str) -> str:
    written = emit(text, interpolated=False)
    return written if written.isalnum() else f'"{text}"' if not set(text) & {'"', "\\"} else written
