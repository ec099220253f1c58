"""Adds or removes one item of a list of names in a user's edge.yaml: every other byte stays as it is.

PyYAML says where the list and its items are, the text is changed there, and a change is accepted only if the file then
says exactly what is wanted. A list that several keys share (`*anchor`) therefore stays as it is: it would change for
the others too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from edgegen.core.location import Path, has
from edgegen.spec.source import first_that_reads, read_yaml

if TYPE_CHECKING:
    from yaml.nodes import Node

Keys = Path


def with_item(text: bytes, file: str, keys: Keys, item: str) -> bytes | None:
    """The file with `item` at the end of the list at `keys`, which is made where it is missing. None: it can't be."""
    data = read_yaml(text, file).data
    return first_that_reads(_added(text, keys, item), file, replaced(data, keys, [*value_at(data, keys), item]))


def without_item(text: bytes, file: str, keys: Keys, item: str) -> bytes | None:
    """The file without `item` in the list at `keys`. None where that can't be done."""
    data = read_yaml(text, file).data
    rest = [name for name in value_at(data, keys) if name != item]
    return first_that_reads(_removed(text, keys, item), file, replaced(data, keys, rest))


def value_at(found: Any, keys: Keys) -> list[Any]:
    """The list at these keys; empty where there is none."""
    for key in keys:
        found = found[key] if has(found, key) else None
    return found if isinstance(found, list) else []


def replaced(data: Any, keys: Keys, value: list[Any]) -> Any:
    """The data with another list at `keys`."""
    if not keys:
        return value
    if isinstance(data, list):
        return [replaced(item, keys[1:], value) if index == keys[0] else item for index, item in enumerate(data)]
    known = data if isinstance(data, dict) else {}
    return {**known, keys[0]: replaced(known.get(keys[0]), keys[1:], value)}


def _added(text: bytes, keys: Keys, item: str) -> Iterator[str]:
    source = text.decode("utf-8")
    for name in (item, json.dumps(item)):
        node = _node(source, keys)
        if node is not None:
            yield from _with_entry(source, node, name)
            continue
        holder = _node(source, keys[:-1])
        if holder is not None:
            yield from _with_list(source, holder, str(keys[-1]), name)


def _with_entry(source: str, node: Node, name: str) -> Iterator[str]:
    from yaml.nodes import SequenceNode

    if not isinstance(node, SequenceNode):
        return
    if node.flow_style:
        last = node.value[-1].end_mark.index if node.value else node.start_mark.index + 1
        yield f"{source[:last]}{', ' if node.value else ''}{name}{source[last:]}"
    elif node.value:
        yield from _line_after(source, node.value[-1], f"{_before(source, node.value[-1])}{name}")


def _with_list(source: str, holder: Node, key: str, name: str) -> Iterator[str]:
    from yaml.nodes import MappingNode

    if not isinstance(holder, MappingNode) or not holder.value:
        return
    last_key, last = holder.value[-1]
    if holder.flow_style:
        end = last.end_mark.index
        yield f"{source[:end]}, {key}: [{name}]{source[end:]}"
    else:
        yield from _line_after(source, last, f"{_before(source, last_key)}{key}: [{name}]")


def _removed(text: bytes, keys: Keys, item: str) -> Iterator[str]:
    from yaml.nodes import SequenceNode

    source = text.decode("utf-8")
    node = _node(source, keys)
    if not isinstance(node, SequenceNode):
        return
    names = [entry.value for entry in node.value]
    if item not in names or len(names) < 2:
        return
    index = names.index(item)
    entry = node.value[index]
    if not node.flow_style:
        start = source.rfind("\n", 0, entry.start_mark.index) + 1
        yield source[:start] + source[_line_end(source, entry.end_mark.index) :]
    elif index:
        yield source[: node.value[index - 1].end_mark.index] + source[entry.end_mark.index :]
    else:
        yield source[: entry.start_mark.index] + source[node.value[1].start_mark.index :]


def _node(source: str, keys: Keys) -> Node | None:
    """The node at these keys. Positions count characters, as Python does."""
    import yaml
    from yaml.nodes import MappingNode, SequenceNode

    try:
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    for key in keys:
        if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            continue
        if not isinstance(node, MappingNode):
            return None
        node = next((value for name, value in node.value if name.value == key), None)
    return node


def _before(source: str, node: Node) -> str:
    """What comes before the node on its line: the indentation, and the dash of a list."""
    return source[source.rfind("\n", 0, node.start_mark.index) + 1 : node.start_mark.index]


def _line_after(source: str, node: Node, line: str) -> Iterator[str]:
    """The line behind the node's last one; or behind the blank lines that follow, which belong to a text like `|+`."""
    ending = "\r\n" if "\r\n" in source else "\n"
    end = _end(node)
    for at in (_line_end(source, len(source[:end].rstrip())), _line_end(source, end)):
        gap = "" if source[:at].endswith("\n") else ending
        yield f"{source[:at]}{gap}{line}{ending}{source[at:]}"


def _end(node: Node) -> int:
    """Where its last value ends. A block itself ends only where the next key begins, behind comments about that."""
    from yaml.nodes import CollectionNode

    while isinstance(node, CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _line_end(source: str, end: int) -> int:
    """Where the line after this place begins."""
    if end and source[end - 1] == "\n":
        return end
    found = source.find("\n", end)
    return len(source) if found < 0 else found + 1
