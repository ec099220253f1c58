"""Where each key and value of a YAML text begins and ends, and how it is written: what a change needs to know."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from yaml.events import AliasEvent, MappingEndEvent, MappingStartEvent, ScalarEvent, SequenceEndEvent, StreamEndEvent

from edgegen.core.location import Path
from edgegen.core.pattern import late_pattern
from edgegen.lint.model import File, Spot
from edgegen.spec.positions import parser

_PROPERTY = late_pattern(r"(?:&|!)[^\s,\[\]{}]*[ \t]+")


class Node(Struct, eq=False):
    """A scalar, mapping, list or alias, from its first character to the one after its last."""

    kind: str
    """`scalar`, `map`, `list` or `alias`."""
    start: int
    """Behind its anchor and tag."""
    end: int
    style: str = ""
    """Of a scalar: empty for a plain one, or `'`, `"`, `|`, `>`. Of a collection: `flow` or empty."""
    value: str = ""
    tagged: bool = False
    shared: bool = False
    """Another place of the file says the same by an alias, here or above."""
    entries: list[Entry] = field(default_factory=list)
    """Those that are written in it, in their order."""
    children: dict[str | int, Entry] = field(default_factory=dict)
    """By key or index; with those of merge keys."""


class Entry(Struct, frozen=True, eq=False):
    """One entry of a collection. `key` is None in a list."""

    parent: Node
    key: Node | None
    value: Node
    borrowed: bool = False
    """It is written elsewhere, and came by a merge key or an alias."""

    @property
    def start(self) -> int:
        """Where it begins: at its key, or in a list at its value."""
        return self.key.start if self.key else self.value.start

    @property
    def end(self) -> int:
        """Where it ends, without what follows on its last line."""
        return max(self.value.end, self.key.end if self.key else 0)


def layout(file: File) -> Layout:
    """The layout of a file. Computed once."""
    found: Layout | None = file.__dict__.get("_layout")
    if found is None:
        found = file.__dict__["_layout"] = Layout(file.text)
    return found


def entry_at(spot: Spot) -> Entry | None:
    """What a YAML file has at a place; None for any other file."""
    return layout(spot.file).find(spot.path) if spot.file.language == "yaml" else None


class Layout:
    """The tree of a text that was read without an error."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._get = parser(text.encode("utf-8", "surrogatepass")).get_event
        self._anchors: dict[str, Node] = {}
        self._shared: list[Node] = []
        self._get()
        self._get()
        self.root = self._node(self._get())
        self._get()
        if type(self._get()) is not StreamEndEvent:  # several documents: which one a path is in is not known here
            self.root = Node("map", 0, 0)
        for node in self._shared:
            _share(node)

    def find(self, path: Path) -> Entry | None:
        """The entry at a path; None where it is not in this file, or is the whole of it."""
        node, entry = self.root, None
        borrowed = False
        for part in path:
            entry = node.children.get(part)
            if entry is None:
                return None
            borrowed = borrowed or entry.borrowed or entry.value.kind == "alias"
            node = entry.value
            if node.kind == "alias":
                node = self._anchors.get(node.value, node)
        return Entry(entry.parent, entry.key, node, borrowed) if entry is not None else None

    def _node(self, event: Any) -> Node:
        kind = type(event)
        if kind is AliasEvent:
            target = self._anchors.get(event.anchor)
            if target is not None:
                self._shared.append(target)
            return Node("alias", event.start_mark.index, event.end_mark.index, value=event.anchor)
        node = self._scalar(event) if kind is ScalarEvent else self._collection(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any) -> Node:
        start, end = self._content(event), event.end_mark.index
        style = event.style if event.style in ("'", '"', "|", ">") else ""
        return Node("scalar", min(start, end), end, style, event.value, tagged=event.tag is not None)

    def _content(self, event: Any) -> int:
        start: int = event.start_mark.index
        if event.anchor is not None or event.tag is not None:
            while found := _PROPERTY.match(self.text, start):
                start = found.end()
        return start

    def _collection(self, event: Any) -> Node:
        style = "flow" if event.flow_style else ""
        kind = "map" if type(event) is MappingStartEvent else "list"
        node = Node(kind, self._content(event), 0, style, tagged=event.tag is not None)
        if event.anchor is not None:  # before its content, which may name it
            self._anchors[event.anchor] = node
        end = self._mapping(node) if kind == "map" else self._sequence(node)
        # A block collection ends where the next token begins: its last entry knows better.
        node.end = end if style else max([node.start, *(entry.end for entry in node.entries)])
        return node

    def _sequence(self, node: Node) -> int:
        while type(event := self._get()) is not SequenceEndEvent:
            entry = Entry(node, None, self._node(event))
            node.children[len(node.entries)] = entry
            node.entries.append(entry)
        return _index(event)

    def _mapping(self, node: Node) -> int:
        merged: list[Node] = []
        while type(event := self._get()) is not MappingEndEvent:
            is_merge = type(event) is ScalarEvent and event.value == "<<" and event.implicit[0]
            key = self._node(event)
            entry = Entry(node, key, self._node(self._get()))
            node.entries.append(entry)
            if is_merge:
                merged.append(entry.value)
            elif key.kind == "scalar":
                node.children[key.value] = entry
        for part in merged:
            self._take_over(part, node)
        return _index(event)

    def _take_over(self, part: Node, node: Node) -> None:
        part = self._anchors.get(part.value, part) if part.kind == "alias" else part
        for name, entry in part.children.items():
            if isinstance(name, int):
                self._take_over(entry.value, node)
            elif name not in node.children:
                node.children[name] = Entry(entry.parent, entry.key, entry.value, borrowed=True)


def _index(event: Any) -> int:
    return int(event.end_mark.index)


def _share(node: Node) -> None:
    if not node.shared:
        node.shared = True
        for entry in node.entries:
            _share(entry.value)
