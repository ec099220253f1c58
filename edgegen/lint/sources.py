"""Where Traefik's configuration comes from: flags, variables, a file, and what a container shows of its paths. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from msgspec import Struct, field

from edgegen.core.errors import Problem
from edgegen.core.location import Location
from edgegen.lint.places import File, Spot, Value
from edgegen.lint.services import Mount


class Document(Struct, frozen=True, eq=False):
    """What one of Traefik's files holds. `problem`: why Traefik can't read it. `unsure`: why only edgegen can't."""

    file: File
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: Problem | None = None
    unsure: Problem | None = None
    template: bool = False
    """It has Go templates: what Traefik reads is not what is written."""
    more: Location | None = None
    """Where a second YAML document starts: Traefik reads only the first."""


class Flags(Struct, frozen=True, eq=False):
    """What a command line sets."""

    options: Mapping[str, Value] = field(default_factory=dict)
    """Option in lower case -> its value; a list that is given several times is one list."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """Option in lower case -> as it was written first: names keep their case."""
    words: Mapping[str, Value] = field(default_factory=dict)
    """Option in lower case -> the argument that sets it last."""
    repeated: tuple[tuple[str, Value], ...] = ()
    """Options that a later argument sets again, with the argument that has no effect."""
    borrowed: tuple[tuple[str, Value, Value], ...] = ()
    """Options that took the next argument as their value, with both arguments."""
    stopped: Value | None = None
    """The first argument that is not a flag."""
    unread: tuple[Value, ...] = ()
    """Everything after it."""
    refused: tuple[Value, str] | None = None
    """An argument for which Traefik does not start, and why."""
    hidden: bool = False
    """An argument has a variable without a value where its name should be."""


class Variables(Struct, frozen=True, eq=False):
    """What the environment sets."""

    options: Mapping[str, Value] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """Option -> the variable."""
    ignored: Mapping[str, Value] = field(default_factory=dict)
    """Variables that begin like Traefik's own, and that it never reads."""
    hidden: bool = False
    """One of them is passed on from a shell that nobody sees here."""


class Seen(Enum):
    """What is known about a path in a container."""

    FILE = "file"
    FOLDER = "folder"
    TEXT = "text"
    """A config with its content in the Compose file."""
    NOTHING = "nothing"
    """No mount reaches it: the image has it, or nobody."""
    HIDDEN = "hidden"
    """A volume, or a source that is not here."""


class Place(Struct, frozen=True, eq=False):
    """What is at a path of a container."""

    seen: Seen
    path: str = ""
    """On this machine, for a file and a folder."""
    mount: Mount | None = None
    exact: bool = False
    """The mount is of this path itself, not of a folder above it."""
    text: str = ""
    spot: Spot | None = None
    """Where the text is."""
