"""Braces that Swarm would run as a template.

Swarm expands `{{…}}` in environments, host names and mounts (source, target and options of the driver) when it starts
a task, and refuses the whole service where it can't. Everything else of a service stays as it is. Seen on Engine 20.10.
"""

from __future__ import annotations

import re

from edgegen.compose.emit import Interpolation

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
