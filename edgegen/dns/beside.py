"""Which records of one name DNS allows together, and which of them answers. Pure."""

from __future__ import annotations

from edgegen.records import ADDRESSES, POINTERS, Record, RecordType

ONLY = "a CNAME allows no other record at its name"


def is_flattened(name: str, zone: str, *, proxied: bool) -> bool:
    """Whether a CNAME is answered with addresses, so that only other addresses are in its way: behind a proxy nobody
    sees it, and a provider that accepts one for the zone itself (a zone file can't contain it) follows it."""
    return proxied or name == zone


def unveils(found: Record, wanted: Record) -> bool:
    """Whether a CNAME leaves the proxy: from then on it hides every other record of its name."""
    return wanted.type is RecordType.CNAME and found.proxied and not wanted.proxied


def answers_too(present: RecordType, wanted: RecordType) -> bool:
    """Whether a record of type `present` answers the same visitors as one of type `wanted`."""
    return present is wanted or (present in ADDRESSES and wanted in ADDRESSES)


def delegates(present: Record, wanted: Record) -> bool:
    """Whether an NS record leaves a wanted answer of its name to other servers. A server that has the name of the zone
    that it serves needs its addresses there."""
    if present.type is not RecordType.NS or wanted.type not in POINTERS:
        return False
    return present.content != wanted.name or wanted.type is RecordType.CNAME
