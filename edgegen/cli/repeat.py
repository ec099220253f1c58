"""The options of this run as words, so that a printed command does the same again.

They are read from the command itself: an option that is added later is not forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from edgegen.cli.options import HERE

_UNSET: tuple[object, ...] = (None, False, HERE, (), [])


def given(context: typer.Context) -> dict[str, list[str]]:
    """Each option that differs from its default, in the order of the help -> its words."""
    found = {}
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        name = parameter.opts[0]
        if name.startswith("-") and value not in _UNSET and value != parameter.default:
            found[name] = list(_words(name, value))
    return found


def _words(name: str, value: Any) -> Iterator[str]:
    for item in value if isinstance(value, (list, tuple)) else (value,):
        yield name
        if item is not True:
            yield _text(item)


def _text(value: str | float | Path) -> str:
    """As the option takes it: a time in seconds, in full."""
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
