"""Where in the files something is written: files, places, texts, and what the reader reports about them. Pure."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Protocol

from msgspec import Struct

from edgegen.core.lines import line_starts
from edgegen.core.location import Location, Path, path_text

_RENDERED, _HEAD = "# Rendered by edgegen ", 400


class Places(Protocol):
    """Where the parts of a text are. Built on demand: a file without findings never pays for it."""

    def index(self, path: Path, *, key: bool = False) -> int:
        """The index of the character where the value at `path` (or its key) starts; else its nearest parent's."""


class File(Struct, frozen=True, eq=False, dict=True):
    """One file that was read. `name` is how the user named it; `path` is where it is."""

    name: str
    path: str
    text: str
    """Its characters, without a byte order mark, line ends as they are."""
    places: Places
    language: str = "yaml"
    """`yaml`, `toml`, or `env`."""

    @property
    def is_rendered(self) -> bool:
        """Whether edgegen made it from edge.yaml, and refuses what somebody changes in it."""
        return _RENDERED in self.text[:_HEAD]

    def location(self, path: Path, *, key: bool = False) -> Location:
        """Line and column, from 1, of the value at `path` or of its key."""
        return self.location_at(self.places.index(path, key=key))

    def location_at(self, index: int) -> Location:
        """Line and column, from 1, of a character. Lines end as in an editor: with LF, CRLF or CR."""
        line = bisect_right(self._line_starts, index) - 1
        return Location(self.name, line + 1, index - self._line_starts[line] + 1)

    @cached_property
    def _line_starts(self) -> list[int]:
        return line_starts(self.text)


class Spot(Struct, frozen=True, eq=False):
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


class Character(Spot, frozen=True, eq=False):
    """A place that is known as a character of the text, and not as a path."""

    character: int = 0

    @property
    def index(self) -> int:
        """The index of the character."""
        return self.character


class Value(Struct, frozen=True, eq=False):
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


class Lossy(Struct, frozen=True, eq=False):
    """A value of an env file that loses a part: Compose takes that part for a variable, and it has no value."""

    name: str
    raw: str
    """As written, quotes included."""
    spot: Spot
    start: int
    """Of `raw` in the file's text."""
    unset: tuple[str, ...]


class Remark(Struct, frozen=True, eq=False):
    """Something odd about a file's form, of which the reader made the best."""

    message: str
    spot: Spot
    refused: bool = True
    """Whether Compose refuses the file for it."""
    subject: str = ""
    hint: str = ""


class Gap(Struct, frozen=True):
    """Something that could not be seen: a finding of outcome `unknown`."""

    message: str
    spot: Spot | None = None
    hint: str = ""
    where: Location | None = None
