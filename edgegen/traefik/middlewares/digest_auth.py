"""`digest-auth`: asks for a user and a password by digest."""

from typing import Literal

from edgegen.traefik.middlewares.user_lines import DigestLine
from edgegen.traefik.middlewares.users import WithUsers


class DigestAuth(WithUsers):
    """Asks for a user and a password by digest."""

    kind: Literal["digest-auth"] = "digest-auth"
    users: list[DigestLine] | None = None
    """Lines of an htdigest file, `NAME:REALM:HASH`. Example: `["alice:traefik:a2688e031edb4be6a3797f3882655c05"]`."""
