"""The user's own files that Compose and Traefik read together with the rendered ones, and that may refer to them."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from edgegen.core.errors import EdgegenError
from edgegen.desired import dynamic
from edgegen.desired.edge import DYNAMIC_FOLDER
from edgegen.spec.edge import Spec
from edgegen.spec.variables import VariableError, evaluate
from edgegen.system.read import read_bounded
from edgegen.targets import target_of

_MAX_BYTES = 1 << 20
_MOST_FILES = 100


def texts_beside(project: Path, spec: Spec, values: Mapping[str, str]) -> tuple[str, ...]:
    """Their texts, and those of the files that they include. `values`: of variables in the paths of files.

    A file that can't be read is left out: the engine reports it.
    """
    found: dict[Path, str | None] = {}
    waiting = [project / name for name in _names(spec, values)]
    while waiting and len(found) < _MOST_FILES:
        path = Path(os.path.normpath(waiting.pop()))
        if path not in found:
            found[path] = text = _text(path)
            waiting += (path.parent / name for name in _named_in(text or "", values))
    texts = (*found.values(), *map(_text, _dynamic(project / DYNAMIC_FOLDER)))
    return tuple(text for text in texts if text is not None)


def _text(path: Path) -> str | None:
    with suppress(EdgegenError):
        if os.path.isfile(path):  # noqa: PTH113  # False for a path that is too long, where Path.is_file() raises
            return read_bounded(path, _MAX_BYTES).decode("utf-8", "replace")
    return None


def _names(spec: Spec, values: Mapping[str, str]) -> Iterator[str]:
    yield from target_of(spec.target).overrides
    extended = (service.extra.get("extends") for service in spec.services.values())
    yield from _evaluated((spec.extra.get("include"), *extended), values)


def _named_in(text: str, values: Mapping[str, str]) -> Iterator[str]:
    """The files that a Compose file names, which may be the user's: whatever is odd in it is left out."""
    if "include" not in text and "extends" not in text:
        return
    from edgegen.spec.lenient import read_documents

    with suppress(EdgegenError):
        for document in read_documents(text.encode(), ""):
            data = document.data if isinstance(document.data, dict) else {}
            services = data.get("services")
            bodies = services.values() if isinstance(services, dict) else ()
            extended = (body.get("extends") for body in bodies if isinstance(body, dict))
            yield from _evaluated((data.get("include"), *extended), values)


def _evaluated(named: Iterable[Any], values: Mapping[str, str]) -> Iterator[str]:
    """Paths with the values of their variables, as Compose has them. Of `extends`, a mapping, it is the `file`."""
    for item in named:
        for path in _paths(item.get("file") if isinstance(item, dict) else item):
            with suppress(VariableError):
                yield evaluate(path, values).text if "$" in path else path


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
