"""How an answer of the DNS compares with what the spec says about the name. Pure."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from edgegen.core.cloudflare import all_cloudflares, is_cloudflares
from edgegen.endpoints import Endpoint, Kind
from edgegen.lookup import Reply, Status
from edgegen.system.internet import spelled
from edgegen.verify.checks.dns_words import of_authorities, without_dns64
from edgegen.verify.observation import NamesSeen


class Match(Enum):
    """What one answer, or all answers about one family together, are."""

    RIGHT = auto()
    WRONG = auto()
    PROXY = auto()
    """Cloudflare's, and the spec does not want its proxy."""
    BARE = auto()
    """The origin's own, and the spec wants the proxy."""
    UNTOLD = auto()
    """No answer that could be compared."""
    UNSETTLED = auto()
    """Wrong here and right at an authority: old, or the authorities differ."""


FAULTY = (Match.WRONG, Match.PROXY, Match.BARE)
"""What the check of the addresses (EV002) calls a fault."""


class Expected(Struct, frozen=True):
    """What the spec wants for a name, and which addresses are Cloudflare's."""

    endpoint: Endpoint
    ranges: tuple[str, ...]

    def wanted(self, family: int) -> tuple[str, ...] | None:
        """The addresses that a family must answer; None if not specified."""
        return self.endpoint.ipv4 if family == 4 else self.endpoint.ipv6

    def strange(self, family: int, reply: Reply) -> set[str]:
        """The addresses of an answer that the spec does not name."""
        return _set(reply.values) - _set(self.wanted(family) or ())

    def match(self, family: int, reply: Reply) -> Match:
        """How one answer compares."""
        reply = without_dns64(reply)
        if reply.status not in (Status.ANSWER, Status.NODATA):
            return Match.UNTOLD
        if self.endpoint.proxied:
            return self._proxied(family, reply)
        if self.endpoint.cname:
            return self._cname(reply)
        return self._addresses(family, reply)

    def _proxied(self, family: int, reply: Reply) -> Match:
        """Cloudflare answers both families or one, whatever the origin has."""
        if not reply.values or all_cloudflares(reply.values, self.ranges):
            return Match.RIGHT
        if self.wanted(family) is None or not self.strange(family, reply):
            return Match.BARE
        return Match.WRONG

    def _cname(self, reply: Reply) -> Match:
        """A target may itself be behind the proxy, as the spec wants; only a registry must not be."""
        if self.endpoint.kind is Kind.REGISTRY and all_cloudflares(reply.values, self.ranges):
            return Match.PROXY
        wanted = (self.endpoint.cname or "").removesuffix(".").lower()
        # Some resolvers leave AAAA out, and the CNAME with it: no answer at all is not evidence against it.
        nothing = not reply.cnames and not reply.values
        return (
            Match.RIGHT
            if nothing or is_flattened(self.endpoint, reply) or reply.cnames[:1] == (wanted,)
            else Match.WRONG
        )

    def _addresses(self, family: int, reply: Reply) -> Match:
        strange = self.strange(family, reply)
        if self.endpoint.proxied is False and any(is_cloudflares(value, self.ranges) for value in strange):
            return Match.PROXY
        wanted = self.wanted(family)
        return Match.RIGHT if wanted is None or _set(wanted) == _set(reply.values) else Match.WRONG

    def settle(self, family: int, names: NamesSeen) -> tuple[Match, Reply]:
        """How a family compares, at the resolver and at all authorities, and the answer that shows it."""
        reply = names.resolved[family]
        own = self.match(family, reply)
        told = [(self.match(family, one), one) for one in of_authorities(names, family)]
        wrong = [(match, one) for match, one in told if match in FAULTY]
        right = any(match is Match.RIGHT for match, _ in told)
        if own is Match.RIGHT and wrong and not right:
            return wrong[0]
        if own in FAULTY and right:
            return Match.UNSETTLED, reply
        return own, reply

    def told_elsewhere(self, address: str, names: NamesSeen) -> bool:
        """Whether the DNS checks report that an address is wrong, or not right everywhere."""
        family = 6 if ":" in address else 4
        return family in names.resolved and self.settle(family, names)[0] in (*FAULTY, Match.UNSETTLED)


def is_flattened(endpoint: Endpoint, reply: Reply) -> bool:
    """Whether a provider gives the addresses of a CNAME's target instead, at the apex, where no CNAME can be."""
    return bool(endpoint.cname) and endpoint.host == endpoint.zone and not reply.cnames


def _set(addresses: tuple[str, ...]) -> set[str]:
    return {spelled(address) for address in addresses}
