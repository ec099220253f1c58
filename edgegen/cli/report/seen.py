"""What was seen at one address, in the few words that every report has room for. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from edgegen.certificates.certificate import stamp
from edgegen.verify.observation import AddressSeen, Failure, TlsSeen, Trouble

_OUR_OWN = (Trouble.LOCAL, Trouble.NO_FAMILY)
"""These say something about this machine, not about the other side."""


class State(StrEnum):
    """How one address answered. Only `ANSWERS` is good, and it says nothing yet about the answer's content."""

    ANSWERS = "answers"
    UNTRUSTED = "untrusted"
    """TLS works, but its certificate was not accepted."""
    NO_ANSWER = "no-answer"
    """TLS works, but the HTTP answer failed or did not come."""
    NO_TLS = "no-tls"
    DEAD = "dead"
    NOT_PUBLIC = "not-public"
    """Not connected to: it is not an address of the internet."""
    UNKNOWN = "unknown"
    """This machine could not look, or was stopped before it had."""

    @property
    def words(self) -> str:
        """As a person says it."""
        return _WORDS[self]


_WORDS = {
    State.ANSWERS: "answers",
    State.UNTRUSTED: "not trusted",
    State.NO_ANSWER: "no HTTP answer",
    State.NO_TLS: "no TLS",
    State.DEAD: "not reachable",
    State.NOT_PUBLIC: "not public",
    State.UNKNOWN: "not seen",
}


class Address(Struct, frozen=True):
    """One address and how it answered. `detail` says more, or is empty; `status` is the last HTTP status, or None."""

    address: str
    state: State
    detail: str = ""
    status: int | None = None

    @property
    def family(self) -> int:
        """4 or 6; 0 where it is not an address at all (a name that `--connect-to` gave)."""
        try:
            return ipaddress.ip_address(self.address).version
        except ValueError:
            return 0

    def as_json(self) -> dict[str, Any]:
        """Its object in the JSON report."""
        return {
            "address": self.address,
            "family": self.family or None,
            "state": self.state.value,
            "detail": self.detail,
            "status": self.status,
        }


class Certificate(Struct, frozen=True):
    """A server's own certificate, and which of the endpoint's addresses sent it."""

    names: tuple[str, ...]
    issuer: str
    not_before: datetime
    not_after: datetime
    share_left: float
    """What is left of its life at the time of the run, from 0 (expired) to 1."""
    serial: str
    fingerprint: str
    key: str
    trusted: bool
    protocol: str
    """Of the first of `addresses`, as `cipher` is."""
    cipher: str
    addresses: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Its object in the JSON report."""
        return {**asdict(self), "not_before": stamp(self.not_before), "not_after": stamp(self.not_after)}


def address(seen: AddressSeen) -> Address:
    """The address as a report shows it."""
    state, failure = _state(seen)
    status = seen.answers[-1].status if seen.answers else 0
    return Address(seen.address, state, _detail(seen.tls, failure), status or None)


def _state(seen: AddressSeen) -> tuple[State, Failure | None]:
    if seen.not_public:
        return State.NOT_PUBLIC, None
    if seen.connect:
        return _unless_ours(State.DEAD, seen.connect)
    return _conversation(seen, seen.tls) if seen.tls else (State.UNKNOWN, None)


def _conversation(seen: AddressSeen, tls: TlsSeen) -> tuple[State, Failure | None]:
    if tls.failure:
        return _unless_ours(State.NO_TLS, tls.failure)
    if not tls.verified:
        return State.UNTRUSTED, None
    if seen.answers and (failure := seen.answers[-1].failure):
        return _unless_ours(State.NO_ANSWER, failure)
    return State.ANSWERS, None


def _unless_ours(state: State, failure: Failure) -> tuple[State, Failure]:
    return (State.UNKNOWN if failure.trouble in _OUR_OWN else state), failure


def _detail(tls: TlsSeen | None, failure: Failure | None) -> str:
    if failure:
        return failure.detail or failure.trouble.value
    if tls is None:
        return ""
    return tls.protocol if tls.verified else tls.verify_message or tls.protocol


def certificates(addresses: Sequence[AddressSeen], now: datetime) -> tuple[Certificate, ...]:
    """Every certificate that was sent, once each, in the order of the addresses."""
    senders: dict[str, list[AddressSeen]] = {}
    for seen in addresses:
        if seen.tls and seen.tls.certificate:
            senders.setdefault(seen.tls.certificate.fingerprint, []).append(seen)
    return tuple(_certificate(group, now) for group in senders.values())


def _certificate(senders: Sequence[AddressSeen], now: datetime) -> Certificate:
    tls = senders[0].tls
    assert tls and tls.certificate  # noqa: S101 (only such are grouped)
    own = tls.certificate
    return Certificate(
        names=own.names,
        issuer=own.issuer_name,
        not_before=own.not_before,
        not_after=own.not_after,
        share_left=round(own.share_left(now), 4),
        serial=own.serial,
        fingerprint=own.fingerprint,
        key=own.key,
        trusted=all(seen.tls is not None and seen.tls.verified for seen in senders),
        protocol=tls.protocol,
        cipher=tls.cipher,
        addresses=tuple(seen.address for seen in senders),
    )
