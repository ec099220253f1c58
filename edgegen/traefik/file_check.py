"""The parsed data of a file against the types that Traefik reads it into.

Source: paerser 0.2, file/raw_node.go, parser/nodes_metadata.go and element_fill.go; each case was tried with 3.7.15.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.traefik.file_fault import FileEffect, FileFault, Path
from edgegen.traefik.go_values import FALSE
from edgegen.traefik.grammar.type import Type
from edgegen.traefik.grammar.values import value_fault

Faults = Iterator[FileFault]
_REFUSES, _IGNORES, _OFF = FileEffect.REFUSES, FileEffect.IGNORES, FileEffect.OFF


def below(data: Mapping[Any, Any], kind: Type, path: Path, *, unread: bool = False) -> Faults:
    """The keys of a mapping below a struct. `unread`: they are checked, and none of their values is."""
    for key, value in data.items():
        if value is None:
            continue  # Traefik skips it, whatever the key
        here = (*path, key)
        known = kind.word(key) if isinstance(key, str) else None
        if known is None:
            yield no_such_word(here, kind)
            yield from _unreadable(value, here)
        else:
            yield from _judged(value, known, here, unread)


def no_such_word(path: Path, kind: Type, effect: FileEffect = _REFUSES) -> FileFault:
    """A key that a struct does not have."""
    word = str(path[-1])
    near = suggest(word.strip(), kind.fields)
    meant = kind.fields[near].spelled if near else ""
    return FileFault(path, effect, f"the word `{shown(word)}` is unknown there", word, meant)


def _judged(value: Any, kind: Type, path: Path, unread: bool) -> Faults:
    if kind.kind == "raw":
        yield from _unreadable(value, path)
        return
    if kind.ignored and not unread:
        yield FileFault(path, _IGNORES, f"`{path[-1]}` can't be set in a file", str(path[-1]))
        unread = True
    if isinstance(value, Mapping):
        yield from _mapping(value, kind, path, unread)
    elif isinstance(value, list):
        yield from _list(value, kind, path, unread)
    else:
        yield from _single(value, kind, path, unread)


# One value.


def _single(value: Any, kind: Type, path: Path, unread: bool) -> Faults:
    if isinstance(value, date | time):
        yield FileFault(path, _REFUSES, f"`{value}` is a date: put it in quotes", str(value))
        return
    text = as_text(value)
    match kind.kind:
        case "struct" | "mapping":
            yield from _alone(text, kind, path)
        case "structs":
            if text and not unread:
                yield FileFault(path, _IGNORES, f"`{path[-1]}` is a list of mappings, not a value", text)
        case _:
            if not unread and (why := value_fault(text, kind)):
                yield FileFault(path, _REFUSES, why, text)


def _alone(text: str, kind: Type, path: Path) -> Faults:
    """A value where keys are expected."""
    if not kind.may_be_empty:
        if not kind.ignored:
            yield FileFault(path, _REFUSES, f"`{path[-1]}` needs keys below it, not `{shown(text)}`", text)
    elif text and text.lower() != "true" and text not in FALSE:
        yield FileFault(path, _OFF, f"here only `true` is true, and `{shown(text)}` is not", text)


def as_text(value: Any) -> str:
    """A single value as Traefik reads it: every one becomes text first."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:f}".removesuffix(".000000")
    return str(value)


# A mapping.


def _mapping(data: Mapping[Any, Any], kind: Type, path: Path, unread: bool) -> Faults:
    if kind.kind in ("struct", "mapping") and all(value is None for value in data.values()):
        if not (kind.may_be_empty or kind.ignored):
            yield FileFault(path, _REFUSES, f"`{path[-1]}` needs a key below it", str(path[-1]))
    elif kind.kind == "struct":
        yield from below(data, kind, path, unread=unread)
    elif kind.kind == "mapping" and kind.item:
        for name, value in data.items():
            yield from _named(value, kind.item, (*path, name), unread)
    elif kind.kind in ("structs", "list", "decimals"):
        for name, value in data.items():
            yield from _item(value, kind, (*path, name), unread)
    elif any(value is not None for value in data.values()):
        yield FileFault(path, _REFUSES, f"`{path[-1]}` is a single value, not a mapping", str(path[-1]))
    elif not unread and (why := value_fault("", kind)):
        yield FileFault(path, _REFUSES, why)


