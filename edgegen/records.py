"""DNS records as plain data: what `desired` wants and what `dns` compares. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

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


ADDRESSES = (RecordType.A, RecordType.AAAA)
POINTERS = (*ADDRESSES, RecordType.CNAME)
"""What leads to an address. Only these can be behind Cloudflare's proxy."""
CAA_TAGS = ("issue", "issuewild", "issuemail", "issuevmc", "iodef", "contactemail", "contactphone")
# Source: the authorities' documentation of their CAA identities.
CAA_IDENTITIES: Mapping[str, tuple[str, ...]] = {
    "letsencrypt": ("letsencrypt.org",),
    "letsencrypt-staging": ("letsencrypt.org",),
    # ZeroSSL's certificates are issued by Sectigo, which still knows its names of earlier times.
    "zerossl": ("sectigo.com", "comodoca.com", "comodo.com", "usertrust.com", "trust-provider.com"),
}
"""Authority -> the names by which a CAA record allows it; the first is the one to write."""


class Record(Struct, frozen=True):
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
    where: Location | None = None
    """The line of the spec that asks for it. Two records are compared without it and without `path`."""
    path: Path = ()
    """Where the spec says so; () for a record that the spec does not have."""

    @property
    def _key(self) -> tuple[object, ...]:
        return self.zone, self.name, self.type, self.content, self.ttl, self.proxied, self.priority

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Record) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def is_declared(self) -> bool:
        """Whether it is in `records:` itself, and does not follow from a host."""
        return "records" in self.path[2:3]
