"""One spelling for each record: what a provider gives back in another spelling is still the same record."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import replace

from edgegen.records import Record, RecordType

AUTOMATIC_TTL = 1
_TARGETS = (RecordType.CNAME, RecordType.MX, RecordType.NS)
_CHUNK = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(\d{3}|.)")


def normal(record: Record) -> Record:
    """The record in its one spelling. Raises ValueError for content that its type can't hold."""
    proxied = record.proxied and record.type in (RecordType.A, RecordType.AAAA, RecordType.CNAME)
    return replace(
        record,
        zone=host(record.zone),
        name=host(record.name),
        content=content(record.type, record.content),
        proxied=proxied,
        ttl=AUTOMATIC_TTL if proxied else record.ttl,
        priority=record.priority if record.type in (RecordType.MX, RecordType.SRV) else None,
    )


def identity(record: Record) -> tuple[str, ...]:
    """What makes a record in its one spelling another record than all others: two MX may differ in priority only."""
    priority = "" if record.priority is None else str(record.priority)
    return (record.type.value, record.name, record.content, priority)


def host(name: str) -> str:
    """Lower case, IDNA (UTS-46), no trailing dot. `*` and labels with an underscore pass."""
    plain = name.strip().removesuffix(".").lower()
    if plain.isascii():
        return plain
    import idna

    def label(text: str) -> str:
        return text if text.isascii() else idna.encode(text, uts46=True).decode("ascii").removesuffix(".")

    try:
        return ".".join(label(part) for part in plain.split("."))
    except idna.IDNAError as error:
        raise ValueError(f"`{name[:60]}` is not a valid international name: {error}") from None


def content(kind: RecordType, text: str) -> str:
    """A record's content in its one spelling."""
    if kind in (RecordType.A, RecordType.AAAA):
        return _address(kind, text)
    if kind in _TARGETS:
        return host(text)
    if kind is RecordType.TXT:
        return unquoted(text)
    if kind is RecordType.CAA:
        return _caa(text)
    return _srv(text)


def _address(kind: RecordType, text: str) -> str:
    address = ipaddress.ip_address(text.strip())
    if address.version != (4 if kind is RecordType.A else 6):
        raise ValueError(f"`{text}` is no address for a record of type {kind}")
    return str(address)


def unquoted(text: str) -> str:
    """TXT content without its quotes: strings of up to 255 bytes joined, escapes resolved. Bare text is itself."""
    if not text.startswith('"') or _CHUNK.sub("", text).strip():
        return text
    data = b"".join(_bytes(chunk) for chunk in _CHUNK.findall(text))
    return data.decode("utf-8", "surrogateescape")


def _bytes(chunk: str) -> bytes:
    """The bytes of one quoted string: `\\DDD` is a byte by its decimal value, any other escape is the character."""
    data, end = b"", 0
    for match in _ESCAPE.finditer(chunk):
        code = match[1]
        data += chunk[end : match.start()].encode()
        data += bytes([int(code)]) if len(code) == 3 and int(code) < 256 else code.encode()
        end = match.end()
    return data + chunk[end:].encode()


def quoted(text: str) -> str:
    """TXT content as strings of at most 255 bytes in quotes, as zone files and Cloudflare keep it."""
    data = text.encode("utf-8", "surrogateescape")
    chunks = [data[start : start + 255] for start in range(0, len(data), 255)] or [b""]
    return " ".join(f'"{_escaped(chunk)}"' for chunk in chunks)


def _escaped(chunk: bytes) -> str:
    return "".join(
        f"\\{chr(byte)}" if byte in b'"\\' else chr(byte) if 32 <= byte < 127 else f"\\{byte:03d}" for byte in chunk
    )


def _caa(text: str) -> str:
    parts = text.split(None, 2)
    if len(parts) != 3 or not parts[0].isdigit():
        raise ValueError(f'`{text[:60]}` is not a CAA content like `0 issue "letsencrypt.org"`')
    return f'{int(parts[0])} {parts[1].lower()} "{unquoted(parts[2])}"'


def _srv(text: str) -> str:
    parts = text.split()
    if len(parts) != 3 or not parts[0].isdigit() or not parts[1].isdigit():
        raise ValueError(f"`{text[:60]}` is not an SRV content: weight, port and target")
    return f"{int(parts[0])} {int(parts[1])} {host(parts[2])}"
