"""The providers that `provider:` of a domain may name, and what each of them can. Pure.

It names functions instead of importing them: the spec, which is checked against this list, lies below them. A new
provider is one file in `dns/providers/` and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

AUTOMATIC_TTL = 1
"""`ttl: auto`: the provider chooses."""
DEFAULT_TTL = 300
"""Seconds, where the provider does not choose."""


class Capabilities(Struct, frozen=True):
    """What a provider can. What it can't is brought into a form that it can keep before anything is compared."""

    proxy: bool = False
    """It can proxy hosts, so that DNS answers with its addresses instead of theirs."""
    automatic_ttl: bool = False
    """It takes `ttl: auto`."""
    ttl_per_set: bool = True
    """All records of one name and type share one ttl."""
    batch_limit: int = 200
    """Changes in one request."""
    text_limit: int = 60_000
    """Bytes of one TXT record. An answer has at most 65,535, its header and its names included."""
    texts_limit: int = 60_000
    """Bytes of all TXT records of one name: they are one answer."""
    flattens_apex: bool = False
    """A CNAME of the zone itself is answered with addresses, and NS records of the zone itself are the provider's."""
    is_file: bool = False
    """A zone file: its SOA and NS are at the zone itself, and a name server refuses all of it for one bad name."""


class Entry(Struct, frozen=True):
    """One provider: the function that opens it, as `module:name`; what it can; and the options that it knows."""

    opened: str
    capabilities: Capabilities = field(default_factory=Capabilities)
    options: tuple[str, ...] = ()


# Source: Cloudflare's documentation. 4,080 bytes are 4,096 with the length of each string of 255. Larger plans than
# the free one take 3,500 changes in one request.
_CLOUDFLARE = Capabilities(
    proxy=True, automatic_ttl=True, ttl_per_set=False, text_limit=4080, texts_limit=8192, flattens_apex=True
)
_ZONEFILE = Capabilities(automatic_ttl=True, is_file=True)

NONE = "none"
"""No provider of edgegen's: the records are kept elsewhere."""
PROVIDERS: Mapping[str, Entry] = {
    "cloudflare": Entry("edgegen.dns.providers.cloudflare:opened", _CLOUDFLARE),
    "zonefile": Entry("edgegen.dns.providers.zonefile:opened", _ZONEFILE),
}


def capabilities(provider: str) -> Capabilities:
    """What a provider can; nothing is known about a zone that is kept elsewhere."""
    return PROVIDERS[provider].capabilities if provider in PROVIDERS else Capabilities()
