"""BIND zone files as records and back. Source: RFC 1035, section 5. No disk: text in, text out.

A file is read and written as a whole: records of every type and their comments are kept, the layout is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.core.errors import SpecError
from edgegen.core.location import Location
from edgegen.core.zone_text import quoted
from edgegen.dns.normal import identity, normal
from edgegen.dns.plan import Existing
from edgegen.dns.servers import placeholder
from edgegen.provider_names import AUTOMATIC_TTL, DEFAULT_TTL
from edgegen.records import Record, RecordType

_AUTO_MARK = " ttl=auto"
_WRITTEN = frozenset(RecordType)
_PLACEHOLDER = "edgegen: a placeholder for the name servers, which the spec does not name"
"""The comment of the NS record of a file without one: it goes as soon as the spec names a server."""


class ZoneText(Struct, frozen=True):
    """What a zone file holds: records of edgegen's types, everything else as lines, and the SOA's serial."""

    records: tuple[Existing, ...]
    others: tuple[Line, ...]
    soa: str | None
    serial: int
    soa_ttl: int = DEFAULT_TTL
    texts: Mapping[str, str] = field(default_factory=dict)
    """Record id -> its content as written in the file: unchanged records keep their spelling."""
    has_placeholder: bool = False
    """The file's only server is one that edgegen made up; it is not among the records."""


class Line(Struct, frozen=True):
    """A record of another type, as text."""

    name: str
    type: str
    ttl: int
    text: str
    comment: str | None

    @property
    def id(self) -> str:
        """What distinguishes it from every other record of the file."""
        return _hashed(self.type, self.name, self.text)


def record_id(record: Record) -> str:
    """An id that stays the same as long as the record does."""
    return _hashed(*identity(record))


def _hashed(kind: str, name: str, content: str, priority: str = "") -> str:
    content = f"{priority} {content}" if priority else content
    return hashlib.sha256(f"{kind}\0{name}\0{content}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def parse(text: bytes, zone: str, file: str) -> ZoneText:
    """Read a zone file. Raises SpecError for a file that is not a zone file, or that includes others."""
    import dns.exception
    import dns.name
    import dns.zone

    try:
        parsed = dns.zone.from_text(
            text.decode("utf-8"), origin=f"{zone}.", relativize=False, check_origin=False, allow_include=False
        )
    except UnicodeDecodeError:
        raise SpecError("is not UTF-8 text", where=Location(file)) from None
    except dns.exception.SyntaxError as error:
        raise SpecError(f"is not a zone file: {_first_line(error)}", where=Location(file)) from None
    except dns.exception.DNSException as error:
        raise SpecError(f"can't be used: {_first_line(error)}", where=Location(file)) from None
    return _zone_text(parsed, zone, file)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]


def _zone_text(parsed: Any, zone: str, file: str) -> ZoneText:
    records: list[Existing] = []
    others: list[Line] = []
    texts: dict[str, str] = {}
    soa, serial, soa_ttl, has_placeholder = None, 0, DEFAULT_TTL, False
    for name, ttl, rdata in parsed.iterate_rdatas():
        kind = rdata.rdtype.name
        text, comment = rdata.to_text(), (rdata.rdcomment or "").strip() or None
        host = name.to_text().removesuffix(".").lower()
        if kind == "SOA":
            soa, serial, soa_ttl = text, rdata.serial, ttl
        elif comment == _PLACEHOLDER and (kind, host) == ("NS", zone):
            has_placeholder = True
        elif kind in _WRITTEN:
            records.append(_existing(Record(zone, host, RecordType(kind), text, ttl), comment, file))
            texts[records[-1].id] = text
        else:
            others.append(Line(host, kind, ttl, text, comment))
    return ZoneText(tuple(records), tuple(others), soa, serial, soa_ttl, texts, has_placeholder)


def _existing(written: Record, comment: str | None, file: str) -> Existing:
    is_auto = comment is not None and comment.endswith(_AUTO_MARK)
    priority, content = _split_priority(written.type, written.content)
    ttl = AUTOMATIC_TTL if is_auto else written.ttl
    try:
        record = normal(replace(written, content=content, ttl=ttl, priority=priority))
    except ValueError as error:
        raise SpecError(f"{written.type} {written.name}: {error}", where=Location(file)) from None
    mark = comment.removesuffix(_AUTO_MARK) if comment else None
    return Existing(record_id(record), record, mark)


