"""The user's own files that Compose and Traefik read together with the rendered ones: they may use what those have."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from edgegen.core.errors import EdgegenError
from edgegen.spec.edge import Spec
from edgegen.system.read import read_bounded
from edgegen.targets import target_of

_MAX_BYTES = 1 << 20
_DYNAMIC = "traefik/dynamic"
_OWN = ("middlewares.yml", "services.yml", "tls.yml")
"""What `desired.dynamic` writes there."""


def texts_beside(project: Path, spec: Spec) -> tuple[str, ...]:
    """Their texts. A file that can't be read is the engine's to complain about."""
    texts = []
    for path in (*(project / name for name in _names(spec)), *_dynamic(project / _DYNAMIC)):
        with suppress(EdgegenError):
            if os.path.isfile(path):  # noqa: PTH113  # False for a path that is too long, where Path.is_file() raises
                texts.append(read_bounded(path, _MAX_BYTES).decode("utf-8", "replace"))
    return tuple(texts)


def _names(spec: Spec) -> Iterator[str]:
    yield from target_of(spec.target).overrides
    yield from _paths(spec.extra.get("include"))
    for service in spec.services.values():
        extends = service.extra.get("extends")
        yield from _paths(extends.get("file") if isinstance(extends, dict) else None)


def _paths(value: Any) -> Iterator[str]:
    """`FILE`, `[FILE, …]`, or `{path: …}` of either."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _paths(item.get("path") if isinstance(item, dict) else item)


def _dynamic(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(path for path in folder.iterdir() if path.suffix in (".yml", ".yaml", ".toml")
                          and path.name not in _OWN)  # fmt: skip
