"""`domains:` the zones and what their records look like."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticKnownError

from edgegen.core.json_schema import AlsoAccepts, Says, conditions, where
from edgegen.core.names import is_host, time_of
from edgegen.core.show import shown
from edgegen.core.validators import WHEN_MET, Before, no_items, no_keys
from edgegen.provider_names import AUTOMATIC_TTL, NONE, PROVIDERS, Capabilities, capabilities
from edgegen.records import RecordType
from edgegen.spec.base import Flag, HintedError, Host, Scalar, SpecModel, Text, Whole, WildHost, as_list, ip_text

AUTO = {"auto": 4, "auto6": 6}
"""Words for the host's own address, and the family that each asks for. AAAA is published only when it is asked for."""


def _ttl(value: object) -> object:
    if value == "auto":
        return AUTOMATIC_TTL
    if isinstance(value, bool) or not isinstance(value, int) or not 60 <= value <= 86400:
        raise HintedError(
            f"`{shown(value)}` is not a ttl: write `auto`, or seconds from 60 to 86400", _in_seconds(value)
        )
    return value


def _in_seconds(value: object) -> str:
    """What to write for a duration, or ""."""
    try:
        return f"write {round(time_of(str(value)))}" if isinstance(value, str) else ""
    except ValueError:
        return ""


def _address(value: object) -> object:
    if isinstance(value, str) and value not in AUTO and is_host(value):
        how = f"a host that follows another name has it as `hosts: {{HOST: {{cname: {shown(value)}}}}}`"
        raise HintedError(f"`{shown(value)}` is not an IP address", how)
    return value if isinstance(value, str) and value in AUTO else ip_text(value)


_SECONDS = {"type": "integer", "minimum": 60, "maximum": 86400}
Ttl = Annotated[int, Before(_ttl), Says(anyOf=[{"const": "auto"}, _SECONDS])]
Address = Annotated[str, Before(_address), Says(anyOf=[{"enum": list(AUTO)}, {"type": "string"}])]
Addresses = Annotated[list[Address], Before(as_list), AlsoAccepts("string")]


class HostOverride(SpecModel):
    """Settings for one host that differ from the domain's."""

    addresses: Addresses | None = None
    """Addresses of this host only. Example: `[192.0.2.10]`."""
    proxied: Flag | None = None
    """Whether this host is behind Cloudflare's proxy."""
    ttl: Ttl | None = None
    """`auto`, or seconds from 60 to 86400. Example: `300`."""
    cname: Host | None = None
    """A CNAME instead of addresses. Example: `pages.example.net`."""

    @model_validator(mode="after")
    def _cname_or_addresses(self) -> Self:
        if self.cname and self.addresses:
            raise ValueError("a host has either `cname` or `addresses`, not both")
        return self


class DeclaredRecord(SpecModel):
    """A record that is published as written."""

    model_config = ConfigDict(
        json_schema_extra=conditions(
            where("type", "MX", "priority"), where("type", "SRV", "priority", "weight", "port")
        )
    )

    type: RecordType
    """MX, TXT, SRV, CNAME, CAA, A, AAAA or NS. Example: `TXT`."""
    name: Text
    """Name in the zone, with or without the zone at the end; `@` is the zone itself. Example: `_dmarc`."""
    content: Text
    """The record's value. MX, SRV, CNAME, NS: only the target's full name; CAA: `0 issue "ca.example"`; TXT: the text,
    which edgegen splits and escapes. Example: `v=DMARC1; p=none`."""
    priority: Annotated[Whole, Field(ge=0, le=65535)] | None = None
    """MX and SRV. Example: `10`."""
    weight: Annotated[Whole, Field(ge=0, le=65535)] | None = None
    """SRV. Example: `1`."""
    port: Annotated[Whole, Field(ge=0, le=65535)] | None = None
    """SRV. Example: `993`."""
    ttl: Ttl | None = None
    """`auto`, or seconds from 60 to 86400. Example: `3600`."""
    proxied: Flag = False
    """Whether it is behind Cloudflare's proxy (A, AAAA, CNAME)."""

    @model_validator(mode="after")
    def _has_its_fields(self) -> Self:
        needed = {RecordType.MX: ("priority",), RecordType.SRV: ("priority", "weight", "port")}.get(self.type, ())
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"an {self.type} record needs {', '.join(f'`{name}`' for name in missing)}")
        for name in ("priority", "weight", "port"):
            if getattr(self, name) is not None and name not in needed:
                raise ValueError(f"`{name}` has no meaning in a record of type {self.type}")
        return self


