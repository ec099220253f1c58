"""How a server asks for a password: reads its `WWW-Authenticate` headers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from edgegen.core.pattern import late_pattern

_WORD = late_pattern(r"""([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]*))?""", re.ASCII)


class Challenge(Struct, frozen=True):
    """One way to log in. `scheme` and the names of its parameters are in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def realm(self) -> str:
        """What the password is for; of Bearer, the URL of the token server."""
        return self.parameters.get("realm", "")


def challenges(headers: Iterable[tuple[str, str]]) -> tuple[Challenge, ...]:
    """All ways that an answer's headers offer (RFC 9110, 11.6.1). Anything else in them is skipped."""
    lines = (value for name, value in headers if name.lower() == "www-authenticate")
    return tuple(found for line in lines for found in _read(line))


def usable(headers: Iterable[tuple[str, str]]) -> Challenge | None:
    """The one that Docker takes: Bearer with a realm before Basic; None where there is neither."""
    offered = challenges(headers)
    bearer = next((one for one in offered if one.scheme == "bearer" and one.realm), None)
    return bearer or next((one for one in offered if one.scheme == "basic"), None)


def _read(line: str) -> list[Challenge]:
    found: list[tuple[str, dict[str, str]]] = []
    for match in _WORD.finditer(line):
        name, value = match[1].lower(), match[2]
        if value is None:
            found.append((name, {}))
        elif found:
            found[-1][1].setdefault(name, _unquoted(value))
    return [Challenge(scheme, parameters) for scheme, parameters in found]


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
