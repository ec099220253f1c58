"""The part of the JSON Schema for an environment's overlay: which keys there are, and what they are for.

An overlay holds any part of the spec, and `null` where it takes one away. So nothing is required there, and values have
no types; a service may have the keys of every kind, since its kind is often said outside of the overlay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_LEVELS = 3
"""`services`, a service, its keys. Deeper ones are few in overlays, and would double the file."""
_ENVIRONMENTS = "environments"
_SHOWN = ("description", "examples")


def overlay(schema: Mapping[str, Any]) -> dict[str, Any]:
    """What is below the name of an environment. `schema`: that of the whole file."""
    own = {name: item for name, item in schema["properties"].items() if name != _ENVIRONMENTS}
    return _open({"properties": own, "additionalProperties": False}, schema["$defs"], _LEVELS)


def _open(node: Mapping[str, Any], definitions: Mapping[str, Any], levels: int) -> dict[str, Any]:
    found = {key: node[key] for key in _SHOWN if key in node}
    branches = [branch for branch in _branches(node, definitions) if _may_be_mapping(branch)] if levels else []
    named: dict[str, Any] = {}
    for branch in branches:
        named = {**branch.get("properties", {}), **named}
    if named:
        found["properties"] = {name: _open(item, definitions, levels - 1) for name, item in named.items()}
    others = [branch["additionalProperties"] for branch in branches if "additionalProperties" in branch]
    if one := next((item for item in others if isinstance(item, dict)), None):
        found["additionalProperties"] = _open(one, definitions, levels - 1)
    elif others and not any(others):
        found["additionalProperties"] = False
    return found


def _branches(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Everything that a value may be: what is referred to, and each kind."""
    yield node
    if "$ref" in node:
        yield from _branches(definitions[node["$ref"].rpartition("/")[2]], definitions)
    kinds = sorted(node.get("allOf", ()), key=lambda part: "required" in part.get("if", {}))  # the default one first
    for part in (*node.get("anyOf", ()), *kinds):
        yield from _branches(part.get("then", part), definitions)


def _may_be_mapping(node: Mapping[str, Any]) -> bool:
    return "properties" in node or "additionalProperties" in node