def _names() -> tuple[str, ...]:
    """Every word that `provider:` takes, asked each time: a provider may be registered after this import."""
    return (*PROVIDERS, NONE)


def _is_provider(value: object) -> object:
    if value not in _names():
        raise PydanticKnownError("literal_error", {"expected": ", ".join(_names())})
    return value


ProviderName = Annotated[str, Before(_is_provider), Field(json_schema_extra={"enum": list(_names())})]


class ProviderUse(BaseModel):
    """A provider with its own options. Each provider lists its options: see `domain_options`."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)
    __pydantic_extra__: dict[str, Scalar]

    kind: ProviderName

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        kinds = [_use(name, PROVIDERS[name].options if name in PROVIDERS else ()) for name in _names()]
        return {"oneOf": kinds}


def _use(kind: str, options: tuple[str, ...]) -> dict[str, Any]:
    known = {name: {"description": f"An option of {kind}."} for name in options}
    return {
        "type": "object",
        "properties": {"kind": {"const": kind, "description": "The provider."}, **known},
        "required": ["kind"],
        "additionalProperties": False,
    }


def _provider(value: object) -> object:
    """Only the name, or a mapping with `kind` and options."""
    return ProviderUse.model_validate(value) if isinstance(value, Mapping) else _is_provider(value)


class Domain(SpecModel):
    """One zone."""

    provider: Annotated[ProviderName | ProviderUse, Before(_provider)] = "cloudflare"
    """cloudflare, zonefile (writes a BIND file; needs no account), or none (its records are kept elsewhere: `dns` plans
    nothing, `verify` still looks). With options of the provider: `{kind: NAME, OPTION: VALUE}`. Example: `zonefile`."""
    zone_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """Cloudflare's id of the zone: saves a look-up, and distinguishes two zones of one name.
    Example: `023e105f4ecef8ad9ca31a8372d0c353`."""
    addresses: Addresses = Field(default_factory=no_items)
    """A and AAAA of every host; `auto` asks for this machine's own IPv4 address, `auto6` for its IPv6 address.
    Example: `[157.245.51.137, "2604:a880:2:d0::1"]`."""
    proxied: Flag = False
    """Whether the hosts are behind Cloudflare's proxy."""
    ttl: Annotated[Ttl, Field(json_schema_extra={"default": "auto"})] = AUTOMATIC_TTL
    """`auto`, or seconds from 60 to 86400. Example: `300`."""
    caa: Flag = False
    """Publish CAA records that allow only the chosen authority."""
    hosts: dict[WildHost, Annotated[HostOverride, WHEN_MET]] = Field(default_factory=no_keys)
    """Settings for one host that differ from the domain's. Example: `{www.commenthouse.com: {proxied: true}}`."""
    records: list[Annotated[DeclaredRecord, WHEN_MET]] = Field(default_factory=no_items)
    """Records that are published as written, owned like the others.
    Example: `[{type: MX, name: "@", content: mail.example.net, priority: 10}]`."""
    ignore: list[Text] = Field(default_factory=no_items)
    """Glob patterns of names that edgegen never touches. Example: `["*.dyn.commenthouse.com"]`."""

    @property
    def is_planned(self) -> bool:
        """Whether edgegen manages its records; with `none` it doesn't."""
        return self.keeper != NONE

    @property
    def keeper(self) -> str:
        """The name of its provider."""
        return self.provider if isinstance(self.provider, str) else self.provider.kind

    @property
    def options(self) -> dict[str, str]:
        """The provider's options."""
        return {} if isinstance(self.provider, str) else self.provider.__pydantic_extra__

    @property
    def capabilities(self) -> Capabilities:
        """What its provider can."""
        return capabilities(self.keeper)
