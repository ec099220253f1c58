"""YAML of other people, as Compose's and Swarm's Go reads it: what can be read is read, and what is odd is noted.

`source.read_yaml` refuses whatever two parsers read differently. This one gives it Go's meaning and a remark. Only a
text that is not YAML at all is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct, field
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from edgegen.core.errors import SpecError
from edgegen.core.location import Location
from edgegen.spec.go_scalars import go_text, resolve
from edgegen.spec.positions import Text, parser
from edgegen.spec.scalars import Plain
from edgegen.spec.source import check_size, no_garbage_collection, utf8
from edgegen.spec.yaml_faults import explained
from edgegen.spec.yaml_reader import Limits, Reader, merged_mappings

LIMITS = Limits(
    max_bytes=8 << 20, depth=64, aliases=20_000, alias_nodes=2_000_000, scalar=4 << 20, key=64 << 10, keys=2_000_000
)
_STANDARD = "tag:yaml.org,2002:"
_MOST_REMARKS = 200


class Remark(Struct, frozen=True):
    """Something odd: Compose refuses it (`refused`), or reads it in a way that surprises."""

    message: str
    index: int
    """The character that it is about."""
    refused: bool = True


class Reset:
    """The value of `key: !reset …`: the key goes, in the files below as well."""

    __slots__ = ()


class OverrideDict(dict[str, Any]):
    """A mapping under `!override`: it replaces what the files below have, and is not merged with it."""


class OverrideList(list[Any]):
    """A list under `!override`."""


class OverrideText(str):
    """A text under `!override`."""

    __slots__ = ()


Place = tuple[int, int]
"""Where a key and its value start. Both are the value's place in a list."""
Places = dict[str, Place] | list[Place]


class Document(Struct, frozen=True, eq=False):
    """One document of a file: plain data, with `Reset` and `Override…` where the file has these tags."""

    data: Any
    text: Text
    number: int
    """From 0."""
    remarks: tuple[Remark, ...] = ()
    tagged: bool = False
    """Whether `!reset` or `!override` is anywhere in it."""
    start: int = 0
    """The character where it begins."""
    places: Mapping[int, Places] = field(default_factory=dict)
    """The places below each mapping and list, by its `id`: noted while it was read, which costs next to nothing."""

    def index(self, path: tuple[str | int, ...], *, key: bool = False) -> int:
        """The index of the character where the value at `path` (or its key) starts; else its nearest parent's."""
        node: Any = self.data
        place = (self.start, self.start)
        for part in path:
            below: Any = self.places.get(id(node))
            try:
                place, node = below[part], node[part]
            except (LookupError, TypeError):
                break
        return place[0 if key else 1]


def read_documents(data: bytes, filename: str, limits: Limits = LIMITS) -> list[Document]:
    """Every document of a text. An empty one gives none.

    Raises SpecError, with the place, for what is not YAML.
    """
    check_size(len(data), filename, limits)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            data = data.decode("utf-16").encode()
        except UnicodeError:
            raise SpecError("the file begins like UTF-16 and is not: save it as UTF-8",
                            where=Location(filename)) from None  # fmt: skip
    text = Text(utf8(data, filename), filename)
    with no_garbage_collection():
        return _Lenient(text, limits).documents()


