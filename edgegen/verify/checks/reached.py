"""How far one address was reached: the part of it that a check needs, or why there is none."""

from __future__ import annotations

from edgegen.core.show import shown
from edgegen.verify.checks.check import Unseen
from edgegen.verify.observation import AddressSeen, CertificateSeen, Failure, Response, TlsSeen, Trouble

_IN_WORDS = {
    Trouble.REFUSED: "connection refused",
    Trouble.RESET: "connection reset",
    Trouble.CLOSED: "the other side hung up",
    Trouble.TIMEOUT: "no answer",
    Trouble.UNREACHABLE: "no route",
    Trouble.NO_FAMILY: "this machine has no address of that family",
    Trouble.NOT_TLS: "what answered is not TLS",
    Trouble.OLD_TLS: "only old protocols",
    Trouble.ALERT: "a TLS alert",
    Trouble.TOO_LARGE: "more data than is read",
    Trouble.MALFORMED: "the answer is not HTTP",
    Trouble.LOCAL: "this machine could not look",
}


def in_words(failure: Failure) -> str:
    """What came of an attempt: `no answer within 10 s`, `a TLS alert: unrecognized_name`."""
    if failure.trouble is Trouble.TIMEOUT:
        return f"no answer within {failure.seconds:.3g} s" if failure.seconds else "no answer in time"
    words, detail = _IN_WORDS[failure.trouble], shown(failure.detail)
    return f"{words}: {detail}" if detail and detail.lower() != words else words


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
        return Unseen("its TLS was not looked at")
    if address.tls.failure:
        return Unseen(f"there was no TLS handshake ({in_words(address.tls.failure)})")
    return address.tls


def own_certificate(address: AddressSeen) -> CertificateSeen | Unseen:
    """The certificate that it shows as its own."""
    tls = handshake(address)
    if isinstance(tls, Unseen):
        return tls
    return tls.certificate or Unseen("the certificate could not be read")


def answers(address: AddressSeen) -> tuple[Response, ...] | Unseen:
    """What it answered over https; at least one response, the last one being where the redirects ended."""
    tls = handshake(address)
    if isinstance(tls, Unseen):
        return tls
    return address.answers or Unseen("nothing was asked over https")
