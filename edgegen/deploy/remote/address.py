"""From `ssh://me@host:22` to the command that talks to that host: the system's own ssh, with the user's settings."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from edgegen.core.errors import UsageError
from edgegen.deploy.command import Command

_USER = re.compile(r"[A-Za-z0-9_.@+][A-Za-z0-9_.@+-]*")

# The loader is all that is on a command line. It reads the script itself byte by byte: what follows it is for the
# script. No quote, `!` or line end is in it, so that any login shell passes it on.
_LOADER = """sh -c 'read -r n; eval "$(dd bs=1 count="$n" 2>/dev/null)"'"""
_OPTIONS = ("-T", "-o", "ConnectTimeout=30", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4")


def ssh_command(host: str) -> Command:
    """Raises UsageError for an address that ssh can't take."""
    try:
        parts = urlsplit(host)
        port = parts.port
    except ValueError:
        raise UsageError(
            f"{host}: not the address of an ssh server", hint="write it like ssh://me@example.com"
        ) from None
    if parts.password is not None:
        raise UsageError("the address of the host has a password in it", hint="use a key: `ssh-copy-id` installs one")
    if parts.username and not _USER.fullmatch(parts.username):
        raise UsageError(f"{host}: not the name of a user", hint="write it like ssh://me@example.com")
    user = ("-l", parts.username) if parts.username else ()
    where = ("-p", str(port)) if port else ()
    return Command(("ssh", *_OPTIONS, *user, *where, "--", _name(parts.netloc), _LOADER))


def _name(netloc: str) -> str:
    """Of the host, in the case in which it is written: `Host` in ~/.ssh/config tells the cases apart."""
    place = netloc.rpartition("@")[2]
    return place[1:].partition("]")[0] if place.startswith("[") else place.partition(":")[0]
