"""`domains:` the zones and what their records look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.show import shown
from edgegen.records import RecordType
from edgegen.spec.base import Flag, Host, SpecModel, Text, Whole, WildHost

AUTO_WORDS = ("auto", "auto6")
"""What stands for this machine's own addresses."""


def _ttl(value: object) -> object:
    if value == "auto":
        return 1
    if isinstance(value, bool) or not isinstance(value, int) or not 60 <= value <= 86400:
        raise ValueError(f"`{shown(value)}` is not a ttl: write `auto`, or seconds from 60 to 86400")
    return value


def _addresses(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _address(value: object) -> object:
    from edgegen.spec.base import _ip

    return value if value in AUTO_WORDS else _ip(value)


Ttl = Annotated[
    int, BeforeValidator(_ttl), Field(json_schema_extra={"anyOf": [{"const": "auto"}, {"type": "integer"}]})
]
Address = Annotated[str, BeforeValidator(_address)]
Addresses = Annotated[list[Address], BeforeValidator(_addresses), AlsoAccepts("string")]


class HostOverride(SpecModel):
    """What differs for one host of the domain."""

    addresses: Addresses | None = None
    """Addresses of this host alone."""
    proxied: Flag | None = None
    """Whether Cloudflare's proxy stands before this host."""
    ttl: Ttl | None = None
    """`auto`, or seconds from 60 to 86400."""
    cname: Host | None = None
    """A CNAME instead of addresses."""

    @model_validator(mode="after")
    def _cname_or_addresses(self) -> HostOverride:
        if self.cname and self.addresses:
            raise ValueError("a host has either `cname` or `addresses`, not both")
        return self


class DeclaredRecord(SpecModel):
    """A record that is published as it stands."""

    type: RecordType
    """MX, TXT, SRV, CNAME, CAA, A, AAAA or NS."""
    name: Text
    """Name below the zone, with or without the zone at its end; `@` is the zone itself."""
    content: Text
    """The record's value. MX, SRV, CNAME, NS: only the target's full name; CAA: `0 issue "ca.example"`; TXT: the text,
    which edgegen splits and escapes."""
    priority: Annotated[Whole, Field(ge=0, le=65535)] | None = None
    """MX and SRV."""
    weight: Annotated[Whole, Field(ge=0, le=65535)] | None = None
    """SRV."""
    port: Annotated[Whole, Field(ge=0, le=65535)] | None = None
    """SRV."""
    ttl: Ttl | None = None
    """`auto`, or seconds from 60 to 86400."""
    proxied: Flag = False
    """Whether Cloudflare's proxy stands before it (A, AAAA, CNAME)."""

    @model_validator(mode="after")
    def _has_its_fields(self) -> DeclaredRecord:
        needed = {RecordType.MX: ("priority",), RecordType.SRV: ("priority", "weight", "port")}.get(self.type, ())
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"an {self.type} record needs {', '.join(f'`{name}`' for name in missing)}")
        for name in ("priority", "weight", "port"):
            if getattr(self, name) is not None and name not in needed:
                raise ValueError(f"`{name}` has no meaning in a record of type {self.type}")
        return self


class Domain(SpecModel):
    """One zone."""

    provider: Literal["cloudflare", "zonefile", "none"] = "cloudflare"
    """cloudflare, zonefile (writes a BIND file; needs no account), or none (its records are kept elsewhere: `dns` plans
    nothing, `verify` still looks)."""
    zone_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """Cloudflare's id of the zone: saves a look-up, and tells two zones of one name apart."""
    addresses: Addresses = Field(default_factory=list)
    """A and AAAA of every host; `auto` asks for this machine's own IPv4 address, `auto6` for its IPv6 address."""
    proxied: Flag = False
    """Whether Cloudflare's proxy stands before the hosts."""
    ttl: Ttl = 1
    """`auto`, or seconds from 60 to 86400."""
    caa: Flag = False
    """CAA records that allow the chosen authority alone."""
    hosts: dict[WildHost, HostOverride] = Field(default_factory=dict)
    """What differs for one host."""
    records: list[DeclaredRecord] = Field(default_factory=list)
    """Records that are published as they stand, owned like the others."""
    ignore: list[Text] = Field(default_factory=list)
    """Globs of names that edgegen never looks at."""

    @property
    def is_planned(self) -> bool:
        """Whether edgegen keeps its records; with `none` somebody else does."""
        return self.provider != "none"
