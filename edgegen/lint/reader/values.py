"""Scalars of a file -> `Value`: variables have their values, and numbers the text that Compose makes of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edgegen.lint.model import Spot, Value
from edgegen.lint.reader.origin import Node, Origin
from edgegen.spec.go_scalars import go_text, written_text
from edgegen.spec.variables import VariableError, evaluate

UNREADABLE = "${…}"
"""Used in `Value.unset` for a variable of a form that Compose calls invalid."""


def text_of(data: Any) -> str:
    """The text that Compose makes of a scalar."""
    if type(data) is str:
        return data
    return "" if data is None else go_text(data)


def replaced(raw: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A text with the values of its variables, and the names of those that have none."""
    if "$" not in raw:
        return raw, ()
    try:
        outcome = evaluate(raw, values)
    except VariableError:
        return raw, (UNREADABLE,)
    return outcome.text, tuple(dict.fromkeys(item.name for item in (*outcome.unset, *outcome.missing)))


def texts(node: Node, keys: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The texts of some keys of a mapping with the values of their variables, and the names of those without one."""
    data, origin = node
    found: dict[str, str] = {}
    missing: list[str] = []
    for key in keys:
        found[key], unset = replaced(text_of(data.get(key)), origin.at(key).layer.values)
        missing += unset
    return found, tuple(dict.fromkeys(missing))


def value(data: Any, origin: Origin) -> Value:
    """A scalar of a file."""
    raw = data if type(data) is str else text_of(data)
    if "$" not in raw or type(data) is not str:
        return Value(raw, Spot(origin.layer.file, origin.path, False, origin.after), written_text(data))
    text, unset = replaced(raw, origin.layer.values)
    return Value(text, Spot(origin.layer.file, origin.path, False, origin.after), raw, unset)


def plain(data: Any, origin: Origin) -> Any:
    """A scalar as Compose types it: one of a variable's value is a text."""
    return replaced(data, origin.layer.values)[0] if isinstance(data, str) else data


def is_true(data: Any, origin: Origin) -> bool:
    """A boolean, also where it is written as `"true"` or comes from a variable."""
    found = plain(data, origin)
    return found is True or (isinstance(found, str) and found.lower() in ("true", "y", "yes", "on"))


def items(node: Node) -> Iterator[Node]:
    """The items of a list; a single value is a list of one, and nothing is none."""
    data, origin = node
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield item, origin.at(index)
    elif data is not None and not isinstance(data, dict):
        yield node
