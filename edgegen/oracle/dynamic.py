"""Dynamic files as Traefik gets them: word for word where nothing in them would reach out of this machine.

A file with health checks or a redis store is rewritten with all servers on the loopback. One that is a template of
Go's is not asked about at all: its functions can look up names, and build whatever they like.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from typing import Any

from edgegen.core.errors import SpecError
from edgegen.oracle import labels, sentinel
from edgegen.oracle.disk import PATH_KEYS, Disk
from edgegen.oracle.flow import flow, template_free
from edgegen.oracle.question import DynamicFile
from edgegen.spec.source import read_yaml

_ACTION = re.compile(r"\{\{(?!\s*(?:\"(?:[^\"\\]|\\.)*\"|`[^`]*`|[A-Za-z]\w*)\s*\}\})")
"""A template's action that is more than a text in quotes or one word, which can do nothing."""
_CONNECTS = re.compile(r"healthcheck|redis", re.IGNORECASE)
_KEYS = "|".join(PATH_KEYS)
_PATH_LINE = re.compile(rf"(?im)((?:^|[{{,])\s*(?:- )?[\"']?(?:{_KEYS})[\"']?\s*[:=]\s*[\"']?)(/[^\"'\n,}}]*)")
"""A path, also in a mapping in braces, as in JSON."""
_PATH_LIST = re.compile(rf"(?im)((?:^|[{{,])\s*(?:- )?[\"']?(?:{_KEYS})[\"']?\s*[:=])(\s*\[[^\]]*\]|(?:\s*\n\s*- .*)+)")
_LISTED = re.compile(r"([\[,\"'\s])(/[^\"'\s,\]]+)")
"""A path of a list."""


def put(files: Sequence[DynamicFile], disk: Disk) -> tuple[str, ...]:
    """Write them into one folder, and the sentinel's. Returns the names of those that were left out."""
    left_out = []
    for file in files:
        found = _safe(file, disk)
        if found is None:
            left_out.append(file.name)
        else:
            (disk.dynamic / _plain(found.name)).write_text(found.text, encoding="utf-8", errors="surrogateescape")
    last = sentinel.file()
    (disk.dynamic / last.name).write_text(last.text)
    return tuple(left_out)


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]", "-", name).lstrip(".") or "file.yml"


def _safe(file: DynamicFile, disk: Disk) -> DynamicFile | None:
    if _ACTION.search(file.text):
        return None
    if not _CONNECTS.search(_unescaped(file.text)):
        return DynamicFile(file.name, _with_paths(file.text, disk))
    try:
        data = (
            tomllib.loads(file.text) if file.name.endswith(".toml") else read_yaml(file.text.encode(), file.name).data
        )
    except (SpecError, ValueError, RecursionError):
        return None
    text = template_free(flow(_moved(data, disk)))
    return DynamicFile(file.name.removesuffix(".toml") + (".yml" if file.name.endswith(".toml") else ""), text)


def _with_paths(text: str, disk: Disk) -> str:
    """A file with its paths as `disk` has them, and nothing else changed."""

    def moved(found: re.Match[str]) -> str:
        return found[1] + disk.on_disk(found[2])

    text = _PATH_LINE.sub(moved, text)
    return _PATH_LIST.sub(lambda found: found[1] + _LISTED.sub(moved, found[2]), text)


def _unescaped(text: str) -> str:
    """Keys can be written with escapes: `"\\x68ealthCheck"`."""
    return re.sub(r"\\[xuU]0*([0-9a-fA-F]{2})", lambda found: chr(int(found.group(1), 16)), text)


def _moved(value: Any, disk: Disk, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _moved(item, disk, str(name).lower()) for name, item in value.items()}
    if isinstance(value, list):
        return [_moved(item, disk, key) for item in value]
    if not isinstance(value, str):
        return value
    if key == "endpoints":
        return f"{labels.NOWHERE}:9"
    if key in ("url", "address"):
        return labels.here(value)
    return disk.all_on_disk(value) if key in PATH_KEYS else value