def _split_priority(kind: RecordType, text: str) -> tuple[int | None, str]:
    if kind not in (RecordType.MX, RecordType.SRV):
        return None, text
    first, _, rest = text.partition(" ")
    return int(first), rest


def render(zone: str, found: ZoneText, records: Sequence[Existing]) -> bytes:
    """The file with these records; its serial is one higher. A new file gets a SOA, and a placeholder for the name
    servers as long as no record names one of the zone itself."""
    serial = (found.serial + 1) % 2**32 or 1
    ordered = sorted(records, key=_place)
    servers = [item.record.content for item in ordered if _serves(item.record, zone)]
    first = [*servers, placeholder(zone)][0]
    ttl = "" if found.soa_ttl == DEFAULT_TTL else f" {found.soa_ttl}"
    soa = f"@{ttl} IN SOA {_soa(zone, f'{first}.', found, serial)}"
    lines = [f"$ORIGIN {zone}.", f"$TTL {DEFAULT_TTL}", soa]
    if not servers and (found.soa is None or found.has_placeholder):
        lines.append(f"@ IN NS {first}. ; {_PLACEHOLDER}")
    lines += [_line(f"{item.name}.", item.ttl, item.type, item.text, item.comment) for item in found.others]
    lines += [_record_line(item, found.texts.get(item.id)) for item in ordered]
    return "".join(f"{line}\n" for line in lines).encode()


def is_as_written(text: bytes, zone: str, found: ZoneText) -> bool:
    """Whether a file has the layout that edgegen gives it: no comment lines, no other order."""
    return render(zone, replace(found, serial=found.serial - 1), found.records) == text


def _serves(record: Record, zone: str) -> bool:
    return record.type is RecordType.NS and record.name == zone


def _place(item: Existing) -> tuple[list[str], str, str, int]:
    record = item.record
    return record.name.split(".")[::-1], record.type.value, record.content, record.priority or 0


def _soa(zone: str, server: str, found: ZoneText, serial: int) -> str:
    if found.soa is None:
        return f"{server} hostmaster.{zone}. {serial} 3600 900 1209600 300"
    first, contact, _, *times = found.soa.split()
    return " ".join([server if found.has_placeholder else first, contact, str(serial), *times])


def _record_line(item: Existing, text: str | None) -> str:
    record = item.record
    is_auto = record.ttl == AUTOMATIC_TTL
    comment = f"{item.comment or ''}{_AUTO_MARK}" if is_auto else item.comment
    return _line(
        f"{record.name}.", DEFAULT_TTL if is_auto else record.ttl, record.type.value, text or rdata(record), comment
    )


def _line(name: str, ttl: int, kind: str, text: str, comment: str | None) -> str:
    return f"{name} {ttl} IN {kind} {text}" + (f" ; {comment}" if comment else "")


def rdata(record: Record) -> str:
    """A record's content as in a zone file: absolute names, TXT in quoted strings, priorities in front."""
    content = record.content
    if record.type is RecordType.TXT:
        return quoted(content)
    if record.type in (RecordType.CNAME, RecordType.NS):
        return f"{content}."
    if record.type in (RecordType.MX, RecordType.SRV):
        return f"{record.priority} {content}."
    return content


class UnprovenError(ValueError):
    """A text that does not contain exactly the records it was made from."""


def prove(text: bytes, zone: str, file: str, records: Sequence[Existing], before: ZoneText) -> None:
    """Raise UnprovenError unless the text contains these records, the other lines of `before`, and nothing else."""
    try:
        found = parse(text, zone, file)
    except SpecError as error:
        raise UnprovenError(f"it would no longer be a zone file: {error.problems[0].message}") from None
    meant, read = {item.id: item for item in records}, {item.id: item for item in found.records}
    for key, item in meant.items():
        record = item.record
        if key not in read:
            raise UnprovenError(f"{record.type} {record.name} would be read as something else")
        if read[key].record.ttl != record.ttl:
            rule = "records of one name and type share one"
            raise UnprovenError(f"{record.type} {record.name} would have another ttl: {rule}")
        if read[key].comment != item.comment:
            raise UnprovenError(f"the comment of {record.type} {record.name} would be read as something else")
    others = [{item.id for item in side.others} for side in (found, before)]
    if len(read) > len(meant) or others[0] != others[1]:
        raise UnprovenError("it would contain records that were not requested")
