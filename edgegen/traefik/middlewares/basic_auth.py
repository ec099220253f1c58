"""`basic-auth`: asks for a user and a password."""

from typing import Literal

from edgegen.traefik.middlewares.user_lines import BasicLine
from edgegen.traefik.middlewares.users import WithUsers


class BasicAuth(WithUsers):
    """Asks for a user and a password."""

    kind: Literal["basic-auth"] = "basic-auth"
    users: list[BasicLine] | None = None
    """Lines of an htpasswd file, `NAME:HASH`: bcrypt, or the older MD5 and SHA1.
    Example: `["alice:$2y$05$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]`."""
