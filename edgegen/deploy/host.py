"""`--host`: the engine of another machine, reached as Docker's own client reaches it.

It opens bind mounts, secrets and configs on its own disk: over ssh they are copied there (`remote/`). Env files are not
a problem: Compose reads them here and sends their contents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from edgegen.core.errors import Problem, RefusedError, UsageError, at_most
from edgegen.core.pattern import late_pattern
from edgegen.deploy.command import Environment
from edgegen.deploy.model import HostFile

SSH = "ssh://"
_SCHEME = late_pattern(r"\s*(?:(?:ssh|tcp|unix|https?):/*|\w*://)", re.IGNORECASE)
BY_HAND = "try `ssh` to that host by hand first; edgegen uses the same keys and settings"
"""The hint for a host that does not answer."""


def is_ssh(host: str) -> bool:
    """Whether it is reached over ssh: then files can be copied there."""
    return host.startswith(SSH)


def host_environment(host: str) -> Environment:
    """The variables that send every command to `host`; none for "". Raises UsageError if it is not a host.

    `ssh://user@name` is the usual form; `unix://` and `tcp://` are DOCKER_HOST's other forms.
    """
    return (("DOCKER_HOST", _checked(host)),) if host else ()


def _checked(host: str) -> str:
    scheme, place = _parts(host)
    if _has_password(host):
        raise UsageError(
            "--host: the address has a password, which everyone on this machine could read",
            hint="leave it out: ssh uses your keys, or asks for it",
        )
    if scheme not in ("ssh", "tcp", "unix") or not place:
        raise UsageError(
            f"--host {host}: not the address of an engine", hint="write it like `--host ssh://me@server.example.com`"
        )
    # ssh would read a name that begins with a dash as an option.
    if place.startswith("-") or any(char.isspace() or not char.isprintable() for char in host):
        raise UsageError(f"--host {host!r}: not a host name", hint="write it like `--host ssh://me@example.com`")
    return host


def _has_password(host: str) -> bool:
    """Also in an address that is wrong otherwise: the error about that would show it."""
    user, _, _ = _SCHEME.sub("", host, count=1).rpartition("@")
    return ":" in user and not host.startswith("unix://")


def _parts(host: str) -> tuple[str, str]:
    try:
        parts = urlsplit(host)
        place = parts.path if parts.scheme == "unix" else parts.hostname or ""
        return parts.scheme, place if parts.port is None or parts.port else ""
    except ValueError:  # of a port, too
        return "", ""


def is_far(host: str) -> bool:
    """Whether the engine of `host` sees another disk, and other ports, than this process."""
    return bool(host) and not host.startswith(("unix://", "npipe://"))


def refuse_files(files: Iterable[HostFile], host: str) -> None:
    """Raises RefusedError with all files that would have to exist on `host`, which edgegen can't copy there."""
    problems = [
        Problem(
            f"uses {file.source}, which must exist on {host}, and edgegen copies files over ssh only",
            path=file.owner,
            hint="write the host like `--host ssh://me@server.example.com`, or run `edgegen up` on that host",
        )
        for file in files
    ]
    if problems and is_far(host):
        raise RefusedError(at_most(problems))
