"""What a JSON Schema says about a value, in words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from docs.tools.markdown import code

Schema = dict[str, Any]
Link = Callable[[str], str]
_PLAIN = {
    "string": "text",
    "boolean": "true or false",
    "number": "number",
    "array": "list",
    "object": "map",
    "null": "null",
}
_VARIABLE = {"type": "string", "pattern": "\\$"}


def reference(value: Schema) -> str:
    """The definition that it refers to."""
    return str(value["$ref"]).rpartition("/")[2]


def references(value: Any) -> Iterator[str]:
    """Every definition that it refers to, in order."""
    if isinstance(value, dict):
        if "$ref" in value:
            yield reference(value)
        for item in value.values():
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def type_words(value: Schema, link: Link) -> str:
    """The type, with the values where they are closed."""
    if "$ref" in value:
        return link(reference(value))
    if "const" in value:
        return code(_shown(value["const"]))
    if "enum" in value:
        return _either([code(_shown(item)) for item in value["enum"]])
    for union in ("anyOf", "oneOf"):
        if union in value:
            return _union(value[union], link)
    return _single(value, link)


def _union(options: list[Schema], link: Link) -> str:
    """The alternatives; null is the default's business."""
    words = [
        "a variable" if item == _VARIABLE else type_words(item, link) for item in options if item.get("type") != "null"
    ]
    return _either(list(dict.fromkeys(words)))


def _either(words: list[str]) -> str:
    """`a, b or c`; after a list of alternatives, `; or c`."""
    if len(words) < 2:
        return "".join(words)
    if any(" or " in word for word in words[:-1]):
        return "; or ".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _single(value: Schema, link: Link) -> str:
    kind = value.get("type", "")
    if kind == "array" and "items" in value:
        return f"list of {type_words(value['items'], link)}"
    if kind == "object" and isinstance(value.get("additionalProperties"), dict):
        return f"map of {type_words(value['additionalProperties'], link)}"
    if kind == "integer":
        return f"whole number{_bounds(value)}"
    return _PLAIN.get(str(kind), "anything")


def _bounds(value: Schema) -> str:
    low, high = value.get("minimum"), value.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f", {low} or more" if low is not None else f", at most {high}" if high is not None else ""


def default_words(value: Schema) -> str:
    """The default: written, or that of its type."""
    if value.get("default") is not None:
        return code(_shown(value["default"]))
    if "default" in value:
        return "none"
    kinds = {value.get("type"), *(item.get("type") for item in value.get("anyOf", ()))}
    if "$ref" in value or any("$ref" in item for item in value.get("anyOf", ())):
        return "that of its keys"
    return code("[]") if "array" in kinds and "object" not in kinds else code("{}") if "object" in kinds else "none"


def example(key: str, value: Schema) -> str:
    """The key with its first example, as YAML; "" without one."""
    found = next(_examples(value), None)
    if found is None:
        return ""
    flow = (
        None if isinstance(found, list | dict) else False
    )  # None: only what holds no other list or map is in one line
    return yaml.safe_dump({key: found}, sort_keys=False, allow_unicode=True, default_flow_style=flow, width=100)


def _examples(value: Schema) -> Iterator[Any]:
    """Those of the key, then those of its alternatives and items, then a closed value."""
    yield from value.get("examples", ())
    for item in value.get("anyOf", ()):
        yield from _examples(item)
    if "items" in value:
        yield from ([one] for one in _examples(value["items"]))
    if "const" in value:
        yield value["const"]
    yield from reversed(value.get("enum", ()))
    if value.get("type") == "boolean":
        yield not value.get("default", False)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
