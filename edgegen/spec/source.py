"""Text -> plain data, with every place at hand. Bounded: nothing that a user writes makes it slow, large or crash.

YAML is read by libyaml's events and built here, because PyYAML's own loader takes duplicate keys, reads `no`,
`22:22` and `0755` as something else, and lets an alias bomb through.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from edgegen.core.errors import Problem, SpecError
from edgegen.core.location import Location
from edgegen.spec.positions import Path, Positions, Text, first_keys, parser
from edgegen.spec.scalars import Plain

__all__ = ["DEFAULT", "UNLIMITED", "Limits", "Source", "check_size", "read_yaml"]

_OPEN = object()
_MISSING = object()
_STANDARD = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold. Sizes in bytes (files) and characters (scalars, keys)."""

    max_bytes: int = 1 << 20
    depth: int = 32
    aliases: int = 50
    alias_nodes: int = 50_000
    scalar: int = 64 << 10
    key: int = 1000
    keys: int = 100_000
    """Keys, and items of lists, in the whole file."""
    problems: int = 50
    tags: frozenset[str] = frozenset()
    """Custom tags that are read past (`!reset` of Compose files): the value is taken as if it had none."""


DEFAULT = Limits()
_NONE = 1 << 60
UNLIMITED = Limits(_NONE, 100, _NONE, _NONE, _NONE, 1024, _NONE)
"""For files that edgegen wrote itself. The depth stays bounded: it protects the interpreter's own stack."""


@dataclass(frozen=True, eq=False)
class Source:
    """A file that was read: its data, and where each part of it stands."""

    filename: str
    data: Any
    text: Text

    def locate(self, path: Path, *, key: bool = False) -> Location:
        """Where the value at `path` (or its key) starts; the nearest existing parent's place if there is none.

        Lines and columns count from 1, columns in characters. The first call reads the file a second time.
        """
        return self.text.location(self._positions.index(path, key=key))

    def has(self, path: Path) -> bool:
        """Whether the file holds something at `path`."""
        return self._positions.has(path)

    @cached_property
    def _positions(self) -> Positions:
        with _no_garbage_collection():
            return Positions(self.text.data)


def check_size(size: int, filename: str, limits: Limits = DEFAULT) -> None:
    """Raise SpecError for a file of more than `limits.max_bytes`. Call it with fstat's size before reading."""
    if size > limits.max_bytes:
        raise SpecError(
            f"the file has {size:,} bytes, and at most {limits.max_bytes:,} are read: move bulk data out of it",
            where=Location(filename),
        )


def read_yaml(data: bytes, filename: str, *, limits: Limits = DEFAULT, mapping: bool = True) -> Source:
    """Read one YAML document into dict, list, str, int, float, bool and None.

    Keys are their source text. With `mapping` the top level must be a mapping. Raises SpecError with the place
    of each problem; the recoverable ones (duplicate keys, refused scalars and tags) are reported together.
    """
    check_size(len(data), filename, limits)
    text = Text(_utf8(data, filename), filename)
    reader = _Reader(text, limits)
    with _no_garbage_collection():
        value = reader.read()
    if mapping and type(value) is not dict:
        raise SpecError("expected `key: value` lines at the top of the file", where=Location(filename, 1, 1))
    return Source(filename, value, text)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    # Millions of young, acyclic objects: the collector would walk them again and again (2.8 times slower at 8 MB).
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _utf8(data: bytes, filename: str) -> bytes:
    where = Location(filename)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SpecError("the file is UTF-16 (byte offset 0): save it as UTF-8", where=where)
    if (nul := data.find(b"\x00")) >= 0:
        raise SpecError(f"NUL at byte offset {nul}: the file is not UTF-8 text", where=where)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        what = "half of a surrogate pair" if data[error.start : error.start + 2] >= b"\xed\xa0" and byte == 0xED else ""
        raise SpecError(
            f"byte 0x{byte:02x} at byte offset {error.start} is {what or 'not UTF-8'}: save the file as UTF-8",
            where=where,
        ) from None
    return data.removeprefix(b"\xef\xbb\xbf")


