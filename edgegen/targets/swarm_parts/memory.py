"""Folders in memory. `docker stack` takes `tmpfs` and makes none, without a word: each becomes a mount of that type."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edgegen.compose.model import Data
from edgegen.spec.variables import has_variables, split
from edgegen.targets.swarm_parts.templates import literal

_SIZE = re.compile(r"size=(?P<number>\d{1,12})(?P<unit>[kmg]?)", re.ASCII | re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_ALWAYS = frozenset({"", "rw", "noexec", "nosuid", "nodev", "mode=1777", "mode=01777"})
"""Options that the engine gives such a mount anyway. Seen on Engine 20.10."""


def memory_mounts(tmpfs: Sequence[str]) -> list[Data]:
    """The entries of `tmpfs` as those of `volumes`."""
    return [_mount(text) for text in tmpfs]


def lost_options(text: str) -> list[str]:
    """The options of an entry that a stack can't say."""
    return [option for option in _options(text) if option not in _ALWAYS and not _SIZE.fullmatch(option)]


def _mount(text: str) -> Data:
    mount: Data = {"type": "tmpfs", "target": literal(split(text, ":")[0])}
    size = sum(_bytes(option) for option in _options(text))
    return mount | ({"tmpfs": {"size": size}} if size else {})


def _options(text: str) -> list[str]:
    _, *said = split(text, ":")
    return [option for part in said for option in ([part] if has_variables(part) else part.split(","))]


def _bytes(option: str) -> int:
    found = _SIZE.fullmatch(option)
    return int(found["number"]) * _UNITS[found["unit"].lower()] if found else 0
