"""What `acme/acme.json` holds of certificates: names and chains as Traefik wrote them. No private key leaves this file.

Seen on Traefik 3.7.15: `{"<resolver>": {"Account": {…, "PrivateKey"}, "Certificates": [{"domain": {"main", "sans"},
"certificate": base64 of a PEM chain, "key": base64 of a PEM key, "Store"}]}}`; `Certificates` is null before the first.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edgegen.files.acme_store import ACME_STORE, store_warning
from edgegen.files.output import parse_path
from edgegen.files.safe_open import ProjectDirectory, Seen, see

_SECRET = frozenset({"key", "privatekey"})


@dataclass(frozen=True, slots=True)
class Stored:
    """One certificate of the store. `chain` is PEM, the host's own certificate first; b"" where `trouble` says why."""

    resolver: str
    main: str
    sans: tuple[str, ...] = ()
    chain: bytes = field(default=b"", repr=False)
    trouble: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names that Traefik asked for, each once."""
        return tuple(dict.fromkeys(name for name in (self.main, *self.sans) if name))


@dataclass(frozen=True, slots=True)
class Store:
    """The store as found. With `trouble` nothing of it can be read, by Traefik neither."""

    shown: str
    mode: int
    stored: tuple[Stored, ...] = ()
    trouble: str = ""


def read_store(project: Path) -> Store | None:
    """The store of a project; None where there is no file.

    Raises RefusedError for a link, a folder, a FIFO or a file of more than 64 MiB, LocalIOError where the system
    refuses.
    """
    *folders, name = parse_path(ACME_STORE)
    with ProjectDirectory(project) as root:
        directory = root.find(tuple(folders))
        seen = None if directory is None else see(directory, name, root.shown(ACME_STORE), read=True)
        return None if seen is None else _store(seen, root.shown(ACME_STORE))


def _store(seen: Seen, shown: str) -> Store:
    if trouble := store_warning(seen, shown):
        return Store(shown, seen.mode, trouble=trouble)
    data = json.loads(seen.content, object_pairs_hook=_without_keys) if seen.content.strip() else {}
    if not isinstance(data, dict):
        return Store(shown, seen.mode, trouble=f"{shown} is JSON, but not what Traefik writes: it holds no resolvers")
    return Store(shown, seen.mode, tuple(_certificates(data)))


def _without_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Private keys are dropped while the file is parsed: what is not kept can't be shown."""
    return {name: value for name, value in pairs if name.lower() not in _SECRET}


def _certificates(data: dict[str, Any]) -> Iterator[Stored]:
    for resolver, held in data.items():
        certificates = held.get("Certificates") if isinstance(held, dict) else None
        for item in certificates if isinstance(certificates, list) else ():
            yield _stored(resolver, item if isinstance(item, dict) else {})


def _stored(resolver: str, item: dict[str, Any]) -> Stored:
    domain = item.get("domain")
    domain = domain if isinstance(domain, dict) else {}
    main, sans = domain.get("main"), domain.get("sans")
    names = tuple(name for name in sans if isinstance(name, str)) if isinstance(sans, list) else ()
    entry = Stored(resolver, main if isinstance(main, str) else "", names)
    try:
        chain = base64.b64decode(item.get("certificate") or "", validate=True)
    except (TypeError, ValueError):
        return Stored(entry.resolver, entry.main, entry.sans, trouble="its certificate is not base64")
    trouble = "" if b"-----BEGIN CERTIFICATE-----" in chain else "it holds no certificate in PEM"
    return Stored(entry.resolver, entry.main, entry.sans, b"" if trouble else chain, trouble)
