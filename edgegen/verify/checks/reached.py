"""How far one address was reached: the part of it that a check needs, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from edgegen.certificates.certificate import CertificateSeen
from edgegen.endpoints import Aspect
from edgegen.verify.checks.addresses import by_address
from edgegen.verify.checks.check import Judgement, Unseen
from edgegen.verify.observation import AddressSeen, Observation, Response, TlsSeen, in_words

_Part = TypeVar("_Part")


def by_part(
    seen: Observation,
    part: Callable[[AddressSeen], _Part | Unseen],
    judge: Callable[[AddressSeen, _Part], Iterable[Judgement]],
    *,
    aspect: str = Aspect.HOST,
) -> Iterator[Judgement]:
    """As `by_address`, of a part of each address (`handshake`, `answers` …): judged, or why there is none."""

    def of_address(address: AddressSeen) -> Iterable[Judgement]:
        found = part(address)
        return [found] if isinstance(found, Unseen) else judge(address, found)

    return by_address(seen, of_address, aspect=aspect)


def port_reached(address: AddressSeen) -> Unseen | None:
    """Why its TLS port was not reached; None where it was."""
    if address.not_public:
        return Unseen("the address is not public, and was not connected to")
    if address.connect:
        return Unseen(f"it can't be connected to ({in_words(address.connect)})")
    return None


def handshake(address: AddressSeen) -> TlsSeen | Unseen:
    """Its TLS, where there was a handshake, trusted or not."""
    if unseen := port_reached(address):
        return unseen
    if address.tls is None:
        return Unseen("its TLS was not checked")
    if address.tls.failure:
        return Unseen(f"there was no TLS handshake ({in_words(address.tls.failure)})")
    return address.tls


def own_certificate(address: AddressSeen) -> CertificateSeen | Unseen:
    """Its own certificate."""
    tls = handshake(address)
    if isinstance(tls, Unseen):
        return tls
    return tls.certificate or Unseen("the certificate could not be read")


def answers(address: AddressSeen) -> tuple[Response, ...] | Unseen:
    """What it answered over https; at least one response, the last one being where the redirects ended."""
    tls = handshake(address)
    if isinstance(tls, Unseen):
        return tls
    return address.answers or Unseen("nothing was requested over https")
