"""Where variables may be used in a spec, and where they are. Pure.

Compose's own keys are handed on, and Compose replaces the variables in them. Everything else edgegen decides by
itself: there a variable would be a text that nobody replaces. In the patterns of middlewares `$` belongs to Traefik.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum, auto
from typing import Any, NamedTuple

from edgegen.compose.model import SERVICE_KEYS
from edgegen.core.location import Path
from edgegen.spec.kinds import DEFAULT, service_class
from edgegen.spec.problems import Complaint
from edgegen.spec.variables import Variable, VariableError, pieces

ALLOWED = "variables may be used in Compose's own keys: image, environment, command, ports, volumes, labels, extra …"
_NAMES = frozenset({"depends_on", "networks", "secrets", "configs"})
"""Compose's own keys whose lists hold names of the spec."""
_LISTED = 4
"""How long the path of a listed name is: `services`, the service, the key and the index."""
_PATTERNS = frozenset({"replacement", "query"})
_COMPOSE = frozenset({*SERVICE_KEYS, "extra", "traefik_labels"})
"""Keys of a service whose values Compose reads, as they are or as labels."""


class Reader(Enum):
    """Who gives `$` a meaning."""

    COMPOSE = auto()
    TRAEFIK = auto()
    NOBODY = auto()


class Place(NamedTuple):
    """A text of the spec that holds a `$`."""

    path: Path
    text: str
    reader: Reader


def compose_places(data: dict[str, Any]) -> Iterator[Place]:
    """The texts with a `$` that Compose reads."""
    return (place for place in _places(data) if place.reader is Reader.COMPOSE)


def misplaced_variables(data: dict[str, Any]) -> Iterator[Complaint]:
    """Variables where nobody replaces them, and forms that Compose calls invalid."""
    for path, text, reader in _places(data):
        if reader is Reader.TRAEFIK:
            continue
        try:
            found = pieces(text)
        except VariableError as error:
            if reader is Reader.COMPOSE:
                yield Complaint(path, str(error), "for a plain dollar sign write `$$`")
            continue
        if reader is Reader.NOBODY and (name := _braced_name(text, found)):
            yield _misplaced(path, name)


def _misplaced(path: Path, name: str) -> Complaint:
    if path[:1] == ("services",) and len(path) == _LISTED and path[2] == "networks":
        how = f"give the network another key: `networks: {{shared: {{external: true, name: ${{{name}}}}}}}`"
        return Complaint(path, f"`${{{name}}}` is a variable, and a name of `networks:` can't be one", how)
    return Complaint(path, f"`${{{name}}}` is a variable, and this is not a key of Compose", ALLOWED)


def replaced(data: dict[str, Any], texts: Mapping[Path, str]) -> dict[str, Any]:
    """`data` with other texts at these paths. It is copied where it differs."""
    result: dict[str, Any] = _replaced(data, _tree(texts))
    return result


def _tree(texts: Mapping[Path, str]) -> dict[str | int, Any]:
    tree: dict[str | int, Any] = {}
    for path, text in texts.items():
        node = tree
        for part in path[:-1]:
            node = node.setdefault(part, {})
        node[path[-1]] = text
    return tree


def _replaced(value: Any, tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if isinstance(value, dict):
        return {key: _replaced(item, tree[key]) if key in tree else item for key, item in value.items()}
    return [_replaced(item, tree[index]) if index in tree else item for index, item in enumerate(value)]


def _braced_name(text: str, found: tuple[str | Variable, ...]) -> str:
    """Only braces: a lone `$NAME` is more often a part of a password or a pattern."""
    return next((part.name for part in found if isinstance(part, Variable) and f"${{{part.name}" in text), "")


def _places(data: dict[str, Any]) -> Iterator[Place]:
    for key, value in data.items():
        if key == "services" and isinstance(value, dict):
            for name, service in value.items():
                yield from _of_service(service, ("services", name))
        elif key in ("volumes", "networks", "configs", "extra"):
            yield from _texts(value, (key,), Reader.COMPOSE)
        elif key == "edge" and isinstance(value, dict):
            for own, item in value.items():
                yield from _texts(item, (key, own), Reader.COMPOSE if own == "extra" else Reader.NOBODY)
        elif key != "environments":
            yield from _texts(value, (key,), Reader.NOBODY)


def _of_service(service: Any, at: Path) -> Iterator[Place]:
    if not isinstance(service, dict):
        return
    others, known = _keys(service.get("kind", DEFAULT))
    for key, value in service.items():
        if known and key not in known:
            continue  # said when the spec is parsed, with where it goes
        reader = Reader.NOBODY
        if key in _COMPOSE - others:
            reader = Reader.COMPOSE
        if key in _NAMES and isinstance(value, list):
            yield from _of_names(value, (*at, key))
        else:
            yield from _texts(value, (*at, key), reader)


def _keys(kind: object) -> tuple[frozenset[str], Collection[str]]:
    """Keys that mean something else than Compose's of that name, and all that there are."""
    try:
        model = service_class(kind)
    except ValueError:  # said when the spec is parsed
        return frozenset(), ()
    return model.other_meanings, model.model_fields


def _of_names(items: list[Any], at: Path) -> Iterator[Place]:
    for index, item in enumerate(items):
        for key, value in item.items() if isinstance(item, dict) else ():
            theirs = key in ("target", "uid", "gid") or (at[-1] == "configs" and key == "mode")
            reader = Reader.COMPOSE if theirs else Reader.NOBODY
            yield from _texts(value, (*at, index, key), reader)
        if isinstance(item, str):
            yield from _texts(item, (*at, index), Reader.NOBODY)


def _texts(value: Any, at: Path, reader: Reader) -> Iterator[Place]:
    if isinstance(value, str):
        if "$" in value:
            yield Place(at, value, reader)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str) and "$" not in item:
                continue  # nearly all of a large spec
            is_pattern = reader is Reader.NOBODY and "middlewares" in at and _is_pattern(key)
            yield from _texts(item, (*at, key), Reader.TRAEFIK if is_pattern else reader)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*at, index), reader)


def _is_pattern(key: str) -> bool:
    return key in _PATTERNS or key.endswith("regex")
