"""What the DNS says about an endpoint's host: through the resolver, and at each authoritative server of its zone."""

from __future__ import annotations

from edgegen.endpoints import Endpoint
from edgegen.verify.observation import NamesSeen
from edgegen.verify.settings import Settings


class SharedNames:
    """What the look-ups of one round share: each zone's name servers are found once, however many threads ask.

    It remembers failures too, so a new round (`--wait`) takes a new one.
    """


def look_up(endpoint: Endpoint, settings: Settings, shared: SharedNames) -> NamesSeen:
    """A and AAAA of the host, by `settings.resolvers` and by the authorities of its zone. Never raises.

    An address in place of a name stands in `resolved` as if it had been answered. Where `--connect-to` names this
    host and an address, `detour` is that address and nobody is asked.
    """
    raise NotImplementedError


def caa_of(host: str, settings: Settings) -> tuple[str, ...] | None:
    """The CAA records that hold for a host (RFC 8659: the nearest set up the tree), in presentation form; () for none.

    None where the DNS gave no answer: a certificate authority then refuses as well. Never raises.
    """
    raise NotImplementedError
