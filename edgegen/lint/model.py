"""A project as its files show it: everything that is laid together, and where each part of it is written. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from typing import Any, Protocol

from edgegen.core.location import Location, Path, path_text
from edgegen.lint.sources import Document, Flags, Place, Variables
from edgegen.traefik.version import Version

__all__ = [
    "Character",
    "Dynamic",
    "File",
    "Gap",
    "Mode",
    "Mount",
    "Network",
    "Port",
    "Project",
    "Remark",
    "Service",
    "Source",
    "Spot",
    "Static",
    "Traefik",
    "Value",
    "numbers",
]


_LINE_END = re.compile(r"\r\n|\n|\r")


class Places(Protocol):
    """Where the parts of a text are. Built on demand: a file without findings never pays for it."""

    def index(self, path: Path, *, key: bool = False) -> int:
        """The index of the character where the value at `path` (or its key) starts; else its nearest parent's."""


@dataclass(frozen=True, eq=False)
class File:
    """One file that was read. `name` is how the user named it; `path` is where it is."""

    name: str
    path: str
    text: str
    """Its characters, without a byte order mark, line ends as they are."""
    places: Places
    language: str = "yaml"
    """`yaml`, `toml`, or `env`."""

    def location(self, path: Path, *, key: bool = False) -> Location:
        """Line and column, from 1, of the value at `path` or of its key."""
        return self.location_at(self.places.index(path, key=key))

    def location_at(self, index: int) -> Location:
        """Line and column, from 1, of a character. Lines end as in an editor: with LF, CRLF or CR."""
        line = bisect_right(self._line_starts, index) - 1
        return Location(self.name, line + 1, index - self._line_starts[line] + 1)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]


@dataclass(frozen=True, eq=False)
class Spot:
    """A place in a file: the path of keys and indices from its top. `key`: the key itself, not its value."""

    file: File
    path: Path = ()
    key: bool = False
    after: str = ""
    """For a part of a text, like the value of `- name=value`: what comes before it there, `name=`."""
    word: str = ""
    """For one word of a text, like a flag of `command: --a --b`: the word as written there."""

    @property
    def location(self) -> Location:
        """Line and column."""
        return self.file.location_at(self.index)

    @property
    def index(self) -> int:
        """The index of its first character in the file's text."""
        start = self.file.places.index(self.path, key=self.key)
        if self.word:
            found = self.file.text.find(self.word, start)
            return start if found < 0 else found
        if not self.after:
            return start
        begin = start + (self.file.text[start : start + 1] in ("'", '"'))
        return begin + len(self.after) if self.file.text.startswith(self.after, begin) else start

    @property
    def shown(self) -> str:
        """The path as a person reads it: `services.web.labels`."""
        return path_text(self.path)

    def at(self, *more: str | int, key: bool = False) -> Spot:
        """A place below this one."""
        return Spot(self.file, (*self.path, *more), key)

    @property
    def of_key(self) -> Spot:
        """The key of this value."""
        return Spot(self.file, self.path, True)


@dataclass(frozen=True, eq=False)
class Character(Spot):
    """A place that is known as a character of the text, and not as a path."""

    character: int = 0

    @property
    def index(self) -> int:
        """The index of the character."""
        return self.character


@dataclass(frozen=True, eq=False, slots=True)
class Value:
    """A text as Traefik or Compose gets it: variables have their values, `$$` is a dollar sign."""

    text: str
    spot: Spot
    raw: str = ""
    """As written in the file, before variables have their values."""
    unset: tuple[str, ...] = ()
    """Variables without a value here. Then `text` is only a part of the truth: a rule that needs it finds nothing."""
    name_known: bool = True
    """Whether the label's or variable's name is complete: `- traefik.http.routers.${X}.rule=…` needs X for it."""

    @property
    def known(self) -> bool:
        """Whether `text` is what the engine will get."""
        return not self.unset

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, eq=False, slots=True)
class Remark:
    """Something odd about a file's form, of which the reader made the best."""

    message: str
    spot: Spot
    refused: bool = True
    """Whether Compose refuses the file for it."""
    subject: str = ""
    hint: str = ""


class Mode(Enum):
    """Who reads a file. Compose ignores `deploy.labels`, a swarm's Traefik ignores a service's `labels`."""

    COMPOSE = "compose"
    SWARM = "swarm"
    UNCLEAR = "unclear"


def numbers(text: str) -> range:
    """`8000-8002` -> 8000, 8001, 8002. Empty where it is not a number or a range."""
    first, dash, last = text.partition("-")
    if not (first.isascii() and first.isdecimal()) or (dash and not (last.isascii() and last.isdecimal())):
        return range(0)
    return range(int(first[:5]), int((last if dash else first)[:5]) + 1)


@dataclass(frozen=True, slots=True)
class Port:
    """A published port. Numbers are texts: they may be ranges."""

    target: str
    published: str
    address: str
    """The host address that it is bound to; empty for all."""
    protocol: str
    mode: str
    """`ingress`, `host`, or empty."""
    spot: Spot
    unset: tuple[str, ...] = ()
    """Variables without a value here: the rest of it is then only a part of the truth."""

    @property
    def single(self) -> Iterator[Port]:
        """A range of targets as single ports, as Compose reads it; any other port is itself."""
        targets, published = numbers(self.target), numbers(self.published)
        if len(targets) < 2 or (published and len(published) != len(targets)):
            yield self
            return
        for index, target in enumerate(targets):
            yield replace(self, target=str(target), published=str(published[index]) if published else "")


