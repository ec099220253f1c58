"""Marks for the JSON Schema: forms that a validator accepts beside the type that it gives."""

from __future__ import annotations

from typing import Any


class AlsoAccepts:
    """Further JSON types of a field, for editors. Costs nothing when values are validated."""

    def __init__(self, *types: str) -> None:
        self.types = types

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [handler(schema), *({"type": name} for name in self.types)]}
