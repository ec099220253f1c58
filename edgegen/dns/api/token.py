"""The API token: from a variable or a private file, never from a flag."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from edgegen.core.cloudflare import NEEDED_RIGHTS, RIGHTS_PAGE, TEMPLATE
from edgegen.core.errors import LocalIOError, Problem, RefusedError, SpecError, UsageError
from edgegen.core.location import Location
from edgegen.core.secret import Secret
from edgegen.dns.api.wire import DEFAULT_URL
from edgegen.system.read import read_bounded

TOKEN, TOKEN_FILE, BASE_URL = "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_TOKEN_FILE", "CLOUDFLARE_BASE_URL"
_LIMIT = 4096
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def token(environment: Mapping[str, str]) -> Secret:
    """The token. Raises UsageError if it is missing or invalid, RefusedError for a file that others can read."""
    text = environment.get(TOKEN, "").strip()
    if not text and environment.get(TOKEN_FILE):
        text = _from_file(Path(environment[TOKEN_FILE])).strip()
    if not text:
        raise UsageError(
            f"no token for Cloudflare: set {TOKEN}, or {TOKEN_FILE} to a file of mode 0600",
            hint=f"make one with {NEEDED_RIGHTS} (use the {TEMPLATE}) at {RIGHTS_PAGE}",
        )
    if not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(
            "the token for Cloudflare contains characters that are not allowed in a token",
            hint=f"was it pasted completely? Make another one at {RIGHTS_PAGE}",
        )
    return Secret(text)


def base_url(environment: Mapping[str, str]) -> str:
    """The API's address. Raises UsageError for what is not a URL, and for one that would send the token unencrypted."""
    url = environment.get(BASE_URL) or DEFAULT_URL
    try:
        parts = urlsplit(url)
        is_url = bool(parts.hostname) and parts.port != 0 and url.isprintable() and " " not in url
    except ValueError:
        is_url = False
    if not is_url:
        raise UsageError(f"{BASE_URL} is not a URL like {DEFAULT_URL}")
    if "@" in parts.netloc:  # an HTTP client would send those instead of the token
        raise UsageError(f"{BASE_URL} must not contain a user or a password")
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise UsageError(f"{BASE_URL} must begin with https://: the token would be sent unencrypted")


def _from_file(path: Path) -> str:
    where = Location(str(path))

    def refuse_shared(facts: os.stat_result) -> None:
        if facts.st_uid != os.geteuid():
            mine = "use a copy that belongs to the user who runs edgegen"
            raise RefusedError(Problem("the token's file belongs to another user", where, hint=mine))
        if facts.st_mode & 0o077:
            raise RefusedError(Problem("others can read the token's file", where, hint=f"`chmod 600 {path}`"))

    try:
        return read_bounded(path, _LIMIT, refuse_shared).decode("ascii", "replace")
    except (SpecError, LocalIOError) as error:
        kind = RefusedError if isinstance(error, SpecError) else LocalIOError
        raise kind(Problem(f"the token can't be read: {error.problems[0].message}", where)) from None