class _Lenient(Reader):
    def __init__(self, text: Text, limits: Limits) -> None:
        super().__init__(text, limits)
        self._plain = Plain(resolve)
        self._remarks: list[Remark] = []
        self._tagged = False
        self._places: dict[int, Places] = {}

    def documents(self) -> list[Document]:
        try:
            return list(self._documents())
        except MarkedYAMLError as error:
            self._faults.fatal(*explained(error, self._text, self._too_deep()))
        except YAMLError as error:
            self._faults.unreadable(error)

    def _documents(self) -> Any:
        self._get = parser(self._text.data).get_event
        self._get()
        number = 0
        while type(self._get()) is not StreamEndEvent:
            self._anchors, self._remarks, self._tagged, self._places = {}, [], False, {}
            event = self._get()
            value = self._node(event, 0)
            self._get()
            start = event.start_mark.index
            yield Document(value, self._text, number, tuple(self._remarks), self._tagged, start, self._places)
            number += 1

    def _node(self, event: Any, depth: int) -> Any:
        value = super()._node(event, depth)
        if type(event) is AliasEvent or event.tag not in ("!reset", "!override"):
            return value
        self._tagged = True
        marked = Reset() if event.tag == "!reset" else _overriding(value)
        if (places := self._places.get(id(value))) is not None:
            self._places[id(marked)] = places
        if event.anchor is not None:
            self._anchors[event.anchor] = marked
        return marked

    def _sequence(self, depth: int) -> list[Any]:
        get, plain, longest = self._get, self._plain, self._limits.scalar
        result: list[Any] = []
        places: list[Place] = []
        while True:
            event = get()
            kind = type(event)
            if kind is SequenceEndEvent:
                break
            at = event.start_mark.index
            places.append((at, at))
            if kind is ScalarEvent and event.anchor is None and event.tag is None:
                text = event.value
                if len(text) <= longest:
                    result.append(plain[text] if event.implicit[0] else text)
                    continue
            result.append(self._node(event, depth))
        self._count(len(result), event)
        self._places[id(result)] = places
        return result

    def _mapping(self, depth: int) -> dict[str, Any]:
        get, plain, longest = self._get, self._plain, self._limits.scalar
        result: dict[str, Any] = {}
        places: dict[str, Place] = {}
        merged: list[dict[str, Any]] | None = None
        while True:
            event = get()
            kind = type(event)
            if kind is not ScalarEvent:
                if kind is MappingEndEvent:
                    break
                key = self._complex_key(event, depth)
            else:
                key = event.value
                if key == "<<" and event.implicit[0]:
                    merged = self._merge(event, depth, merged)
                    continue
                if key in result or not key or len(key) > self._limits.key or event.anchor is not None:
                    self._odd_key(event, key in result)
            value = get()
            places[key] = (event.start_mark.index, value.start_mark.index)
            if type(value) is ScalarEvent and value.anchor is None and value.tag is None:
                text = value.value
                if len(text) <= longest:
                    result[key] = plain[text] if value.implicit[0] else text
                    continue
            result[key] = self._node(value, depth)
        self._count(len(result), event)
        if merged is not None:
            result = self._with_merged(merged, result, places)
        self._places[id(result)] = places
        return result

    def _with_merged(
        self, parts: list[dict[str, Any]], own: dict[str, Any], places: dict[str, Place]
    ) -> dict[str, Any]:
        for part in parts:
            below = self._places.get(id(part))
            for key, place in below.items() if isinstance(below, dict) else ():
                places.setdefault(key, place)
        return merged_mappings(parts, own)

    def _scalar(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        if len(text) > self._limits.scalar:
            self._too_long(event)
        if tag is None:
            return self._plain[text] if event.implicit[0] else text
        if tag in _TYPED:
            return self._typed(tag, text, event)
        if tag not in ("!", "!reset", "!override", _STANDARD + "str"):
            self._refuse_tag(event)
        return resolve(text) if tag in ("!reset", "!override") and not event.style else text

    def _typed(self, tag: str, text: str, event: Any) -> Any:
        try:
            return _TYPED[tag](text)
        except ValueError:
            self._problem(f"`{text[:40]}` is not a value of `!!{tag.removeprefix(_STANDARD)}`", event)
            return text

    def _odd_key(self, event: Any, duplicate: bool) -> None:
        key = event.value
        if duplicate:
            self._problem(f"the key `{key[:60]}` is here a second time: remove one of the two", event)
        if event.anchor is not None:
            self._anchors[event.anchor] = key

    def _complex_key(self, event: Any, depth: int) -> str:
        value = self._node(event, depth)
        if type(event) is not AliasEvent or not isinstance(value, str):
            self._problem("a key must be text, not a list or a mapping", event)
        return go_text(value)

    def _refuse_tag(self, event: Any) -> None:
        if event.tag in ("!reset", "!override"):
            return
        tag = str(event.tag)
        shown = "!!" + tag.removeprefix(_STANDARD) if tag.startswith(_STANDARD) else tag
        container = type(event) in (MappingStartEvent, SequenceStartEvent)
        self._remark(f"the tag `{shown[:60]}` has no meaning here", event, refused=container and tag != shown)

    def _problem(self, message: str, event: Any) -> None:
        self._remark(message, event)

    def _remark(self, message: str, event: Any, *, refused: bool = True) -> None:
        if len(self._remarks) < _MOST_REMARKS:
            self._remarks.append(Remark(message, event.start_mark.index, refused))


def _overriding(value: Any) -> Any:
    if isinstance(value, dict):
        return OverrideDict(value)
    if isinstance(value, list):
        return OverrideList(value)
    return OverrideText(value) if isinstance(value, str) else value


def _null(text: str) -> None:
    if text not in ("", "~", "null", "Null", "NULL"):
        raise ValueError


def _kind(*types: type) -> Callable[[str], Any]:
    def convert(text: str) -> Any:
        value = resolve(text) if text else text
        if not isinstance(value, types):
            raise ValueError
        return value

    return convert


def _binary(text: str) -> str:
    import base64
    import binascii

    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except binascii.Error:
        raise ValueError from None


_TYPED: dict[str, Callable[[str], Any]] = {
    _STANDARD + "null": _null,
    _STANDARD + "int": _kind(int),
    _STANDARD + "float": _kind(int, float),
    _STANDARD + "bool": _kind(bool),
    _STANDARD + "binary": _binary,
}
