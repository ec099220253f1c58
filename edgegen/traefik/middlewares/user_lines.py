"""Lines of htpasswd and htdigest files, as Traefik's authentication takes them."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

_BASIC = re.compile(
    r"^[^:\s]+:(\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$apr1\$[^$]{1,8}\$[./A-Za-z0-9]{22}|\{SHA\}[+/=A-Za-z0-9]{28})$"
)
_DIGEST = re.compile(r"^[^:\s]+:[^:]+:[0-9a-f]{32}$")


def _basic(value: object) -> str:
    if not isinstance(value, str) or not _BASIC.match(value):
        raise ValueError("a user is a line `NAME:HASH` with a bcrypt hash, as `htpasswd -nB NAME` prints it")
    return value


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _DIGEST.match(value):
        raise ValueError("a user is a line `NAME:REALM:HASH`, as `htdigest` writes it")
    return value


BasicLine = Annotated[str, BeforeValidator(_basic)]
DigestLine = Annotated[str, BeforeValidator(_digest)]
