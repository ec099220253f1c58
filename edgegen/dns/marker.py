"""The mark in a record's comment that says "edgegen created this, for that project".

`k` ties the mark to the record's type and name: a mark copied to another record is worthless.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

from edgegen.records import Record

_LOOKS_LIKE = re.compile(r"edgegen\s*;", re.IGNORECASE)
MAX_OWNER = 32


class Ownership(StrEnum):
    """Who owns a record. `SUSPECT` has a mark that is almost ours: it counts as foreign, and is reported."""

    OWNED = "owned"
    FOREIGN = "foreign"
    SUSPECT = "suspect"
    OTHER = "other"
    """A valid mark of another project: foreign too."""


def owner_of(project: str) -> str:
    """A project's name as an owner of at most 32 characters: a long one is shortened and made unique by its hash."""
    if len(project) <= MAX_OWNER:
        return project
    return f"{project[: MAX_OWNER - 9]}-{hashlib.sha256(project.encode()).hexdigest()[:8]}"


def with_tail(project: str, tail: str) -> str:
    """A unique owner: the project's name, shortened to fit, and random letters."""
    name = project[: MAX_OWNER - 1 - len(tail)].rstrip("-")
    return f"{name}-{tail}"


def marker(owner: str, record: Record) -> str:
    """The mark of a record, at most 58 bytes of ASCII (a comment can have 100 on Cloudflare's free plan)."""
    return f"edgegen;v1;o={owner};k={_key(record)}"


def ownership(comment: str | None, owner: str, record: Record) -> Ownership:
    """Who owns the record with this comment. The mark is compared completely and case-sensitively."""
    if not comment:
        return Ownership.FOREIGN
    if comment == marker(owner, record):
        return Ownership.OWNED
    whole = re.fullmatch(r"edgegen;v1;o=[a-z0-9-]{1,32};k=([0-9a-f]{10})", comment)
    if whole and whole[1] == _key(record):
        return Ownership.OTHER
    return Ownership.SUSPECT if _LOOKS_LIKE.search(comment) else Ownership.FOREIGN


def _key(record: Record) -> str:
    return hashlib.sha256(f"{record.type}\0{record.name}".encode()).hexdigest()[:10]
