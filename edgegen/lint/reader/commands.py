"""`command` and `entrypoint`: a list of words, or one text. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.lint.model import Spot, Value
from edgegen.lint.reader.origin import Node
from edgegen.lint.reader.values import items, replaced, text_of, value
from edgegen.lint.reader.words import split

_MARK = "\ue000"
"""Takes the place of a variable without a value while a text is split."""


def words(node: Node) -> tuple[Value, ...]:
    """The words of a command."""
    data, origin = node
    if not isinstance(data, str):
        return tuple(value(item, at) for item, at in items(node))
    file, path = origin.layer.file, origin.path
    if "$" not in data:
        return tuple(Value(word, Spot(file, path, False, origin.after, word), word) for word in split(data))
    return tuple(_of_text(data, node))


def _of_text(data: str, node: Node) -> Iterator[Value]:
    _, origin = node
    values = origin.layer.values
    unset = replaced(data, values)[1]
    marked, _ = replaced(data, {**values, **{name: f"{_MARK}{name}{_MARK}" for name in unset}})
    raw = data.split()
    for index, word in enumerate(split(marked)):
        parts = word.split(_MARK)
        text = "".join(parts[::2])
        # As many words as in the file: then each is at the place of its counterpart.
        shown = raw[index] if len(raw) == len(split(marked)) else text_of(word)
        yield Value(text, Spot(origin.layer.file, origin.path, False, origin.after, shown), shown, tuple(parts[1::2]))
