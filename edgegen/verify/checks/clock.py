"""This machine's clock and the server's agree.

What it does
    Compares the `Date` of each answer, plus its `Age` in a cache, with this machine's clock when the answer came. A
    difference of more than 5 minutes is a fault of one of the two.

Why
    Every verdict on certificate dates is only as good as the clock it is based on. A wrong clock makes good
    certificates look expired, and expired ones good.

Example
    A machine that can't reach a time server believes it is 2025, and reports a fresh certificate as not yet valid.

Instead
    Synchronise the time on both machines: `timedatectl set-ntp true`.

Verdicts
    clock-skew: the two clocks differ by more than 5 minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec import Struct

from edgegen.certificates.certificate import CertificateSeen
from edgegen.core.finding import Severity
from edgegen.verify.checks.addresses import by_address
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.dates import moment, span
from edgegen.verify.checks.reached import own_certificate
from edgegen.verify.observation import AddressSeen, Observation, Response

CLOCK_SKEW = Verdict("clock-skew", Severity.MEDIUM)

MOST = timedelta(minutes=5)


class Clocks(Struct, frozen=True):
    """What both clocks said when one answer came."""

    ours: datetime
    theirs: datetime

    @property
    def apart(self) -> timedelta:
        """How far; positive where the server's is ahead."""
        return self.theirs - self.ours


def skew(address: AddressSeen) -> timedelta | None:
    """How far the server's clock is ahead of this machine's; None: they agree, or it is not known."""
    nearest = _nearest(_answers(address))
    return nearest.apart if nearest and abs(nearest.apart) > MOST else None


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The answers of every address. Without a `Date` there is nothing to compare, and no finding."""
    answered = [item for address in seen.addresses for item in _answers(address)]
    if answered and not any(_clocks(answered)):
        return iter(())
    return by_address(seen, _of_address) if answered or seen.endpoint.speaks_http else iter(())


def _of_address(address: AddressSeen) -> Iterator[Judgement]:
    answered = _answers(address)
    if not answered:
        yield Unseen("there was no answer over HTTP")
    elif nearest := _nearest(answered):
        yield _judged(nearest, own_certificate(address))


def _answers(address: AddressSeen) -> list[Response]:
    return [item for item in (*address.answers, *address.plain) if item.status]


def _nearest(answers: Iterable[Response]) -> Clocks | None:
    """One answer at the right time shows that both clocks are right: another may have come from a cache."""
    return min(_clocks(answers), key=lambda clocks: abs(clocks.apart), default=None)


def _clocks(answers: Iterable[Response]) -> Iterator[Clocks]:
    for answer in answers:
        now = _now(answer)
        if now and answer.at:
            yield Clocks(answer.at, now)


def _now(answer: Response) -> datetime | None:
    """The time by the server's clock when it answered. None if it does not send a readable date."""
    try:
        sent = parsedate_to_datetime(answer.header("date"))
        sent = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC)
        return sent + timedelta(seconds=_age(answer.header("age")))
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _age(text: str) -> int:
    """Seconds in a cache; at most a year, so that nonsense does not overflow."""
    return min(int(text), 31_536_000) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _judged(clocks: Clocks, certificate: CertificateSeen | Unseen) -> Judgement:
    if abs(clocks.apart) <= MOST:
        return Good("this machine's clock and the server's agree")
    ahead = "ahead of" if clocks.apart > timedelta() else "behind"
    message = (
        f"the server's clock says {moment(clocks.theirs)}, this machine's {moment(clocks.ours)}: "
        f"the server is {span(clocks.apart)} {ahead} it{_what_depends(clocks, certificate)}"
    )
    return Fault(CLOCK_SKEW, message, "synchronise both: `timedatectl set-ntp true`")


def _what_depends(clocks: Clocks, certificate: CertificateSeen | Unseen) -> str:
    if isinstance(certificate, Unseen):
        return ""
    ours, theirs = (_standing(certificate, now) for now in (clocks.ours, clocks.theirs))
    if ours == theirs:
        return f". By both the certificate is {ours}"
    return f". The certificate is {ours} by this machine's clock, and {theirs} by the server's: EV003 depends on it"


def _standing(certificate: CertificateSeen, now: datetime) -> str:
    if now < certificate.not_before:
        return "not valid yet"
    return "valid" if now < certificate.not_after else "expired"


CHECK = Check("EV012", "clock", Hop.TLS, (CLOCK_SKEW,), judge)
