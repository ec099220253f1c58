"""What a rule is, and what it finds. Pure.

A rule is a module of `edgegen.lint.rules`. Its docstring is its page; it has these names:

    RULE = Rule("EL001", "label-dropped", Severity.HIGH)
    def check(project: Project) -> Iterator[Found]: ...
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from msgspec import Struct

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.model import File, Project, Spot


class Confidence(StrEnum):
    """How sure a rule is that what it reports happens."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Edit(Struct, frozen=True):
    """Characters from `start` up to `end` of a file's text become `text`."""

    file: File
    start: int
    end: int
    text: str


class Fix(Struct, frozen=True):
    """A change that is certain to be what was meant; all of its edits or none."""

    summary: str
    """What it does, as an imperative: `write `certresolver``."""
    edits: tuple[Edit, ...]


class Rule(Struct, frozen=True):
    """What a rule is called, and how much its findings matter as a rule."""

    id: str
    name: str
    severity: Severity
    confidence: Confidence = Confidence.HIGH


class Found(Struct, frozen=True):
    """One finding of a rule. The engine adds the rule's id and what else is missing here."""

    subject: str
    """The service, network, router or file that it is about."""
    message: str
    spot: Spot
    hint: str = ""
    severity: Severity | None = None
    """Where it differs from the rule's own."""
    confidence: Confidence | None = None
    outcome: Outcome = Outcome.FAIL
    """UNKNOWN where the files do not show enough to tell."""
    fix: Fix | None = None


Check = Callable[[Project], Iterator[Found]]
