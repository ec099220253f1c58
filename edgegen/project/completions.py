"""Names out of edge.yaml for the shell's completion: read as far as they can be read, without checking the spec.

Someone who presses Tab is in the middle of writing: whatever is wrong with the file, there is nothing to report here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.errors import EdgegenError
from edgegen.spec import BASE, SPEC_FILE

Named = tuple[str, str]
"""A name, and a few words about it."""


def environments(folder: Path) -> list[Named]:
    """What `-e` takes."""
    found = mapping(_data(folder).get("environments"))
    return [*((name, "") for name in found), (BASE, "without an overlay")] if found else []


def services(folder: Path, environment: str | None = None) -> list[Named]:
    """The services, those of the overlay too, each with its hosts or its image."""
    return [(name, _about(value)) for name, value in _services(folder, environment)]


def hosts(folder: Path, environment: str | None = None) -> list[Named]:
    """Every host of a service, with the service's name."""
    return [(host, name) for name, value in _services(folder, environment) for host in _hosts(value)]


def users(folder: Path, environment: str | None = None) -> list[Named]:
    """The users of the registries, with the registry's name."""
    return [(user, name) for name, value in _services(folder, environment) for user in _texts(value.get("users"))]


def registries(folder: Path, environment: str | None = None) -> list[Named]:
    """The registries that have users."""
    return [(name, _about(value)) for name, value in _services(folder, environment) if value.get("users")]


def _services(folder: Path, environment: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    data = _data(folder)
    overlay = mapping(mapping(data.get("environments")).get(environment or ""))
    merged = {**mapping(data.get("services"))}
    for name, value in mapping(overlay.get("services")).items():
        merged[name] = {**mapping(merged.get(name)), **mapping(value)}
    yield from ((name, mapping(value)) for name, value in merged.items())


def _about(service: Mapping[str, Any]) -> str:
    named = next(_hosts(service), "")
    return named or str(service.get("image") or service.get("kind") or "")


def _hosts(service: Mapping[str, Any]) -> Iterator[str]:
    for key in ("host", "hosts", "aliases"):
        yield from _texts(service.get(key))


def _texts(value: Any) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    yield from (item for item in values if isinstance(item, str))


def _data(folder: Path) -> Mapping[str, Any]:
    from edgegen.spec.source import DEFAULT, read_yaml
    from edgegen.system.read import read_bounded

    try:
        return mapping(read_yaml(read_bounded(folder / SPEC_FILE, DEFAULT.max_bytes), SPEC_FILE).data)
    except (EdgegenError, OSError):
        return {}