class _Reader:
    """One pass over the events. Recursion is bounded by `limits.depth`."""

    def __init__(self, text: Text, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._get: Callable[[], Any]
        self._plain = Plain()
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[int, int] = {}
        self._keep: list[Any] = []
        self._aliases = 0
        self._alias_nodes = 0
        self._keys = 0
        self._problems: list[tuple[int, str]] = []
        self._repeated: dict[int, str] = {}

    def read(self) -> Any:
        try:
            value = self._document()
        except MarkedYAMLError as error:
            self._fatal(*self._explain(error))
        except YAMLError as error:
            self._unreadable(error)
        if self._problems or self._repeated:
            self._raise()
        return value

    def _document(self) -> Any:
        self._get = parser(self._text.data).get_event
        self._get()
        start = self._get()
        if type(start) is StreamEndEvent:
            raise SpecError("the file is empty", where=Location(self._text.filename))
        event = self._get()
        value = self._node(event, 0)
        self._get()
        more = self._get()
        at = more.start_mark.index
        if type(more) is DocumentStartEvent:
            self._fatal("a second document starts here: keep one document in a file", at)
        return value

    def _node(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event)
        anchor = event.anchor
        if anchor is not None and kind is not ScalarEvent:
            self._anchors[anchor] = _OPEN
        if kind is ScalarEvent:
            value = self._scalar(event)
        else:
            if depth >= self._limits.depth:
                self._fatal(self._too_deep(), event.start_mark.index)
            if event.tag is not None and event.tag not in (_STANDARD + "map", _STANDARD + "seq", "!"):
                self._refuse_tag(event)
            value = self._mapping(depth + 1) if kind is MappingStartEvent else self._sequence(depth + 1)
        if anchor is not None:
            self._anchors[anchor] = value
            self._measure(value)
        return value

    def _sequence(self, depth: int) -> list[Any]:
        get, plain, longest = self._get, self._plain, self._limits.scalar
        result: list[Any] = []
        while True:
            event = get()
            kind = type(event)
            if kind is ScalarEvent and event.anchor is None and event.tag is None:
                text = event.value
                if len(text) > longest:
                    self._too_long(event)
                if event.implicit[0]:
                    try:
                        result.append(plain[text])
                    except ValueError as error:
                        self._problem(str(error), event)
                else:
                    result.append(text)
            elif kind is SequenceEndEvent:
                self._count(len(result), event)
                return result
            else:
                result.append(self._node(event, depth))

    def _mapping(self, depth: int) -> dict[str, Any]:
        get, plain, longest, longest_key = self._get, self._plain, self._limits.scalar, self._limits.key
        result: dict[str, Any] = {}
        merged: list[dict[str, Any]] | None = None
        while True:
            event = get()
            kind = type(event)
            if kind is not ScalarEvent:
                if kind is MappingEndEvent:
                    break
                self._fatal("a key must be plain text, not a list, mapping or alias", event.start_mark.index)
            key = event.value
            if key == "<<" and event.implicit[0]:
                merged = self._merge(event, depth, again=merged is not None)
                continue
            if key in result or not key or len(key) > longest_key or event.tag is not None or event.anchor is not None:
                self._odd_key(event, key in result)
            event = get()
            if type(event) is ScalarEvent and event.anchor is None and event.tag is None:
                text = event.value
                if len(text) > longest:
                    self._too_long(event)
                if event.implicit[0]:
                    try:
                        result[key] = plain[text]
                    except ValueError as error:
                        result[key] = None
                        self._problem(str(error), event)
                else:
                    result[key] = text
            else:
                result[key] = self._node(event, depth)
        self._count(len(result), event)
        return result if merged is None else _merged(merged, result)

    def _count(self, parts: int, event: Any) -> None:
        self._keys += parts
        if self._keys > self._limits.keys:
            self._fatal(f"more than {self._limits.keys:,} keys and list items: split the file", event.start_mark.index)

    def _odd_key(self, event: Any, duplicate: bool) -> None:
        key = event.value
        if duplicate:
            self._duplicate(key, event)
        elif not key and event.implicit[0]:
            self._problem("a key is missing before `:`", event)
        elif len(key) > self._limits.key:
            self._fatal(f"a key of more than {self._limits.key:,} characters", event.start_mark.index)
        elif event.tag is not None:
            self._refuse_tag(event)
        elif event.anchor is not None:
            self._anchors[event.anchor] = key

    def _duplicate(self, key: str, event: Any) -> None:
        self._repeated[event.start_mark.index] = key
        self._stop_at_many()

    def _merge(self, event: Any, depth: int, *, again: bool) -> list[dict[str, Any]]:
        if again:
            self._problem("a second `<<` in one mapping: write `<<: [*a, *b]`", event)
        event = self._get()
        value = self._node(event, depth)
        parts = value if type(value) is list else [value]
        if any(type(part) is not dict for part in parts):
            self._problem("`<<` takes a mapping or a list of mappings, like `<<: *name`", event)
            return []
        return parts

    def _scalar(self, event: Any) -> Any:
        if len(event.value) > self._limits.scalar:
            self._too_long(event)
        tag = event.tag
        if tag is None and not event.implicit[0]:
            return event.value
        if tag in ("!", _STANDARD + "str"):
            return event.value
        try:
            value = self._plain[event.value]
        except ValueError as error:
            self._problem(str(error), event)
            return None
        if tag is not None and tag != _STANDARD + _tag_of(value):
            self._refuse_tag(event)
        return value

    def _alias(self, event: Any) -> Any:
        name = event.anchor
        value = self._anchors.get(name, _MISSING)
        if value is _OPEN:
            self._fatal(f"the alias `*{name[:60]}` stands inside the anchor it refers to", event.start_mark.index)
        if value is _MISSING:
            self._fatal(f"there is no anchor `&{name[:60]}` above this alias", event.start_mark.index)
        self._aliases += 1
        self._alias_nodes += self._sizes.get(id(value), 1)
        if self._aliases > self._limits.aliases:
            self._fatal(f"more than {self._limits.aliases} aliases", event.start_mark.index)
        if self._alias_nodes > self._limits.alias_nodes:
            self._fatal(f"aliases stand for more than {self._limits.alias_nodes:,} values", event.start_mark.index)
        return value

    def _measure(self, value: Any) -> int:
        """Count the values below an anchored container, once for each: what an alias will stand for."""
        if type(value) is not dict and type(value) is not list:
            return 1
        known = self._sizes.get(id(value))
        if known is None:
            items = value.values() if type(value) is dict else value
            known = self._sizes[id(value)] = 1 + sum(self._measure(item) for item in items)
            self._keep.append(value)  # ids are only unique among the living
        return known

    def _too_long(self, event: Any) -> None:
        self._fatal(
            f"a value of {len(event.value):,} characters, and at most {self._limits.scalar:,} are read: "
            "keep it in a file of its own",
            event.start_mark.index,
        )

    def _refuse_tag(self, event: Any) -> None:
        tag = str(event.tag)
        if tag in self._limits.tags:
            return
        shown = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
        self._problem(f"the tag `{shown[:60]}` is not allowed here: write the plain value", event)

    def _problem(self, message: str, event: Any) -> None:
        self._problems.append((event.start_mark.index, message))
        self._stop_at_many()

    def _stop_at_many(self) -> None:
        if len(self._problems) + len(self._repeated) >= self._limits.problems:
            self._raise()

    def _fatal(self, message: str, index: int) -> NoReturn:
        self._problems.append((index, message))
        self._raise()

    def _explain(self, error: MarkedYAMLError) -> tuple[str, int]:
        index = _index(error.problem_mark, _index(error.context_mark, 0))
        problem = error.problem or "this is not YAML"
        if "tab character" in problem or self._text.character(index) == "\t":
            return "a tab can't be used for indentation: use spaces", index
        if "maximum nesting depth" in problem:
            # libyaml (since PyYAML 6.0.4) looks ahead in flow style, and stops before our own count is asked.
            return self._too_deep(), index
        for sign, sentence in _SENTENCES.items():
            if sign in problem:
                return sentence, _index(error.context_mark, index) if sentence.startswith(_OPENED) else index
        return " ".join(part for part in (error.context, problem) if part), index

    def _too_deep(self) -> str:
        return f"nested deeper than {self._limits.depth} levels"

    def _unreadable(self, error: YAMLError) -> NoReturn:
        found = self._text.unprintable()
        if found is None:
            self._fatal(str(error).partition("\n")[0], 0)
        index, code = found
        self._fatal(f"the character U+{code:04X} can't stand in YAML: write it as an escape in double quotes", index)

    def _raise(self) -> NoReturn:
        first = first_keys(self._text.data, self._repeated) if self._repeated else {}
        for index, key in self._repeated.items():
            place = f" (first at {self._text.location(first[index])})" if index in first else ""
            message = f"the key `{key[:60]}` is here a second time{place}: remove one of the two"
            self._problems.append((index, message))
        raise SpecError([Problem(text, self._text.location(index)) for index, text in sorted(self._problems)])


def _merged(parts: list[dict[str, Any]], own: dict[str, Any]) -> dict[str, Any]:
    # The first part of the list wins over the later ones, the mapping's own keys over all of them.
    result: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            result.setdefault(key, value)
    result.update(own)
    return result


def _tag_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "float" if isinstance(value, float) else "str"


def _index(mark: Any, otherwise: int) -> int:
    return otherwise if mark is None else int(mark.index)


# For these the place to go to is where it was opened.
_OPENED = ("a quote", "a `,`")
_SENTENCES = {
    "mapping values are not allowed": "a second `: ` in one line: put the value in quotes, or mend the indentation",
    "could not find expected ':'": "a `:` is missing after the key, or the indentation is wrong",
    "did not find expected key": "the indentation does not fit the lines above, or a quote or bracket is not closed",
    "expected <block end>": "the indentation does not fit the lines above, or a quote or bracket is not closed",
    "expected node content": "a value is missing here, or a bracket is not closed",
    "expected the node content": "a value is missing here, or a bracket is not closed",
    "found unexpected end of stream": "a quote is not closed before the end of the file",
    "expected ',' or ']'": "a `,` is missing, or this list is not closed with `]`",
    "expected ',' or '}'": "a `,` is missing, or this mapping is not closed with `}`",
    "did not find expected '-' indicator": "this line does not belong to the list above: mend its indentation",
    "invalid Unicode character escape": "this escape stands for no character: write the character itself",
    "that cannot start any token": "this character can't start a value: put the value in quotes",
}
