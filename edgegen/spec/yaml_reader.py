"""YAML read from libyaml's events, within limits.

PyYAML's own loader takes duplicate keys, reads `no`, `22:22` and `0755` as something else, and accepts an alias bomb.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from msgspec import Struct
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

from edgegen.core.errors import SpecError
from edgegen.core.location import Location
from edgegen.spec.outline import Outline
from edgegen.spec.positions import Text, parser
from edgegen.spec.scalars import Plain, resolve
from edgegen.spec.yaml_faults import Faults, explained

_OPEN = object()
_MISSING = object()
_STANDARD = "tag:yaml.org,2002:"
_OF_COMPOSE = ("!reset", "!override")


class Limits(Struct, frozen=True):
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


DEFAULT = Limits()
_NONE = 1 << 60
UNLIMITED = Limits(_NONE, 100, _NONE, _NONE, _NONE, 1024, _NONE)
"""For files that edgegen wrote itself. The depth stays bounded: it protects the interpreter's own stack."""


class Reader:
    """One pass over the events. Recursion is bounded by `limits.depth`."""

    def __init__(self, text: Text, limits: Limits) -> None:
        self._text = text
        self._limits = limits
        self._get: Callable[[], Any]
        self._plain = Plain(resolve)
        self._anchors: dict[str, Any] = {}
        self._sizes: dict[int, int] = {}
        self._keep: list[Any] = []
        self._aliases = 0
        self._alias_nodes = 0
        self._keys = 0
        self._faults = Faults(text, limits.problems)
        self.outline = Outline()

    def read(self) -> Any:
        try:
            value = self._document()
        except MarkedYAMLError as error:
            # libyaml (since PyYAML 6.0.4) looks ahead in flow style, and stops before our own count is asked.
            self._faults.fatal(*explained(error, self._text, self._too_deep()))
        except YAMLError as error:
            self._faults.unreadable(error)
        self._faults.refuse()
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
        if type(more) is DocumentStartEvent:
            self._fatal("a second document starts here: keep one document in a file", more)
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
                self._fatal(self._too_deep(), event)
            if event.tag is not None and event.tag not in (_STANDARD + "map", _STANDARD + "seq", "!"):
                self._refuse_tag(event)
            if depth < 2 and event.flow_style:
                self._note_flow(depth)
            value = self._mapping(depth + 1) if kind is MappingStartEvent else self._sequence(depth + 1)
        if anchor is not None:
            if kind is ScalarEvent and not event.value and event.implicit[0]:
                self._problem("an anchor without a value: a text that begins with `&` needs quotes", event)
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
                self._fatal("a key must be plain text, not a list, mapping or alias", event)
            key = event.value
            if depth < 3:
                self.outline.keys.append((depth, key, event.start_mark.index))
            if key == "<<" and event.implicit[0]:
                merged = self._merge(event, depth, merged)
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
        return result if merged is None else merged_mappings(merged, result)

    def _note_flow(self, depth: int) -> None:
        if depth == 0:
            self.outline.is_linked = True
        else:
            self.outline.flows.add(len(self.outline.keys) - 1)

    def _count(self, parts: int, event: Any) -> None:
        self._keys += parts
        if self._keys > self._limits.keys:
            self._fatal(f"more than {self._limits.keys:,} keys and list items: split the file", event)

    def _odd_key(self, event: Any, duplicate: bool) -> None:
        key = event.value
        if duplicate:
            self._faults.repeated(key, event.start_mark.index)
        elif not key and event.implicit[0]:
            self._problem("a key is missing before `:`", event)
        elif len(key) > self._limits.key:
            self._fatal(f"a key of more than {self._limits.key:,} characters", event)
        elif event.tag is not None:
            self._refuse_tag(event)
        elif event.anchor is not None:
            self._anchors[event.anchor] = key

    def _merge(self, event: Any, depth: int, before: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        if before is not None:
            self._problem("a second `<<` in one mapping: write `<<: [*a, *b]`", event)
        self.outline.is_linked = True
        event = self._get()
        value = self._node(event, depth)
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            self._problem("`<<` takes a mapping or a list of mappings, like `<<: *name`", event)
            return before or []
        return [*(before or ()), *parts]

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
            self._fatal(f"the alias `*{name[:60]}` is inside the anchor that it refers to", event)
        if value is _MISSING:
            self._fatal("there is no anchor above for this alias: a text that begins with `*` needs quotes", event)
        self._aliases += 1
        self.outline.is_linked = True
        self._alias_nodes += self._sizes.get(id(value), 1)
        if self._aliases > self._limits.aliases:
            self._fatal(f"more than {self._limits.aliases} aliases", event)
        if self._alias_nodes > self._limits.alias_nodes:
            self._fatal(f"aliases stand for more than {self._limits.alias_nodes:,} values", event)
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
            "keep it in a separate file",
            event,
        )

    def _refuse_tag(self, event: Any) -> None:
        tag = str(event.tag)
        if tag in _OF_COMPOSE or tag.startswith(_STANDARD):
            name = tag.replace(_STANDARD, "!!")[:60]
            self._problem(f"the tag `{name}` is not allowed here: write the plain value", event)
        else:  # not shown: it may be a password
            self._problem("a tag is not allowed here: a text that begins with `!` needs quotes", event)

    def _problem(self, message: str, event: Any) -> None:
        self._faults.add(message, event.start_mark.index)

    def _fatal(self, message: str, event: Any) -> NoReturn:
        self._faults.fatal(message, event.start_mark.index)

    def _too_deep(self) -> str:
        return f"nested deeper than {self._limits.depth} levels"


def merged_mappings(parts: list[dict[str, Any]], own: dict[str, Any]) -> dict[str, Any]:
    """A mapping with what its merge keys bring."""
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
