"""What the far side says about its folder, as data. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown

_SHARED = 0o022
_STICKY = 0o1000


def is_shared(mode: int) -> bool:
    """Whether others may write there."""
    return bool(mode & _SHARED)


class Seen(Struct, frozen=True):
    """One path there. `kind` is `file`, `folder`, `link`, `socket`, `other`, or `none` where there is nothing."""

    kind: str
    mode: int = 0
    owner: int = -1
    links: int = 1
    changed: float = 0.0
    """When its contents, name or mode changed last, by the clock of that host."""
    digest: str = ""


class Above(Struct, frozen=True):
    """A folder on the way to the project's, the project's own first."""

    path: str
    mode: int
    owner: int

    @property
    def is_open(self) -> bool:
        """Whether another user could put another folder in its place."""
        return self.is_shared and not self.mode & _STICKY

    @property
    def is_shared(self) -> bool:
        """Whether others may write in it."""
        return is_shared(self.mode)


def parse_looks(lines: Iterable[str]) -> dict[str, Seen]:
    """Path -> what it is. Raises OutsideError for anything else than such lines."""
    found = {}
    for line in lines:
        kind, _, rest = line.partition("\t")
        facts, _, path = rest.partition("\t")
        found[path.removeprefix("./")] = Seen("none") if kind == "none" else _seen(kind, facts, line)
    return found


def parse_above(line: str) -> Above:
    """`above 755 0 /srv`."""
    words = line.split(" ", 3)
    try:
        return Above(words[3], int(words[1], 8), int(words[2]))
    except (ValueError, IndexError):
        raise unreadable(line) from None


def unreadable(line: str) -> OutsideError:
    """The error for a line that the script never prints."""
    return OutsideError(
        f"the other host answers `{shown(line, 120)}`, which can't be read",
        hint="does its login shell print something?",
    )


def _seen(kind: str, facts: str, line: str) -> Seen:
    try:
        mode, owner, links, *when, digest = facts.split()
        return Seen(kind, int(mode, 8), int(owner), int(links), _time(when), digest)
    except (ValueError, IndexError):
        raise unreadable(line) from None


def _time(words: list[str]) -> float:
    """`2026-11-28 11:07:19.443616213 +0000`. Without a fraction it could be any moment of that second: the last."""
    day, clock, zone = words
    seconds, _, fraction = clock.partition(".")
    whole = datetime.strptime(f"{day} {seconds} {zone}", "%Y-%m-%d %H:%M:%S %z")
    parts = int(fraction[:6].ljust(6, "0")) if fraction.strip("0") else 999_999
    return (whole + timedelta(microseconds=parts)).timestamp()
