"""Where a registry sends the rest of an upload: it must be itself, over https. Pure."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urljoin, urlsplit

from edgegen.endpoints import Endpoint


def origin(endpoint: Endpoint) -> str:
    """`https://host`, with the port where it is not 443."""
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    return f"https://{host}" if endpoint.port == 443 else f"https://{host}:{endpoint.port}"


def resolved(asked: str, location: str) -> str:
    """The URL that a `Location` means in the answer to `asked`; a relative one is allowed. "" for what is no URL."""
    try:
        url = urldefrag(urljoin(asked, location)).url
        return url if urlsplit(url).hostname and urlsplit(url).port != 0 else ""
    except ValueError:
        return ""


def fault(endpoint: Endpoint, asked: str, location: str) -> str:
    """What is wrong with the `Location` of an upload's answer, or ""."""
    if not location:
        return "its answer has no Location"
    url = resolved(asked, location)
    if not url:
        return "its Location is no URL"
    parts = urlsplit(url)
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme != "https":
        return f"its Location leads to plain {where}"
    if (parts.hostname, parts.port or 443) != (endpoint.host.lower(), endpoint.port) or "@" in parts.netloc:
        return f"its Location leads to {where}"
    return ""


def with_digest(location: str, digest: str) -> str:
    """A `Location` mostly has a query already."""
    between = "" if location.endswith(("?", "&")) else "&" if "?" in location else "?"
    return f"{location}{between}digest={quote(digest)}"


def bare(url: str) -> str:
    """Without what could be anything: a query holds the state of an upload, or the signature of a storage's URL."""
    try:
        return urlsplit(url)._replace(query="", fragment="").geturl()
    except ValueError:
        return ""
