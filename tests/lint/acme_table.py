"""Traefiks that get certificates, for the tables of rules about resolvers and their stores."""

from __future__ import annotations

import textwrap

_FLAG = "      - --certificatesresolvers.le.acme."
NAMED = '["acme:/acme"]'
"""A mount of the named volume `acme`, which is then declared."""


def proxy(
    *options: str,
    storage: str = "/acme/acme.json",
    ports: str = '["80:80", "443:443"]',
    volumes: str = NAMED,
    more: str = "",
) -> str:
    """A Traefik with ports in line 4, volumes in 5, the storage of its resolver `le` in 9, and `options` from 10 on."""
    flags = "".join(f"{_FLAG}{option}\n" for option in (f"storage={storage}", *(options or ("tlschallenge=true",))))
    declared = "volumes:\n  acme:\n" if volumes == NAMED else ""
    return (
        "services:\n"
        "  edge:\n"
        "    image: traefik:v3.7\n"
        f"    ports: {ports}\n"
        f"    volumes: {volumes}\n"
        "    command:\n"
        "      - --entrypoints.web.address=:80\n"
        "      - --entrypoints.websecure.address=:443\n"
        f"{flags}{textwrap.indent(more, '    ')}{declared}"
    )
