"""DNS records as plain data: what `desired` wants and what `dns` compares. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from edgegen.core.location import Location, Path


class RecordType(StrEnum):
    """The record types that edgegen writes."""

    A = "A"
    AAAA = "AAAA"
    CNAME = "CNAME"
    CAA = "CAA"
    MX = "MX"
    NS = "NS"
    SRV = "SRV"
    TXT = "TXT"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of one zone.

    `name` is the full name (lower case, IDNA, no trailing dot; `*.` allowed). `content` is the record's
    presentation form without priority (MX: the target; SRV: `weight port target`; CAA: `flags tag "value"`;
    TXT: the text itself, unquoted and unsplit). `ttl` is in seconds, 1 means automatic.
    """

    zone: str
    name: str
    type: RecordType
    content: str
    ttl: int = 1
    proxied: bool = False
    priority: int | None = None
    where: Location | None = field(default=None, compare=False)
    path: Path = field(default=(), compare=False)
    """Where the spec says so; () for a record that the spec does not have."""

    @property
    def is_declared(self) -> bool:
        """Whether it is in `records:` itself, and does not follow from a host."""
        return "records" in self.path[2:3]
