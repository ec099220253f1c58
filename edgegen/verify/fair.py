"""A time-out tells of the other side only where it had its time; what was asked at the very end tells nothing. Pure."""

from __future__ import annotations

from dataclasses import replace

from edgegen.verify.every_answer import changed
from edgegen.verify.observation import AddressSeen, Failure, Response, TlsSeen, Trouble

SHARE = 0.5
"""The part of an endpoint's whole time that one answer must have had."""
ENOUGH = 3.0
"""Seconds after which a connection or a handshake may be given up in any case: a lost packet was sent twice by then."""


def fair(seen: AddressSeen, timeout: float) -> AddressSeen:
    """The same, with each time-out that came too soon as this machine's own lack of time.

    `timeout` is the endpoint's whole time in seconds: the look-up of its name, the handshake and the answers before
    may have used up most of it. "Could not tell" is right then, and "it gives no answer" would be a false alarm.
    """
    least = min(ENOUGH, timeout * SHARE)
    return replace(
        changed(seen, lambda answer: _answer(answer, timeout)),
        connect=_judged(seen.connect, least, timeout),
        plain_connect=_judged(seen.plain_connect, least, timeout),
        tls=_tls(seen.tls, least, timeout) if seen.tls else None,
    )


def _answer(answer: Response, timeout: float) -> Response:
    return replace(answer, failure=_judged(answer.failure, timeout * SHARE, timeout)) if answer.failure else answer


def _tls(seen: TlsSeen, least: float, timeout: float) -> TlsSeen:
    return replace(seen, failure=_judged(seen.failure, least, timeout)) if seen.failure else seen


def _judged(failure: Failure | None, least: float, timeout: float) -> Failure | None:
    if failure is None or failure.trouble is not Trouble.TIMEOUT or failure.seconds >= least:
        return failure
    detail = f"{failure.seconds:.2g} of its {timeout:g} s were left: see --timeout"
    return replace(failure, trouble=Trouble.LOCAL, detail=detail)
