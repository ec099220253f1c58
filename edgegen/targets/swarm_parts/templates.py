"""Braces that Swarm would run as a template.

Swarm expands `{{…}}` in environments, host names and mounts (source, target and options of the driver) when it starts
a task, and refuses the whole service where it can't. Everything else of a service stays as it is. Seen on Engine 20.10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.compose.emit import Interpolation
from edgegen.core.location import Path
from edgegen.spec.container import Container
from edgegen.spec.volume_mounts import Mount

_OPEN = "{{"
_AS_TEXT = '{{"{{"}}'
"""A template whose value is two braces."""
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\.(Service|Node|Task)\b[^{}]*\}\}")


def literal(text: str) -> str:
    """The text so that a task sees it as the spec has it."""
    if _OPEN not in text:
        return text
    escaped = text.replace(_OPEN, _AS_TEXT)
    return Interpolation(escaped) if isinstance(text, Interpolation) else escaped


def placeholder(text: str) -> str:
    """The part that Swarm knows, such as `{{.Node.Hostname}}`; "" where there is none."""
    found = _PLACEHOLDER.search(text)
    return found[0] if found else ""


def expanded(service: Container) -> Iterator[tuple[Path, str]]:
    """The texts that Swarm would expand."""
    if service.hostname:
        yield ("hostname",), service.hostname
    for key, value in service.environment.items():
        if isinstance(value, str):
            yield ("environment", key), value
    for index, volume in enumerate(service.volumes):
        yield ("volumes", index), f"{volume.source} {volume.target}" if isinstance(volume, Mount) else volume
