"""Dollar signs of passwords and hashes that Compose takes for variables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from edgegen.core.location import Path
from edgegen.core.pattern import late_pattern

HASH = late_pattern(
    r"(?<!\$)\$(?:argon2(?:id|[id])\$(?!\$)[^\s'\"]*"
    r"|(?:apr1|2[abxy]|1|5|6|7|y|gy|scrypt|pbkdf2[a-z0-9-]*)\$(?!\$)[^,\s'\"]*)"
)
"""A password's hash whose `$` are not doubled: Compose takes its parts for variables, and nobody may see them.

Those of Argon2 hold commas, and no list of users holds them.
"""
DOUBLED_HASH = late_pattern(r"\$\$(?:apr1|2[abxy]|argon2(?:id|[id])|[156y])\$\$[^,\s'\"}]*")
"""The same with doubled dollar signs."""
_SECRET = late_pattern(
    r"(?:PASS|PASSWORD|PASSWD|PASSPHRASE|PWD|SECRET|TOKEN|API_?KEY|SECRET_?KEY|PRIVATE_?KEY|HASH)\Z", re.IGNORECASE
)
_BARE = late_pattern(r"\$(?:\$|([A-Za-z_]\w*)|)")
_CONSTANT = late_pattern(r"[A-Z][A-Z0-9_]*\Z")
_BETWEEN = frozenset(" \t\n:/@=,;{([\"'")
"""What is between a text and a variable that is meant: `Bearer $TOKEN`, `/data/$NAME`."""


def variable_of(path: Path, text: str) -> tuple[str, str]:
    """The name and value of a container's variable, in either form of `environment`; no name for any other text."""
    if path[-2:-1] != ("environment",):
        return "", text
    if isinstance(path[-1], str):
        return path[-1], text
    name, _, value = text.partition("=")
    return name, value


def lost(name: str, raw: str, unset: Iterable[str]) -> frozenset[str]:
    """Which of the variables without a value are rather parts of the secret that `name` holds: `p4ss$word`.

    `$OTHER` as the whole value, `${OTHER}`, and what is set off from the text before it, are meant to be variables.
    """
    names = frozenset(unset)
    if not names or not _SECRET.search(name):
        return frozenset()
    found = (match for match in _BARE.finditer(raw) if match[1] in names and match[0] != raw)
    return frozenset(match[1] for match in found if _is_part(raw, match.start(), match[1]))


def _is_part(raw: str, start: int, name: str) -> bool:
    return raw[start - 1] not in _BETWEEN if start else not _CONSTANT.match(name)
