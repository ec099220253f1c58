"""Top-level networks, volumes, secrets and configs, with the names that they have on the engine. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from edgegen.lint.model import Network, Source
from edgegen.lint.reader.origin import Node, child
from edgegen.lint.reader.values import is_true, replaced, text_of


class _Named(Struct, frozen=True):
    real: str | None
    external: bool


def networks(top: Node, project: str | None) -> dict[str, Network]:
    """Those that the files declare."""
    return {key: _network(key, node, project) for key, node in _declared(top, "networks")}


def default_network(project: str | None) -> Network:
    """The one of services that name none."""
    return Network("default", _prefixed(project, "default"), False, False, "", None)


def sources(top: Node, kind: str, project: str | None) -> dict[str, Source]:
    """Volumes, secrets or configs."""
    found = {}
    for key, node in _declared(top, kind):
        named = _named(key, node, project)
        data = node[0] if isinstance(node[0], dict) else {}
        found[key] = Source(key, data, node[1].spot.of_key, named.real, named.external)
    return found


def _declared(top: Node, kind: str) -> Iterator[tuple[str, Node]]:
    data = top[0].get(kind)
    if isinstance(data, dict):
        at = top[1].at(kind)
        for key, item in data.items():
            yield key, (item, at.at(key))


def _network(key: str, node: Node, project: str | None) -> Network:
    named = _named(key, node, project)
    data, origin = node
    if not isinstance(data, dict):
        data = {}
    internal = is_true(data.get("internal"), origin.at("internal"))
    driver = replaced(text_of(data.get("driver")), origin.at("driver").layer.values)[0]
    return Network(key, named.real, named.external, internal, driver, origin.spot.of_key)


def _named(key: str, node: Node, project: str | None) -> _Named:
    data, origin = node
    if not isinstance(data, dict):
        return _Named(_prefixed(project, key), False)
    external: Any = data.get("external")
    # `external: {name: x}` is how it was written before version 3.5.
    is_external = isinstance(external, dict) or is_true(external, origin.at("external"))
    name = _name((data, origin))
    if name is None and isinstance(external, dict):
        name = _name(child((data, origin), "external"))
    if name is not None:
        text, unset = name
        return _Named(None if unset else text, is_external)
    return _Named(key if is_external else _prefixed(project, key), is_external)


def _name(node: Node) -> tuple[str, tuple[str, ...]] | None:
    data, origin = node
    raw = data.get("name")
    return None if raw is None else replaced(text_of(raw), origin.at("name").layer.values)


def _prefixed(project: str | None, key: str) -> str | None:
    return f"{project}_{key}" if project else None
