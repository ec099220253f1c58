"""`https://…` on the command line: a host of anybody, looked at without a spec."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, urlsplit

from edgegen.core.errors import UsageError
from edgegen.core.names import Hostname
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint, Kind

HTTPS = 443
REGISTRY_PATHS = ("/v2", "/v2/")


def is_url(text: str) -> bool:
    """Whether a word of the command line means a stranger's host, and not a name of the spec."""
    return "://" in text


def stranger(url: str) -> Endpoint:
    """What is expected of any host: trusted TLS, and plain HTTP that redirects to it. `/v2/` means a registry.

    Raises UsageError for what is no https:// URL of a host. Says nothing of a URL that holds a password.
    """
    scheme, _, rest = url.partition("://")
    if "@" in rest.partition("/")[0]:
        raise UsageError("a URL may hold no user and no password", hint="write `https://HOST` alone")
    if scheme.lower() != "https":
        raise UsageError(
            f"`{shown(url)}` is not https", hint=f"write `https://{shown(rest)}`: plain HTTP is looked at too"
        )
    host, port = _host_and_port(url)
    path = _path(url)
    kind = Kind.REGISTRY if path in REGISTRY_PATHS else Kind.WEB
    return Endpoint(
        host if port == HTTPS else f"{host}:{port}",
        host,
        kind,
        port,
        path="/" if kind is Kind.REGISTRY else path,
        # Whose a port 80 is that stands beside another port than 443, nobody can tell.
        web_port=80 if port == HTTPS else None,
        subject="" if kind is Kind.REGISTRY or path == "/" else _subject(host, port, path),
    )


def told_apart(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Each once. A stranger who bears another's name (a host, and its `/v2/`) is called by its URL."""
    found = tuple(dict.fromkeys(endpoints))
    names = {item.shown for item in found if item.has_spec}
    told = []
    for item in found:
        own = replace(item, subject=_called(item)) if item.shown in names and not item.has_spec else item
        names.add(own.shown)
        told.append(own)
    return tuple(told)


def _called(item: Endpoint) -> str:
    return f"https://{item.authority}{REGISTRY_PATHS[-1] if item.kind is Kind.REGISTRY else item.path}"


def _host_and_port(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host = Hostname.parse(parts.hostname or "")
    except ValueError as error:
        message = str(error)
        raise UsageError(f"`{shown(url)}`: {message[:1].lower()}{message[1:]}") from None
    try:
        port = HTTPS if parts.port is None else parts.port
    except ValueError:  # no number, or one that is too high
        port = 0
    if port == 0:
        raise UsageError(f"`{shown(url)}`: ports go from 1 to 65535")
    return host, port


def _path(url: str) -> str:
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise UsageError(f"`{shown(url)}` has a query or a fragment", hint="leave out everything from `?` or `#` on")
    return quote(parts.path, safe="/%:@!$&'()*+,;=~") or "/"


def _subject(host: str, port: int, path: str) -> str:
    return f"{host}{'' if port == HTTPS else f':{port}'}{path}"
