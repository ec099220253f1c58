"""Lines of htpasswd and htdigest files, as Traefik's authentication takes them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from edgegen.core.pattern import late_pattern
from edgegen.core.validators import Before

_BASIC = late_pattern(
    r"[^:\s,]+:(\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$(apr)?1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}|"
    r"\{SHA\}[+/A-Za-z0-9]{27}=)"
)
_DIGEST = late_pattern(r"[^:\s,]+:[^:,\r\n]+:[0-9a-f]{32}")


def _basic(value: object) -> str:
    if not isinstance(value, str) or not _BASIC.fullmatch(value):
        raise ValueError("a user is a line `NAME:HASH` with a bcrypt hash, as `htpasswd -nB NAME` prints it")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise ValueError("a user is a line `NAME:REALM:HASH`, as `htdigest` writes it")
    return value


_BCRYPT = "ci:$2y$05$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

BasicLine = Annotated[str, Before(_basic), Field(examples=[_BCRYPT])]
DigestLine = Annotated[str, Before(_digest), Field(examples=["ci:traefik:a2688e031edb4be6a3797f3882655c05"])]
