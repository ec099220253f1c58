"""How far one address was reached: the part of it that a check needs, or why there is none."""

from __future__ import annotations

from edgegen.certificates.certificate import CertificateSeen
from edgegen.verify.checks.check import Unseen
from edgegen.verify.observation import AddressSeen, Response, TlsSeen, in_words


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
