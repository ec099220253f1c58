"""Makes Traefik read a file of users again.

Traefik reads the `usersFile` of a basic-auth middleware only when its configuration changes: a changed password would
stay unknown, and the old one valid, until the next restart. So each such file has a dynamic file next to it whose
content follows from the users: it changes with them, and Traefik then rebuilds its middlewares without a restart.
Source: seen on Traefik 3.7, and pkg/middlewares/auth/basic_auth.go.
"""

from __future__ import annotations

import hashlib
import json

from edgegen.files import Output
from edgegen.files.output import PRIVATE

_ABOUT = "# Changes with the users' passwords, so that Traefik reads them again. Nothing uses what it holds.\n"
_PREFIX = "traefik/dynamic/users-"


def is_reload_file(output: Output) -> bool:
    """Whether it is one of these."""
    return output.path.startswith(_PREFIX)


def reload_file(service: str, users: bytes) -> Output:
    """The dynamic file that belongs to a service's htpasswd file, for the bytes of that file."""
    name = f"{service}-users-{hashlib.sha256(users).hexdigest()[:16]}"
    unused: dict[str, object] = {"http": {"middlewares": {name: {"compress": {}}}}}
    return Output(f"{_PREFIX}{service}.yml", f"{_ABOUT}{json.dumps(unused)}\n".encode(), PRIVATE)