def _named(value: Any, item: Type, path: Path, unread: bool) -> Faults:
    """What a name of a mapping holds. A struct may be empty here; a value for one is lost."""
    if value is None:
        return
    if item.kind == "struct":
        if isinstance(value, Mapping):
            yield from below(value, item, path, unread=unread)
        elif isinstance(value, list) and any(isinstance(part, Mapping) for part in value):
            yield FileFault(path, _REFUSES, f"`{path[-1]}` takes keys, not a list", str(path[-1]))
        else:
            yield from _lost(value, path, f"`{path[-1]}` needs keys below it")
    elif item.kind == "text" and isinstance(value, Mapping | list):
        yield from _unreadable(value, path)
        if value:
            yield FileFault(path, _IGNORES, f"`{path[-1]}` is a single value", str(path[-1]))
    else:
        yield from _judged(value, item, path, unread)


def _lost(value: Any, path: Path, why: str) -> Faults:
    if isinstance(value, date | time):
        yield FileFault(path, _REFUSES, f"`{value}` is a date: put it in quotes", str(value))
    elif isinstance(value, list):
        yield from _unreadable(value, path)
        if value:
            yield FileFault(path, _IGNORES, why, str(path[-1]))
    elif as_text(value):
        yield FileFault(path, _IGNORES, why, as_text(value))


# A list.


def _list(items: list[Any], kind: Type, path: Path, unread: bool) -> Faults:
    mappings = [(index, item) for index, item in enumerate(items) if isinstance(item, Mapping)]
    if kind.kind in ("structs", "list", "decimals"):
        for index, item in enumerate(items):
            yield from _item(item, kind, (*path, index), unread, in_list=True)
        return
    yield from _unreadable(items, path)
    if kind.kind == "mapping" and kind.item and mappings:
        yield FileFault(path, _IGNORES, f"`{path[-1]}` takes names, not a list", str(path[-1]))
        for index, item in mappings:
            yield from _named(item, kind.item, (*path, index), unread)
    elif kind.kind in ("struct", "mapping"):
        if mappings or not kind.may_be_empty:
            if mappings or not kind.ignored:
                yield FileFault(path, _REFUSES, f"`{path[-1]}` takes keys, not a list", str(path[-1]))
        elif items:
            yield FileFault(path, _OFF, f"`{path[-1]}` takes keys, not a list", str(path[-1]))
    elif mappings or (not unread and value_fault("║" if items else "", kind)):
        yield FileFault(path, _REFUSES, f"`{path[-1]}` is a single value, not a list", str(path[-1]))
    elif items and not unread:
        yield FileFault(path, _IGNORES, f"`{path[-1]}` is a single value, not a list", str(path[-1]))


def _item(value: Any, kind: Type, path: Path, unread: bool, *, in_list: bool = False) -> Faults:
    """One of a list; a mapping in a list's place is read as one, with its names as indexes."""
    if in_list and _is_unreadable(value):
        yield _no_item(value, path)
    elif isinstance(value, Mapping):
        if kind.kind == "structs":
            yield from below(value, kind, path, unread=unread)
        elif any(item is not None for item in value.values()):
            yield FileFault(path, _REFUSES, f"`{path[-2]}` is a list of values, not of mappings", str(path[-2]))
    elif kind.kind == "structs" and value is not None:
        yield from _lost(value, path, f"`{path[-2]}` is a list of mappings: a single value is lost")
    elif not in_list and value is not None:
        yield FileFault(path[:-1], _IGNORES, f"`{path[-2]}` is a list, not a mapping", str(path[-2]))
    elif value is not None and not unread and (why := value_fault(as_text(value), kind)):
        yield FileFault(path, _REFUSES, why, as_text(value))


def _is_unreadable(item: Any) -> bool:
    return item is None or isinstance(item, list | date | time)


def _no_item(item: Any, path: Path) -> FileFault:
    what = "empty" if item is None else "a list itself" if isinstance(item, list) else "a date"
    return FileFault(path, _REFUSES, f"an item of `{path[-2]}` is {what}", "" if item is None else shown(item))


def _unreadable(value: Any, path: Path) -> Faults:
    """What keeps Traefik from reading a file wherever it is."""
    if isinstance(value, date | time):
        yield FileFault(path, _REFUSES, f"`{value}` is a date: put it in quotes", str(value))
    elif isinstance(value, Mapping):
        for key, below_it in value.items():
            yield from _unreadable(below_it, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if _is_unreadable(item):
                yield _no_item(item, (*path, index))
            else:
                yield from _unreadable(item, (*path, index))
