"""The clock agrees with that of a server: every verdict on a certificate depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from edgegen.core.finding import Finding
from edgegen.net.answer import in_words
from edgegen.net.client import Client
from edgegen.project.doctor.patient import Patient
from edgegen.project.doctor.said import Said
from edgegen.system.waiting import waiting_for
from edgegen.verify.checks.clock import MOST
from edgegen.verify.checks.dates import moment, span

CLOCK = Said("EM004", "clock")
_SECONDS, _BYTES = 5.0, 64 * 1024


def clock(patient: Patient) -> Iterator[Finding]:
    """The first server that says its time decides."""
    why = "no server is configured"
    for url in patient.clocks:
        host = urlsplit(url).hostname
        with waiting_for(f"asking {host} for the time"):
            found = _asked(url)
        if isinstance(found, tuple):
            yield _judged(*found, str(host))
            return
        why = f"{host}: {found}"
    yield CLOCK.unknown(f"no server says its time ({why})", "`timedatectl` shows whether this machine is synchronised")


def _asked(url: str) -> tuple[datetime, datetime] | str:
    """This machine's time and the server's, or why it has not said one."""
    client = Client(url, total=_SECONDS, limit=_BYTES)
    answer = client.ask("GET", "/", {"User-Agent": "edgegen"})
    client.close()
    if not answer.status:
        return in_words(answer.failure) if answer.failure else "no answer"
    try:
        theirs = parsedate_to_datetime(answer.header("date"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return "its answer has no date"
    return answer.at or datetime.now(UTC), theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)


def _judged(ours: datetime, theirs: datetime, host: str) -> Finding:
    apart = theirs - ours
    if abs(apart) <= MOST:
        return CLOCK.good(f"this machine's clock agrees with that of {host}")
    which = "behind" if theirs > ours else "ahead"
    return CLOCK.bad(
        f"this machine's clock is {span(abs(apart))} {which}: it says {moment(ours)}, {host} says {moment(theirs)}",
        "`sudo timedatectl set-ntp true`",
    )
