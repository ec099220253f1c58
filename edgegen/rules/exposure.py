"""Which of the host's files a spec exposes to builders and containers, as the user wrote it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from msgspec import Struct

from edgegen.core.data import items, mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import bind_source, service_layers

DOCKERFILE = "Dockerfile"
_REMOTE = ("git@", "github.com/", "service:", "target:")
_BINDS = {"bind", "rbind"}
"""Options of `mount` that show a folder of the host; `rbind` shows what is mounted below it too."""


class Kind(Enum):
    """How the files are exposed."""

    CONTEXT = auto()
    ADDITIONAL_CONTEXT = auto()
    MOUNT = auto()


class Exposure(Struct, frozen=True):
    """One exposed folder or file of the host: its place in the spec, and its path as it is written."""

    path: Path
    source: str
    kind: Kind
    dockerfile: str | None = DOCKERFILE
    """Relative to the context. None: it is written in the Compose file itself."""


def exposures(spec: Spec) -> Iterator[Exposure]:
    """Every local build context, bind mount and file of a config of the spec, those under `extra:` too.

    A path with a NUL byte (only `extra:` accepts one) is not a file's name, so it exposes nothing.
    """
    return (exposure for exposure in _all_exposures(spec) if "\0" not in exposure.source)


def _all_exposures(spec: Spec) -> Iterator[Exposure]:
    for layers in service_layers(spec, ("build", "volumes")).values():
        yield from _build([(keys.get("build"), (*at, "build")) for keys, at in layers])
        for keys, at in layers:
            yield from _mounts(keys.get("volumes"), (*at, "volumes"))
    for name, volume in spec.volumes.items():
        yield from _volume(volume.model_dump(), ("volumes", name))
    for name, extra in mapping(spec.extra.get("volumes")).items():
        yield from _volume(extra, ("extra", "volumes", name))
    for name, config in spec.configs.items():
        yield from _config(config.model_dump(), ("configs", name))
    for name, extra in mapping(spec.extra.get("configs")).items():
        yield from _config(extra, ("extra", "configs", name))


def _build(layers: list[tuple[Any, Path]]) -> Iterator[Exposure]:
    merged: dict[str, Any] = {}
    place: Path = ()
    for value, at in layers:
        build = {"context": value} if isinstance(value, str) else mapping(value)
        if not build:
            continue
        place = (*at, "context") if "context" in build else place or at
        merged |= build
        for name, source in _pairs(build.get("additional_contexts")):
            if _is_local(source):
                yield Exposure((*at, "additional_contexts", name), source, Kind.ADDITIONAL_CONTEXT, None)
    context = str(merged.get("context") or ".")
    if merged and _is_local(context):
        dockerfile = None if merged.get("dockerfile_inline") else str(merged.get("dockerfile") or DOCKERFILE)
        yield Exposure(place, context, Kind.CONTEXT, dockerfile)


def _mounts(volumes: Any, at: Path) -> Iterator[Exposure]:
    for index, volume in enumerate(items(volumes)):
        if source := bind_source(volume):
            yield Exposure((*at, index), source, Kind.MOUNT)


def _volume(volume: Any, at: Path) -> Iterator[Exposure]:
    """A named volume of the local driver may be a folder of the host: `{type: none, o: bind, device: PATH}`."""
    options = mapping(volume, "driver_opts")
    device = str(options.get("device") or "")
    if device and not _BINDS.isdisjoint(str(options.get("o") or "").split(",")):
        yield Exposure((*at, "driver_opts", "device"), device, Kind.MOUNT)


def _config(config: Any, at: Path) -> Iterator[Exposure]:
    """Compose mounts the file of a config like any other."""
    if file := mapping(config).get("file"):
        yield Exposure((*at, "file"), str(file), Kind.MOUNT)


def _is_local(source: str) -> bool:
    return "://" not in source and not source.startswith(_REMOTE)


def _pairs(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        value = dict(str(item).partition("=")[::2] for item in value)
    return [(str(name), str(source)) for name, source in mapping(value).items()]
