"""Traefik's configuration by variables, `TRAEFIK_ENTRYPOINTS_WEB_ADDRESS`.

Source: paerser's env package, and runs of 3.7.15. What does not begin with the name of a group is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edgegen.lint.model import Value
from edgegen.lint.sources import Variables

PREFIX = "TRAEFIK_"


def read_variables(environment: Mapping[str, Value | None], roots: Iterable[str]) -> Variables:
    """The variables of a container, for a Traefik whose groups are `roots` (in lower case)."""
    beginnings = tuple(PREFIX + root.upper() for root in roots)
    options: dict[str, Value] = {}
    names: dict[str, str] = {}
    ignored: dict[str, Value] = {}
    hidden = False
    for name, value in environment.items():
        if not name.upper().startswith(PREFIX):
            continue
        if not name.startswith(beginnings):
            if value is not None:
                ignored[name] = value
        elif value is None:
            hidden = True
        else:
            option = name.lower().removeprefix(PREFIX.lower()).replace("_", ".")
            options[option] = value
            names[option] = name
    return Variables(options, names, ignored, hidden)
