"""Hints for the JSON Schema: types that a validator accepts besides the one it returns."""

from __future__ import annotations

from typing import Any

DEFINITION = "x-definition"
"""In the place of a model that pydantic does not see: the name of its definition, which `spec.schema` adds."""


def needs(key: str, *others: str) -> dict[str, Any]:
    """Where there is `key`, `others` are required."""
    return {"if": {"required": [key]}, "then": {"required": list(others)}}


def one_of(key: str, *others: str) -> dict[str, Any]:
    """`key` is required, unless one of `others` is there. An editor then asks for `key`, not for one of several."""
    return {"if": {"not": {"anyOf": [{"required": [other]} for other in others]}}, "then": {"required": [key]}}


def where(key: str, value: str, *needed: str) -> dict[str, Any]:
    """Where `key` has this value, `needed` are required."""
    return {"if": {"properties": {key: {"const": value}}, "required": [key]}, "then": {"required": list(needed)}}


ONE_KEY: dict[str, Any] = {"minProperties": 1, "maxProperties": 1}
"""One of several keys, and no other."""
AN_OPTION: dict[str, Any] = {"minProperties": 2}
"""A middleware that needs an option besides its `kind`."""


def conditions(*items: dict[str, Any]) -> dict[str, Any]:
    """What a model's validators ask for, for `json_schema_extra`. Has no cost when values are validated."""
    return {"allOf": list(items)}


class Says:
    """What a field takes, for editors, where its validator reads more than its type says. Has no cost at validation."""

    def __init__(self, **schema: Any) -> None:
        self.schema = schema

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


class OrWord:
    """A word that a field takes as well as its own values."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"const": self.word}]}


class AlsoAccepts:
    """Other JSON types of a field, for editors. Has no cost when values are validated."""

    def __init__(self, *types: str) -> None:
        self.types = types

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), *({"type": name} for name in self.types)]}
