"""Parts of data whose form nobody has checked: what is not there, or of another kind, is empty."""

from __future__ import annotations

from typing import Any


def mapping(data: Any, *path: str | int) -> dict[str, Any]:
    """The data, or what it has at a path of keys, if that is a mapping."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def items(data: Any, *path: str | int) -> list[Any]:
    """The data, or what it has at a path of keys, if that is a list."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, list) else []
