"""Files called `edge.yaml` that `edgegen lint` meets: which are a spec, and which are a Compose file of that name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from edgegen.core.errors import EdgegenError
from edgegen.core.pattern import late_pattern
from edgegen.lint.reader.kinds import looks_composed
from edgegen.spec import SPEC_FILE
from edgegen.system.read import read_bounded

_SPECS_OWN = late_pattern(
    rb"^(?:target|acme|domains|dns|middlewares|environments|edge)[ \t]*:|\$schema=\S*edge", re.MULTILINE
)
"""Keys at the top of a spec, and its schema, that no Compose file has."""
_OF_SERVICES = frozenset(("kind", "host", "hosts", "port", "aliases", "middlewares", "traefik_labels", "users", "path"))
_LIMIT = 1 << 20


def specs_among(files: Sequence[str], folder: Path) -> list[str]:
    """Those of the named files that are an edge.yaml of edgegen."""
    return [name for name in files if os.path.basename(name) == SPEC_FILE and _is_spec(folder / name)]  # noqa: PTH119  # of text


def is_compose_file(path: Path) -> bool:
    """Whether a file called edge.yaml is a Compose file for sure."""
    content = _read(path)
    if not looks_composed(content) or _SPECS_OWN.search(content):
        return False
    data = _data(content)
    return bool(data) and "name" not in data and not _is_of_edgegen(data)


def _is_spec(path: Path) -> bool:
    content = _read(path)
    return bool(_SPECS_OWN.search(content)) or _is_of_edgegen(_data(content))


def _is_of_edgegen(data: dict[str, Any]) -> bool:
    return any(_OF_SERVICES & service.keys() for service in _services(data))


def _services(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    services = data.get("services")
    yield from (item for item in (services.values() if isinstance(services, dict) else ()) if isinstance(item, dict))


def _data(content: bytes) -> dict[str, Any]:
    from edgegen.spec.source import read_yaml

    try:
        data = read_yaml(content, "").data
    except EdgegenError:
        return {}
    return data if isinstance(data, dict) else {}


def _read(path: Path) -> bytes:
    try:
        return read_bounded(path, _LIMIT)
    except EdgegenError:
        return b""
