"""Compose files of one project -> `Project`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from edgegen.lint.model import File, Gap, Mode, Network, Project, Service, Spot, Value
from edgegen.lint.reader.disk import LIMIT, FolderDisk, TextDisk
from edgegen.lint.reader.traefiks import traefiks_of
from edgegen.spec.dotenv import parse as parse_dotenv
from edgegen.spec.source import Limits, read_yaml
from edgegen.spec.variables import VariableError, evaluate
from edgegen.traefik.version import Version

_LIMITS = Limits(max_bytes=LIMIT)


class _SourcePlaces:
    def __init__(self, source: Any) -> None:
        self._source = source

    def index(self, path: tuple[str | int, ...], *, key: bool = False) -> int:
        return int(self._source._positions.index(path, key=key))


def read_project(
    names: Sequence[str],
    disk: FolderDisk | TextDisk,
    *,
    folder: str = ".",
    environ: Mapping[str, str] | None = None,
    wanted: Version | None = None,
) -> Project:
    """One project of one or several Compose files, the later ones laid over the earlier.

    Raises SpecError for a file that is not YAML, with its place.
    """
    environ = environ or {}
    values = {**_dotenv(disk, environ), **environ}
    files, data = [], []
    for name in names:
        content = disk.read(name, LIMIT) or b""
        source = read_yaml(content, name, limits=_LIMITS)
        files.append(File(name, name, content.decode("utf-8").removeprefix("\ufeff"), _SourcePlaces(source)))
        data.append(source.data)
    gaps: list[Gap] = []
    services = {
        key: _service(key, item or {}, Spot(file, ("services", key), True), values)
        for file, part in zip(files, data, strict=True)
        for key, item in (part.get("services") or {}).items()
    }
    networks = {
        key: _network(key, item or {}, Spot(file, ("networks", key), True), part.get("name"))
        for file, part in zip(files, data, strict=True)
        for key, item in (part.get("networks") or {}).items()
    }
    mode = Mode.SWARM if any(service.deploy_labels for service in services.values()) else Mode.COMPOSE
    traefiks = traefiks_of(services, disk)
    return Project(
        folder=folder,
        name=next((str(part["name"]) for part in data if part.get("name")), None) or os.path.basename(folder) or None,  # noqa: PTH119
        mode=mode,
        files=tuple(files),
        services=services,
        networks=networks,
        traefiks=traefiks,
        dynamic=tuple(item for traefik in traefiks for item in traefik.dynamic),
        gaps=tuple(gaps),
        wanted=wanted,
        top=data[0] if data else {},
        disk=disk,
    )


def _dotenv(disk: FolderDisk | TextDisk, environ: Mapping[str, str]) -> dict[str, str]:
    content = disk.read(".env", LIMIT)
    return parse_dotenv(content.decode("utf-8", "replace"), environ) if content else {}


def _service(name: str, data: Mapping[str, Any], spot: Spot, values: Mapping[str, str]) -> Service:
    deploy = data.get("deploy") or {}
    return Service(
        name,
        spot,
        image=_value(data.get("image"), spot.at("image"), values) if data.get("image") else None,
        labels=_pairs(data.get("labels"), spot.at("labels"), values),
        deploy_labels=_pairs(deploy.get("labels"), spot.at("deploy", "labels"), values),
        command=tuple(_words(data.get("command"), spot.at("command"), values)),
        networks=tuple(data.get("networks") or ("default",)),
        built="build" in data,
        data=data,
    )


def _pairs(data: Any, spot: Spot, values: Mapping[str, str]) -> dict[str, Value]:
    if isinstance(data, Mapping):
        return {key: _value(text, spot.at(key), values) for key, text in data.items()}
    found = {}
    for index, item in enumerate(data or []):
        key, _, text = str(item).partition("=")
        found[key] = _value(text, spot.at(index), values)
    return found


def _words(data: Any, spot: Spot, values: Mapping[str, str]) -> list[Value]:
    if isinstance(data, str):
        return [_value(word, spot, values) for word in data.split()]
    return [_value(word, spot.at(index), values) for index, word in enumerate(data or [])]


def _value(data: Any, spot: Spot, values: Mapping[str, str]) -> Value:
    raw = "" if data is None else str(data).lower() if isinstance(data, bool) else str(data)
    try:
        outcome = evaluate(raw, values)
    except VariableError:
        return Value(raw, spot, raw)
    return Value(outcome.text, spot, raw, tuple(item.name for item in (*outcome.unset, *outcome.missing)))


def _network(key: str, data: Mapping[str, Any], spot: Spot, project: str | None) -> Network:
    external = bool(data.get("external"))
    real = data.get("name") or (key if external else f"{project}_{key}" if project else None)
    return Network(key, real, external, bool(data.get("internal")), str(data.get("driver", "")), spot)
