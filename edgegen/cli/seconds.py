"""Times on the command line: seconds, or a duration as the spec writes it."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import typer

from edgegen.core.errors import UsageError
from edgegen.core.names import TIME_EXAMPLES, duration_text, time_of
from edgegen.core.show import shown

DAY = 86_400.0


def time_option(name: str, about: str, **more: Any) -> Any:
    """An option that takes `90`, `90s`, `1m` or `1h30m`, as seconds."""
    return typer.Option(name, metavar="TIME", parser=partial(seconds, name), help=about, **more)


def whole_time_option(name: str, about: str, **more: Any) -> Any:
    """The same in whole seconds, at least one, for programs that need whole seconds."""
    return typer.Option(name, metavar="TIME", parser=partial(whole_seconds, name), help=about, **more)


def seconds(name: str, text: str | float) -> float:
    """What the option `name` says, in seconds. Raises UsageError."""
    if not isinstance(text, str):
        return text  # the default
    try:
        found = time_of(text.strip())
    except ValueError:
        hint = f"write seconds or a duration, like {TIME_EXAMPLES}"
        raise UsageError(f"{name} {shown(text, 40)}: this is not a time", hint=hint) from None
    if found > DAY:
        raise UsageError(f"{name} {shown(text, 40)}: use at most {duration_text(DAY)}")
    return found


def whole_seconds(name: str, text: str | float) -> int:
    """The same, rounded up, and at least 1. Raises UsageError."""
    found = math.ceil(seconds(name, text))
    if found < 1:
        raise UsageError(f"{name} {shown(text, 40)}: wait at least one second")
    return found
