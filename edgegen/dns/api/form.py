"""Conversion of records to and from Cloudflare's form. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from edgegen.core.dns_names import dns_name
from edgegen.core.zone_text import quoted, unquoted
from edgegen.dns.normal import normal
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Other
from edgegen.records import POINTERS, Record, RecordType

_TOO_LARGE = 2**31


def to_api(record: Record, comment: str) -> dict[str, Any]:
    """The JSON of a record with its mark, for a new record and for an update."""
    body: dict[str, Any] = {"type": record.type.value, "name": record.name, "ttl": record.ttl, "comment": comment}
    if record.type in POINTERS:
        body["proxied"] = record.proxied
    if record.type is RecordType.SRV:
        weight, port, target = record.content.split(" ")
        body["data"] = {
            "priority": record.priority or 0,
            "weight": int(weight),
            "port": int(port),
            "target": target or ".",
        }
    elif record.type is RecordType.CAA:
        flags, tag, value = record.content.split(None, 2)
        body["data"] = {"flags": int(flags), "tag": tag, "value": unquoted(value)}
    else:
        # An empty target is `.`: the service does not exist.
        body["content"] = quoted(record.content) if record.type is RecordType.TXT else record.content or "."
    if record.type is RecordType.MX:
        body["priority"] = record.priority or 0
    return body


def from_api(row: Mapping[str, Any], zone: str) -> Existing | Other:
    """A row of a listing. A type that edgegen does not write, or content that it can't read, becomes an Other.

    Raises ValueError for a row without id, type and name: such a listing is incomplete.
    """
    if not all(isinstance(row.get(key), str) and row[key] for key in ("id", "type", "name")):
        raise ValueError("a record without id, type or name")
    try:
        record = normal(
            Record(
                zone=zone,
                name=row["name"],
                type=RecordType(row["type"]),
                content=_content(row),
                ttl=_whole(row.get("ttl") or 1),
                proxied=row.get("proxied") is True,
                priority=_priority(row),
            )
        )
    except (ValueError, TypeError, KeyError, OverflowError):
        return Other(row["id"], row["type"], host_or_same(row["name"]))
    comment = row.get("comment")
    mark = comment if isinstance(comment, str) else None
    return Existing(row["id"], record, mark, _is_locked(row), str(row.get("created_on") or ""))


def host_or_same(name: str) -> str:
    """A name in canonical spelling, or unchanged if it has none."""
    try:
        return dns_name(name)
    except ValueError:
        return name


def _content(row: Mapping[str, Any]) -> str:
    data = row.get("data")
    if row["type"] == "SRV" and isinstance(data, dict):
        return f"{data['weight']} {data['port']} {data['target']}"
    if row["type"] == "SRV":
        # Without `data` the content starts with the priority in newer answers, and lacks it in older ones.
        return " ".join(str(row["content"]).split()[-3:])
    if row["type"] == "CAA" and isinstance(data, dict):
        return f"{data['flags']} {data['tag']} {quoted(str(data['value']))}"
    return str(row["content"])


def _priority(row: Mapping[str, Any]) -> int | None:
    data = row.get("data")
    if row.get("priority") is not None:
        return _whole(row["priority"])
    return _whole(data["priority"]) if isinstance(data, dict) and "priority" in data else None


def _whole(value: Any) -> int:
    """A number that fits into a record. Raises ValueError, OverflowError, TypeError for anything else."""
    number = int(value)
    if isinstance(value, bool) or number != value or not 0 <= number < _TOO_LARGE:
        raise ValueError(f"{str(value)[:20]} is not a ttl or priority")
    return number


def _is_locked(row: Mapping[str, Any]) -> bool:
    """Whether another Cloudflare product manages the record, or it is read-only."""
    meta = row.get("meta")
    if row.get("locked") is True:
        return True
    if not isinstance(meta, dict):
        return False
    return meta.get("read_only") is True or any(
        value is True for key, value in meta.items() if key.startswith("managed_by_")
    )
