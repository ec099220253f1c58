"""The user's own files that Compose and Traefik read together with the rendered ones, and that may refer to them."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from edgegen.core.errors import EdgegenError
from edgegen.desired import dynamic
from edgegen.desired.edge import DYNAMIC_FOLDER
from edgegen.spec.edge import Spec
from edgegen.system.read import read_bounded
from edgegen.targets import target_of

_MAX_BYTES = 1 << 20


def texts_beside(project: Path, spec: Spec) -> tuple[str, ...]:
    """Their texts. A file that can't be read is left out: the engine reports it."""
    texts = []
    for path in (*(project / name for name in _names(spec)), *_dynamic(project / DYNAMIC_FOLDER)):
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
                          and path.name not in dynamic.FILES)  # fmt: skip
