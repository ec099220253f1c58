"""The owner of DNS records in the text of an edge.yaml, also one that is not valid.

If the owner is lost, edgegen treats every record of the project as another's: `init --force` keeps it, and the
comments next to it.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from edgegen.core.errors import SpecError
from edgegen.spec import SPEC_FILE
from edgegen.spec.dns import OWNER_PATTERN
from edgegen.spec.source import read_yaml

_KEY = re.compile(r"(?:dns|\"dns\"|'dns')[ \t]*:(?:\s|$)")
_OWNER = re.compile(r"\bowner[\"']?\s*:\s*[\"']?([a-z0-9-]{1,32})(?![a-z0-9-])")


class OwnerLines(Struct, frozen=True):
    """The owner for a new edge.yaml. `block`: the lines of the old one's `dns:` section, where there was one."""

    owner: str | None
    block: str | None = None

    def put_into(self, text: str) -> str:
        """The new edge.yaml with the old section in place of the new one, if that means the same."""
        mine = _block(text)
        if self.block is None or mine is None:
            return text
        first, end = mine
        lines = text.splitlines(keepends=True)
        whole = "".join([*lines[:first], self.block, *lines[end:]])
        return whole if _owner_in(whole) == self.owner else text


def lines_of(text: str) -> OwnerLines | None:
    """The owner of an edge.yaml with the lines that name it; None where it names none."""
    owner = _owner_in(text)
    if owner is None:
        return None
    found = _block(text)
    block = None if found is None else "".join(text.splitlines(keepends=True)[found[0] : found[1]])
    return OwnerLines(owner, block if block is None or block.endswith("\n") else f"{block}\n")


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
    first = last = at
    while first > 1 and lines[first - 1].startswith("#"):
        first -= 1
    for number in range(at + 1, len(lines)):
        line = lines[number]
        if line[:1] in (" ", "\t", "}") and line.strip():
            last = number
        elif line.strip() and not line.startswith("#"):
            break
    return first, last + 1
