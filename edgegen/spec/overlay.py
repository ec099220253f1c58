"""Laying one environment over the spec, as Compose lays an override file over another.

Mappings merge by key, scalars replace, lists append without repeating. What differs, and why:

- `null` in the overlay removes a key that the base has (an override file could not take anything away); where the
  base has no such key it stays as written, so that `environment: {NAME: null}` still hands a variable through.
- `command`, `entrypoint`, `test` (of a health check) replace, as in Compose: half of a command is useless.
- `addresses`, `host`, `aliases`, `source_range` replace: staging must not keep production's names and addresses.
- ports are one entry for one container port, protocol and published port; volumes, secrets and configs one for a
  target: the overlay's entry takes the place of the base's.
- `build` in the overlay drops the base's `image` and the reverse, unless the overlay has both; so does one source of a
  secret or config (`generate`, `file`, `env`, `content`) the others.
- a list and a mapping of the same names (`environment`, `labels`, `depends_on`, `networks` …) merge by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from edgegen.core.location import Path
from edgegen.spec.variables import split

REPLACED = frozenset({"command", "entrypoint", "test", "addresses", "host", "aliases", "source_range"})
"""Keys whose list is replaced, not appended to."""
RIVALS = {"build": "image", "image": "build"}
"""Of each pair only one makes sense in a service."""
SOURCES = frozenset({"generate", "file", "env", "content"})
"""Where a secret or config comes from: it has one."""
BY_TARGET = frozenset({"volumes", "secrets", "configs"})
"""Lists that hold one entry for a target."""
PAIRS = frozenset({"environment", "labels", "traefik_labels", "sysctls", "args", "annotations"})
"""Keys that may be written as a list of `NAME=value`."""


class _Place(NamedTuple):
    """Where a merged value comes from: its own path, and the places of its parts where they differ."""

    path: Path
    parts: dict[str | int, _Place] | None = None


def merge_with_origin(
    base: dict[str, Any], overlay: dict[str, Any] | None, overlay_prefix: Path
) -> tuple[dict[str, Any], Callable[[Path], Path]]:
    """`overlay` over `base`, and a function from a path in it to the path in the file where that value was written.

    `overlay_prefix` is the overlay's own path (`("environments", "dev")`). A path that leads nowhere gives the path
    below its nearest existing parent, so that an error about a missing key points at the mapping that lacks it.
    """
    if not overlay:
        return dict(base), lambda path: path
    merged, place = _mapping(base, overlay, (), overlay_prefix)
    return merged, lambda path: _origin(place, path)


def _origin(place: _Place, path: Path) -> Path:
    for depth, part in enumerate(path):
        child = place.parts.get(part) if place.parts is not None else None
        if child is None:
            return place.path + path[depth:]
        place = child
    return place.path


def _mapping(
    base: dict[str, Any], over: dict[str, Any], at: Path, over_at: Path, *, nulls_remove: bool = True
) -> tuple[dict[str, Any], _Place]:
    dropped = _rivals(at[0], over) if len(at) == 2 else set()
    result = {key: value for key, value in base.items() if key not in dropped}
    parts: dict[str | int, _Place] = {key: _Place((*at, key)) for key in result}
    for key, value in over.items():
        if value is None and key in result and nulls_remove:
            del result[key], parts[key]
        elif result.get(key) is None:
            result[key], parts[key] = value, _Place((*over_at, key))
        else:
            result[key], parts[key] = _value(key, result[key], value, (*at, key), (*over_at, key))
    return result, _Place(at, parts)


def _rivals(section: str | int, over: dict[str, Any]) -> set[str]:
    """Keys of the base that contradict those of the overlay."""
    given = {key for key in over if over[key] is not None}
    if section in ("secrets", "configs") and given & SOURCES:
        return set(SOURCES - over.keys())
    if section != "services":
        return set()
    return {rival for key, rival in RIVALS.items() if over.get(key) is not None and rival not in over}


def _value(key: str, base: Any, over: Any, at: Path, over_at: Path) -> tuple[Any, _Place]:
    if isinstance(base, dict) and isinstance(over, dict):
        return _mapping(base, over, at, over_at)
    if key not in REPLACED:
        if isinstance(base, list) and isinstance(over, list):
            return _lists(key, base, over, at, over_at)
        if isinstance(base, dict | list) and isinstance(over, dict | list) and _has_names(base, over):
            return _mapping(_by_name(key, base), _by_name(key, over), at, over_at, nulls_remove=isinstance(over, dict))
    return over, _Place(over_at)


def _has_names(*sides: Any) -> bool:
    lists = [side for side in sides if isinstance(side, list)]
    return all(isinstance(item, str) for side in lists for item in side)


def _by_name(key: str, value: dict[str, Any] | list[str]) -> dict[str, Any]:
    """A list of names as the mapping that it means."""
    if isinstance(value, dict):
        return value
    if key in PAIRS:
        return {name: text if sign else None for name, sign, text in (item.partition("=") for item in value)}
    if key == "depends_on":
        return {name: {"condition": "service_started"} for name in value}
    return {name: {} for name in value}


def _lists(key: str, base: list[Any], over: list[Any], at: Path, over_at: Path) -> tuple[list[Any], _Place]:
    if key in PAIRS and _has_names(base, over):
        return _unique(base, over, at, over_at, lambda item: item.partition("=")[0])
    return _unique(base, over, at, over_at, lambda item: _identity(key, item))


def _unique(
    base: list[Any], over: list[Any], at: Path, over_at: Path, identity: Callable[[Any], Any]
) -> tuple[list[Any], _Place]:
    """Both lists, where an item of the overlay takes the place of the base's item of the same identity."""
    result = list(base)
    places = [_Place((*at, index)) for index in range(len(base))]
    seen = {identity(item): index for index, item in enumerate(base)}
    for index, item in enumerate(over):
        place, name = _Place((*over_at, index)), identity(item)
        if name in seen:
            result[seen[name]], places[seen[name]] = item, place
        else:
            seen[name] = len(result)
            result.append(item)
            places.append(place)
    return result, _Place(at, dict(enumerate(places)))


def _identity(key: str, item: Any) -> Any:
    if key == "ports":
        return _port(item)
    if key in BY_TARGET:
        return _target(item)
    return _frozen(item)


def _port(item: Any) -> Any:
    """(host address, published, container port, protocol), as Compose tells ports apart."""
    if isinstance(item, dict):
        return (
            str(item.get("host_ip", "")),
            str(item.get("published", "")),
            str(item.get("target", "")),
            str(item.get("protocol", "tcp")),
        )
    text, *protocol = split(str(item), "/")
    *rest, target = split(text, ":")
    *host, published = rest or [""]
    return ":".join(host).strip("[]"), published, target, protocol[0] if protocol else "tcp"


def _target(item: Any) -> Any:
    """Where it is mounted: the part after the source in the short form, `target` in the long one."""
    if isinstance(item, dict):
        return str(item.get("target") or item.get("source") or _frozen(item))
    if not isinstance(item, str):
        return _frozen(item)
    parts = split(item, ":")
    return parts[1] if len(parts) > 1 else parts[0]


def _frozen(item: Any) -> Any:
    """A hashable stand-in that tells `1`, `true` and "1" apart."""
    if isinstance(item, dict):
        return ("dict", tuple((key, _frozen(value)) for key, value in sorted(item.items())))
    if isinstance(item, list):
        return ("list", tuple(_frozen(value) for value in item))
    return (type(item).__name__, item)
