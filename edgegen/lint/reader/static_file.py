"""Traefik's static configuration as a file: nested data -> options with dots, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.lint.model import Spot, Value
from edgegen.traefik.file_check import as_text


def flattened(data: Mapping[str, Any], spot: Spot) -> tuple[dict[str, Value], dict[str, str]]:
    """Option in lower case -> value; and option in lower case -> as it is written.

    A list is one value with commas, as a flag would have it; a list of mappings is `domains[0].main`. What has no
    value (`ping:` and no more) is not there for Traefik, and not here; an empty mapping (`ping: {}`, or the table
    `[ping]`) is there, as the flag `--ping` would be.
    """
    options: dict[str, Value] = {}
    spelled: dict[str, str] = {}
    for name, value in _below("", data, spot):
        options.setdefault(name.lower(), value)
        spelled.setdefault(name.lower(), name)
    return options, spelled


def _below(path: str, data: Any, spot: Spot) -> Iterator[tuple[str, Value]]:
    if isinstance(data, Mapping):
        if path and not data:
            yield path, Value("true", spot, "true")
        for key, value in data.items():
            yield from _below(f"{path}.{key}" if path else str(key), value, spot.at(key))
    elif isinstance(data, list) and any(isinstance(item, Mapping) for item in data):
        for index, item in enumerate(data):
            yield from _below(f"{path}[{index}]", item, spot.at(index))
    elif data is not None:
        items = data if isinstance(data, list) else [data]
        text = ",".join("" if item is None else as_text(item) for item in items)
        yield path, Value(text, spot, text)
