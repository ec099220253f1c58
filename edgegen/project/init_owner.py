"""The owner of DNS records in a starter's edge.yaml: a new one, or that of the edge.yaml which it replaces.

An owner that is lost makes every record of the project somebody else's: `init --force` keeps it, and what a person
wrote beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgegen.core.errors import SpecError
from edgegen.dns.marker import owner_of, with_tail
from edgegen.files import read_project_file
from edgegen.project.dns_owner import kept_owner
from edgegen.project.synced import has_synced
from edgegen.spec import SPEC_FILE
from edgegen.spec.dns import OWNER_PATTERN
from edgegen.spec.source import read_yaml

_KEY = re.compile(r"(?:dns|\"dns\"|'dns')[ \t]*:(?:\s|$)")
_OWNER = re.compile(r"\bowner[\"']?\s*:\s*[\"']?([a-z0-9-]{1,32})(?![a-z0-9-])")


@dataclass(frozen=True, slots=True)
class OwnerLines:
    """The owner for a new edge.yaml. `block`: the lines of the old one's `dns:` section, where there was one."""

    owner: str | None
    block: str | None = None

    def put_into(self, text: str) -> str:
        """The new edge.yaml with the old section in the place of its own, if that says the same."""
        mine = _block(text)
        if self.block is None or mine is None:
            return text
        first, end = mine
        lines = text.splitlines(keepends=True)
        whole = "".join([*lines[:first], self.block, *lines[end:]])
        return whole if _owner_in(whole) == self.owner else text


def owner_lines(project: Path, name: str, tail: str, *, force: bool) -> OwnerLines:
    """A new owner for a new project; for one that replaces another, the owner that this one had."""
    present = read_project_file(project, SPEC_FILE) if project.is_dir() else None
    if present is None:
        return OwnerLines(with_tail(name, tail))
    text = present.decode("utf-8", "replace")
    if (owner := _owner_in(text)) is not None:
        found = _block(text)
        lines = text.splitlines(keepends=True)
        block = None if found is None else "".join(lines[found[0] : found[1]])
        return OwnerLines(owner, block if block is None or block.endswith("\n") else f"{block}\n")
    if not force:
        return OwnerLines(None)  # the same file again, as the version before wrote it; or it is refused anyway
    kept = kept_owner(project, owner_of(name))
    # Records with the project's name may be out there: to a new owner they would be somebody else's.
    return OwnerLines(kept if kept is not None or has_synced(project) else with_tail(name, tail))


def _owner_in(text: str) -> str | None:
    """The owner that a spec names. Of a text that is not YAML, the line that looks like it."""
    try:
        data: Any = read_yaml(text.encode(), SPEC_FILE).data
        owner = data["dns"]["owner"]
    except SpecError:
        found = _block(text)
        match = _OWNER.search("".join(text.splitlines(keepends=True)[found[0] : found[1]])) if found else None
        return match[1] if match else None
    except (KeyError, TypeError):
        return None
    return owner if isinstance(owner, str) and re.fullmatch(OWNER_PATTERN, owner) else None


def _block(text: str) -> tuple[int, int] | None:
    """The lines of the top-level key `dns` with the comment right above it: the first, and the one behind the last."""
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if _KEY.match(line)), None)
    if at is None:
        return None
    first = _edge(at, -1, lambda number: number > 1 and lines[number - 1].startswith("#"))
    last = at
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if line[:1] in (" ", "\t", "}") and line.strip():
            last = number
        elif line.strip() and not line.startswith("#"):
            break
    return first, last + 1


def _edge(number: int, step: int, goes_on: Callable[[int], bool]) -> int:
    while goes_on(number):
        number += step
    return number
