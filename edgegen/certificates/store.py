"""The certificates in a store: Traefik's acme.json, or the files of the local authority. Private keys are not kept.

Seen on Traefik 3.7.15: `{"<resolver>": {"Account": {…, "PrivateKey"}, "Certificates": [{"domain": {"main", "sans"},
"certificate": base64 of a PEM chain, "key": base64 of a PEM key, "Store"}]}}`; `Certificates` is null before the first.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.data import items, mapping
from edgegen.core.unshown import Guarded

_SECRET = frozenset({"key", "privatekey"})
_BEGIN, _END = b"-----BEGIN CERTIFICATE-----", b"-----END CERTIFICATE-----\n"


class Stored(Guarded, frozen=True):
    """One certificate of the store. `chain` is PEM, the host's own certificate first; b"" with the reason in
    `trouble`."""

    unshown: ClassVar[frozenset[str]] = frozenset({"chain"})

    resolver: str
    main: str
    sans: tuple[str, ...] = ()
    chain: bytes = b""
    trouble: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that Traefik asked for, each once."""
        return tuple(dict.fromkeys(name for name in (self.main, *self.sans) if name))


class CertificateStore(Struct, frozen=True):
    """The store as found. With `trouble` nothing in it can be read, not even by Traefik."""

    shown: str
    mode: int
    stored: tuple[Stored, ...] = ()
    trouble: str = ""


def unreadable(content: bytes, shown: str) -> str:
    """A sentence that says why Traefik can't read its store, or "". An empty file is fine: that is how it starts."""
    if not content.strip():
        return ""
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return (
            f"{shown} ({len(content)} bytes) is not complete JSON: Traefik will not find its certificates in it. "
            f"It was not changed; keep a copy (cp -p {shown} {shown}.broken) before you empty it"
        )
    return ""


def parse_acme(content: bytes, mode: int, shown: str) -> CertificateStore:
    """acme.json as Traefik wrote it. Private keys are dropped while it is parsed."""
    if trouble := unreadable(content, shown):
        return CertificateStore(shown, mode, trouble=trouble)
    data = json.loads(content, object_pairs_hook=_without_keys) if content.strip() else {}
    if not isinstance(data, dict):
        trouble = f"{shown} is JSON, but not what Traefik writes: it has no resolvers"
        return CertificateStore(shown, mode, trouble=trouble)
    return CertificateStore(shown, mode, tuple(_certificates(data)))


def parse_pair(content: bytes, resolver: str, name: str) -> Stored:
    """One file with a certificate and its key in PEM; the key is dropped."""
    start, end = content.find(_BEGIN), content.find(_END)
    if start < 0 or end < start:
        return Stored(resolver, name, trouble=_NOT_PEM)
    return Stored(resolver, name, chain=content[start : end + len(_END)])


_NOT_PEM = "it contains no PEM certificate"


def _without_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A value that is dropped can't be shown by mistake."""
    return {name: value for name, value in pairs if name.lower() not in _SECRET}


def _certificates(data: dict[str, Any]) -> Iterator[Stored]:
    for resolver, held in data.items():
        for item in items(held, "Certificates"):
            yield _stored(resolver, mapping(item))


def _stored(resolver: str, item: dict[str, Any]) -> Stored:
    main = mapping(item, "domain").get("main")
    names = tuple(name for name in items(item, "domain", "sans") if isinstance(name, str))
    entry = Stored(resolver, main if isinstance(main, str) else "", names)
    try:
        chain = base64.b64decode(item.get("certificate") or "", validate=True)
    except (TypeError, ValueError):
        return replace(entry, trouble="its certificate is not base64")
    return replace(entry, chain=chain) if _BEGIN in chain else replace(entry, trouble=_NOT_PEM)