@dataclass(frozen=True, slots=True)
class Mount:
    """A mount of a service. For a bind mount `source` is a path as written, for a volume its name in the file.

    The relative path of a file in another folder (`include`, `extends`) is made relative to the project's folder.
    """

    kind: str
    """`bind`, `volume`, `tmpfs`, `secret`, `config`, …"""
    source: str
    target: str
    read_only: bool
    spot: Spot
    unset: tuple[str, ...] = ()
    """Variables without a value here."""


@dataclass(frozen=True, slots=True)
class Network:
    """A network of the file. `real_name` is the engine's; None where a part of it is unknown."""

    key: str
    real_name: str | None
    external: bool
    internal: bool
    driver: str
    spot: Spot | None
    """None for the `default` network that no file declares."""


@dataclass(frozen=True)
class Service:
    """One service, all files laid together."""

    name: str
    spot: Spot
    image: Value | None = None
    labels: Mapping[str, Value] = field(default_factory=dict)
    """Those of the container."""
    deploy_labels: Mapping[str, Value] = field(default_factory=dict)
    """Those of the swarm's service."""
    environment: Mapping[str, Value | None] = field(default_factory=dict)
    """None for a variable that is passed on from the shell. Those of `env_file` are in it, too."""
    command: tuple[Value, ...] = ()
    entrypoint: tuple[Value, ...] = ()
    networks: tuple[str, ...] = ()
    """Keys of the file's networks; `default` where none is named."""
    network_mode: Value | None = None
    ports: tuple[Port, ...] = ()
    expose: tuple[Value, ...] = ()
    mounts: tuple[Mount, ...] = ()
    replicas: int | None = None
    """None where nothing is said, or it is unknown."""
    is_global: bool = False
    built: bool = False
    """It has `build:`."""
    profiles: tuple[str, ...] = ()
    active: bool = True
    """Whether a plain `up` starts it: it has no profile, or one that is chosen."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """The whole mapping after merging, plain data, variables not replaced."""
    partial: bool = False
    """Some part of it is in a file that is missing, or its base is: what is not here may still be there."""

    def routing_labels(self, mode: Mode) -> Mapping[str, Value]:
        """The labels that Traefik reads in this mode."""
        return self.deploy_labels if mode is Mode.SWARM else self.labels


@dataclass(frozen=True)
class Static:
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


@dataclass(frozen=True, eq=False)
class Dynamic:
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


@dataclass(frozen=True, eq=False)
class Traefik:
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


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that could not be seen: a finding of outcome `unknown`."""

    message: str
    spot: Spot | None = None
    hint: str = ""
    where: Location | None = None


@dataclass(frozen=True, eq=False)
class Source:
    """A top-level secret, config or volume of the file."""

    key: str
    data: Mapping[str, Any]
    spot: Spot
    real_name: str | None = None
    external: bool = False


@dataclass(frozen=True, eq=False)
class Project:
    """Files that belong together."""

    folder: str
    """As the user names it; `.` for the working directory."""
    name: str | None
    """The Compose project's name; None where it is unknown (a swarm's stack is named when it is deployed)."""
    mode: Mode
    files: tuple[File, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    volumes: Mapping[str, Source] = field(default_factory=dict)
    secrets: Mapping[str, Source] = field(default_factory=dict)
    configs: Mapping[str, Source] = field(default_factory=dict)
    traefiks: tuple[Traefik, ...] = ()
    dynamic: tuple[Dynamic, ...] = ()
    """All dynamic files, those of `traefiks` too."""
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Remark, ...] = ()
    partial: bool = False
    """A whole file of it is missing: a service or a name that is not here may still be there."""
    wanted: Version | None = None
    """The version of `--traefik-version`: it counts for whatever names none itself."""
    top: Mapping[str, Any] = field(default_factory=dict)
    """The merged file, plain data."""
    disk: Disk | None = None

    @cached_property
    def version(self) -> Version | None:
        """The version of the project's Traefik as far as it is known; the wanted one counts first."""
        return self.wanted or next((item.version for item in self.traefiks if item.version), None)

    @property
    def has_one_traefik(self) -> bool:
        """Whether exactly one Traefik is here, with a static configuration that was read whole.

        Only then an entrypoint or a resolver that nobody defines is a fault: another project's Traefik may have it.
        """
        return len(self.traefiks) == 1 and not self.traefiks[0].static.hidden

    def labelled(self) -> Iterator[tuple[Service, Mapping[str, Value]]]:
        """Each service that has labels for Traefik, with them."""
        for service in self.services.values():
            labels = {
                key: value
                for key, value in service.routing_labels(self.mode).items()
                if key.lower().startswith("traefik")
            }
            if labels:
                yield service, labels

    def texts(self, labels: Mapping[str, Value]) -> dict[str, str]:
        """Label -> text, for the functions of `edgegen.traefik`; without those whose value is unknown."""
        return {key: value.text for key, value in labels.items() if value.known}


class Disk(Protocol):
    """What rules may ask about files other than those that were read. Paths are relative to the project's folder."""

    def shown(self, path: str) -> str:
        """The path as the user would name it, for messages."""

    def kind(self, path: str) -> str:
        """`file`, `folder`, `none`, or `unknown`."""

    def mode(self, path: str) -> int | None:
        """The permission bits; None where there is nothing."""

    def tracked(self, path: str) -> bool | None:
        """Whether git has it; None where there is no repository or git can't be asked."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of a regular file of at most `limit` bytes."""

    def listing(self, path: str) -> Iterable[str]:
        """Names in a folder."""
