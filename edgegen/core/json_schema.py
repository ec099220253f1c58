"""Hints for the JSON Schema: types that a validator accepts besides the one it returns."""

from __future__ import annotations

from typing import Any


class AlsoAccepts:
    """Other JSON types of a field, for editors. Has no cost when values are validated."""

    def __init__(self, *types: str) -> None:
        self.types = types

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), *({"type": name} for name in self.types)]}
