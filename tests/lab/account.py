"""An account for Traefik in acme.json that has its key, and is not registered yet.

For an account of its own Traefik makes a key of 4096 bits: seconds of a processor at each first start of a project.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

_RESOLVER = re.compile(r"--certificatesresolvers\.([^.]+)\.acme\.email=(.+)")
_SMALLEST = 2048
"""Bits; the authority takes no fewer."""


def give(store: Path, traefik: Mapping[str, Any]) -> None:
    """Write an account for each resolver of a Compose file's Traefik, unless the store is missing or has anything."""
    words = [match.groups() for word in traefik.get("command") or () if (match := _RESOLVER.fullmatch(word))]
    if words and store.exists() and not store.stat().st_size:
        store.write_text(
            json.dumps({name: {"Account": _account(email), "Certificates": None} for name, email in words})
        )


def _account(email: str) -> dict[str, Any]:
    key = rsa.generate_private_key(65537, _SMALLEST)
    der = key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return {"Email": email, "Registration": None, "PrivateKey": base64.b64encode(der).decode(), "KeyType": ""}
