"""Labels and environments: a mapping, or a list of `name=value`, as Compose reads both. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.lint.model import Spot, Value
from edgegen.lint.reader.origin import Node, Origin
from edgegen.lint.reader.values import replaced, text_of, value
from edgegen.spec.go_scalars import written_text


def values_of(node: Node) -> dict[str, Value | None]:
    """Name -> value. None where a name has none: `NAME` in a list, `NAME:` in a mapping."""
    data, origin = node
    if isinstance(data, dict):
        at = origin.at
        if origin.parts is None:
            return _plain_mapping(data, origin)
        return {name: None if item is None else value(item, at(name)) for name, item in data.items()}
    if not isinstance(data, list):
        return {}
    file, path, own = origin.layer.file, origin.path, origin.parts is None
    found: dict[str, Value | None] = {}
    for index, item in enumerate(data):
        if own and type(item) is str and "$" not in item:  # the common case, thousands of times in a large file
            name, equals, rest = item.partition("=")
            found[name] = Value(rest, Spot(file, (*path, index), False, name + equals), rest) if equals else None
        elif isinstance(item, dict):
            # `- name: value` by mistake: Compose refuses it, and what was meant is clear.
            found |= values_of((item, origin.at(index)))
        elif item is not None and not isinstance(item, list):  # Compose refuses a list in a list
            name, pair = _pair(item, origin.at(index))
            found[name] = pair
    return found


def _plain_mapping(data: dict[str, Any], origin: Origin) -> dict[str, Value | None]:
    # The common case, thousands of times in a large file.
    file, path = origin.layer.file, origin.path
    found: dict[str, Value | None] = {}
    for name, item in data.items():
        if type(item) is str:
            if "$" not in item:
                found[name] = Value(item, Spot(file, (*path, name)), item)
            else:
                text, unset = replaced(item, origin.layer.values)
                found[name] = Value(text, Spot(file, (*path, name)), item, unset)
        else:
            found[name] = None if item is None else value(item, origin.at(name))
    return found


def _pair(item: Any, origin: Origin) -> tuple[str, Value | None]:
    raw = item if type(item) is str else text_of(item)
    key, equals, rest = raw.partition("=")
    if "$" not in raw:
        spot = Spot(origin.layer.file, origin.path, False, key + equals)
        return key, Value(rest, spot, rest) if equals else None
    # Variables are replaced in the whole item first: one may hold the `=`.
    text, unset = replaced(raw, origin.layer.values)
    name, equals, rest_text = text.partition("=")
    missing = unset if "=" not in raw else replaced(key, origin.layer.values)[1]
    if not equals:
        return name, Value("", Spot(origin.layer.file, origin.path), raw, unset, False) if missing else None
    spot = Spot(origin.layer.file, origin.path, False, key + "=")
    return name, Value(rest_text, spot, raw.partition("=")[2], unset, not missing)


def written(node: Node) -> Iterator[tuple[str, Any, Origin]]:
    """Name, raw value and place of each entry, for laying one over the other. A name's variables have their values."""
    data, origin = node
    if isinstance(data, dict):
        for name, item in data.items():
            yield name, item, origin.at(name)
    elif isinstance(data, list):
        for index, item in enumerate(data):
            if isinstance(item, dict):
                yield from written((item, origin.at(index)))
            elif item is not None and not isinstance(item, list):
                yield _written_item(item, origin.at(index))
    elif isinstance(data, str):
        yield _written_item(data, origin)


def _written_item(item: Any, origin: Origin) -> tuple[str, Any, Origin]:
    raw = written_text(item) if not isinstance(item, str) else item
    key, equals, rest = raw.partition("=")
    if "$" in key:
        text, _ = replaced(key, origin.layer.values)
        if "=" not in text:
            key = text
    part = Origin(origin.layer, origin.path, after=raw[: len(raw) - len(rest)]) if equals else origin
    return key, (rest if equals else None), part
