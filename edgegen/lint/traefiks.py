"""A Traefik of the project, with its static configuration and its dynamic files. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.lint.places import File, Spot, Value
from edgegen.lint.services import Service
from edgegen.lint.sources import Document, Flags, Place, Variables
from edgegen.traefik.version import Version


class Static(Struct, frozen=True):
    """Traefik's static configuration: option in lower case with dots -> its value."""

    source: str
    """`flags`, `environment`, `file`, or `none` where nothing configures it."""
    options: Mapping[str, Value] = field(default_factory=dict)
    hidden: bool = False
    """Some of it could not be read (a missing file, a variable): an option that is not here may still be set."""
    spot: Spot | None = None
    """The service, or the top of the file."""
    spelled: Mapping[str, str] = field(default_factory=dict)
    """Option in lower case -> as it is written: names of entrypoints and resolvers keep their case."""
    flags: Flags | None = None
    """All arguments, even where a file makes Traefik pass them over."""
    variables: Variables | None = None
    """All `TRAEFIK_…` variables, even where a file or flags make Traefik pass them over."""
    document: Document | None = None
    """The file."""
    mount: Place | None = None
    """Where the file is mounted from; for a `--configfile` that no mount brings, `NOTHING`."""
    said: Mapping[str, Value] | None = None
    """The options as they are written, where some are misspelt: `options` has those as they were meant."""

    @property
    def written(self) -> Mapping[str, Value]:
        """The options as they are written."""
        return self.options if self.said is None else self.said

    def get(self, option: str) -> Value | None:
        """The value of an option."""
        return self.options.get(option.lower())

    def names(self, group: str) -> dict[str, Spot]:
        """The names below a group as they are written (case counts), each with a place: `names("entrypoints")`."""
        start = group.lower() + "."
        found: dict[str, Spot] = {}
        for option, value in self.options.items():
            if option.startswith(start):
                found.setdefault(self.spelled.get(option, option)[len(start) :].split(".")[0], value.spot)
        return found

    def has(self, beginning: str) -> bool:
        """Whether an option is this one or below it."""
        start = beginning.lower()
        return any(option == start or option.startswith(start + ".") for option in self.options)


class Dynamic(Struct, frozen=True, eq=False, dict=True):
    """One dynamic file of Traefik's file provider. `data` has its keys as written."""

    file: File
    data: Mapping[str, Any]
    folder: str = ""
    """The folder of which Traefik reads every file; empty where it reads only this file."""
    template: bool = False
    """It has Go templates (`{{ … }}`): then `data` is not what Traefik reads, and holds nothing."""
    document: Document | None = None
    """With why it can't be read, if it can't."""
    named: bool = True
    """False for a neighbour of a file that was named: it defines names, and nobody asked for its faults."""

    @property
    def seen(self) -> bool:
        """Whether `data` is all that it says."""
        broken = self.document is not None and bool(self.document.problem or self.document.unsure)
        return not self.template and not broken


class Traefik(Struct, frozen=True, eq=False):
    """A Traefik of the project. `service` is None where only its own files are there."""

    service: Service | None
    static: Static
    version: Version | None
    """None where the image's tag does not say it."""
    spot: Spot
    dynamic: tuple[Dynamic, ...] = ()
    files: Place | None = None
    """What its file provider reads; None where it has none."""
    files_hidden: bool = False
    """Its file provider reads something that could not be seen."""
