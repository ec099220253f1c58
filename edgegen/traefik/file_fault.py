"""A key of a configuration file that does not do what it seems to say."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

Path = tuple[str | int, ...]
"""Keys and indexes, from the root of the file."""


class FileEffect(Enum):
    """What Traefik does for a key."""

    REFUSES = "refuses the whole file for it"
    """A dynamic file goes with every other file of its folder; for a static one Traefik ends with exit code 1."""
    IGNORES = "silently ignores it"
    OFF = "reads it as false"


class FileFault(Struct, frozen=True):
    """A key that does not do what it seems to say."""

    path: Path
    effect: FileEffect
    why: str
    word: str = ""
    """The word that Traefik does not know there, or the value that it can't read."""
    meant: str = ""
    """The word as it was meant, as far as that can be guessed."""
