"""The canonical spelling of each record: a provider may return the same record in another spelling."""

from __future__ import annotations

import ipaddress

from msgspec.structs import replace

from edgegen.core.dns_names import dns_name
from edgegen.core.zone_text import unquoted
from edgegen.provider_names import AUTOMATIC_TTL
from edgegen.records import Record, RecordType

_TARGETS = (RecordType.CNAME, RecordType.MX, RecordType.NS)


def normal(record: Record) -> Record:
    """The record in canonical spelling. Raises ValueError for content that is invalid for its type."""
    proxied = record.proxied and record.type in (RecordType.A, RecordType.AAAA, RecordType.CNAME)
    return replace(
        record,
        zone=dns_name(record.zone),
        name=dns_name(record.name),
        content=content(record.type, record.content),
        proxied=proxied,
        ttl=AUTOMATIC_TTL if proxied else record.ttl,
        priority=record.priority if record.type in (RecordType.MX, RecordType.SRV) else None,
    )


def identity(record: Record) -> tuple[str, ...]:
    """The identity of a record in canonical spelling: two MX may differ only in priority."""
    priority = "" if record.priority is None else str(record.priority)
    return (record.type.value, record.name, record.content, priority)


def content(kind: RecordType, text: str) -> str:
    """A record's content in canonical spelling."""
    if kind in (RecordType.A, RecordType.AAAA):
        return _address(kind, text)
    if kind in _TARGETS:
        return dns_name(text)
    if kind is RecordType.TXT:
        return unquoted(text)
    if kind is RecordType.CAA:
        return _caa(text)
    return _srv(text)


def _address(kind: RecordType, text: str) -> str:
    address = ipaddress.ip_address(text.strip())
    if address.version != (4 if kind is RecordType.A else 6):
        raise ValueError(f"`{text}` is not an address for a record of type {kind}")
    return str(address)


def _caa(text: str) -> str:
    parts = text.split(None, 2)
    if len(parts) != 3 or not parts[0].isdigit():
        raise ValueError(f'`{text[:60]}` is not a CAA content like `0 issue "letsencrypt.org"`')
    return f'{int(parts[0])} {parts[1].lower()} "{unquoted(parts[2])}"'


def _srv(text: str) -> str:
    parts = text.split()
    if len(parts) == 2 and text.endswith(" "):
        parts.append(".")  # the canonical spelling of "no target"
    if len(parts) != 3 or not parts[0].isdigit() or not parts[1].isdigit():
        raise ValueError(f"`{text[:60]}` is not an SRV content: weight, port and target")
    return f"{int(parts[0])} {int(parts[1])} {dns_name(parts[2])}"
