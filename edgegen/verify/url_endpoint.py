"""What a word of the command line means: the URL of any host, checked without a spec, or a name that is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from msgspec.structs import replace

from edgegen.core.errors import UsageError
from edgegen.core.names import Hostname
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint, Kind

HTTPS = 443
REGISTRY_PATHS = ("/v2", "/v2/")


def is_url(text: str) -> bool:
    """Whether a word of the command line is the URL of any host, and not a name of the spec."""
    return "://" in text


def stranger(url: str) -> Endpoint:
    """What is expected of any host: trusted TLS, and plain HTTP that redirects to it. `/v2/` means a registry.

    Raises UsageError for anything else than an https:// URL of a host. Never repeats a URL that contains a password.
    """
    scheme, _, rest = url.partition("://")
    if "@" in rest.partition("/")[0]:
        raise UsageError("a URL must not contain a user or a password", hint="write only `https://HOST`")
    if scheme.lower() != "https":
        raise UsageError(
            f"`{shown(url)}` is not https", hint=f"write `https://{shown(rest)}`: plain HTTP is looked at too"
        )
    host, port = _host_and_port(url)
    path = _path(url)
    kind = Kind.REGISTRY if path in REGISTRY_PATHS else Kind.WEB
    authority = host if port == HTTPS else f"{host}:{port}"
    return Endpoint(
        authority,
        host,
        kind,
        port,
        path="/" if kind is Kind.REGISTRY else path,
        # With a port other than 443, nobody knows whose port 80 is.
        web_port=80 if port == HTTPS else None,
        subject="" if kind is Kind.REGISTRY or path == "/" else f"{authority}{path}",
    )


def named(known: Sequence[Endpoint], word: str) -> tuple[Endpoint, ...]:
    """All endpoints of a service, or all of a host. Raises UsageError for a word that names neither."""
    name = word.lower().removesuffix(".")
    found = tuple(item for item in known if word == item.name or name in (item.host, item.authority, item.shown))
    if not found:
        raise UsageError(f"the spec has no service and no host `{shown(word)}`", hint=_hint(known, word))
    return found


def _hint(known: Sequence[Endpoint], word: str) -> str:
    from edgegen.core.suggest import did_you_mean

    meant = did_you_mean(word, [name for item in known for name in (item.name, item.shown)])
    if "." not in word:
        return meant or f"services are: {', '.join(dict.fromkeys(item.name for item in known))}"
    return f"{meant} {as_url(word)}".strip()


def as_url(host: str) -> str:
    """A hint for a host that no spec knows."""
    bare = host.partition(":/")[2].lstrip("/") or host  # `https:/www.example.com` only lacks a slash
    return f"for a host that is in no spec write `https://{shown(bare)}`"


def told_apart(endpoints: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Each once. One with the same name as another (a host, and its `/v2/`) is called by its URL."""
    found = tuple(dict.fromkeys(endpoints))
    names = {item.shown for item in found if item.has_spec}
    told = []
    for item in found:
        url = f"https://{item.authority}/v2/" if item.kind is Kind.REGISTRY else item.url
        own = replace(item, subject=url) if item.shown in names and not item.has_spec else item
        names.add(own.shown)
        told.append(own)
    return tuple(told)


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
