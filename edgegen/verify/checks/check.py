"""The shape of a check: a closed list of verdicts, and a pure function from what was seen to judgements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from edgegen.core.cloudflare import RANGES
from edgegen.core.finding import NOT_SEEN, Finding, Outcome, Severity
from edgegen.endpoints import Aspect
from edgegen.verify.observation import Observation

OK = "ok"


class Hop(StrEnum):
    """The links of the chain from a name to a container, in the order in which a request passes them."""

    DNS = "dns"
    TCP = "tcp"
    TLS = "tls"
    ENTRYPOINT = "entrypoint"
    ROUTER = "router"
    SERVICE = "service"
    CONTAINER = "container"


class Context(Struct, frozen=True):
    """What judging needs besides the observation: the time as an argument, and what the user chose."""

    now: datetime
    cloudflare: tuple[str, ...] = RANGES
    strict_tls: bool = False


class Verdict(Struct, frozen=True):
    """One word of a check's closed list, with how much it matters. LOW and INFO are remarks: the run stays good."""

    word: str
    severity: Severity
    outcome: Outcome = Outcome.FAIL
    hop: Hop | None = None
    """The link that it is about, where that is not the check's."""


class Fault(Struct, frozen=True):
    """A verdict of the check's list. `severity` None: the verdict's own."""

    verdict: Verdict
    message: str
    hint: str = ""
    severity: Severity | None = None
    aspect: str = Aspect.HOST


class Good(Struct, frozen=True):
    """No problem. `message` says what was seen; `word` names a good state that has its own word."""

    message: str
    aspect: str = Aspect.HOST
    word: str = OK


class Unseen(Struct, frozen=True):
    """What the check needs could not be looked at; the cause is another check's finding."""

    why: str


Judgement = Fault | Good | Unseen


class Check(Struct, frozen=True):
    """One check. Its module's docstring is its page: what it does, why, an example, and how to fix the fault.

    `judgements` gives at least one for every observation that the check applies to, and none for others.
    """

    id: str
    name: str
    hop: Hop
    """The link that it looks at."""
    verdicts: tuple[Verdict, ...]
    judgements: Callable[[Observation, Context], Iterable[Judgement]]

    def judge(self, seen: Observation, context: Context) -> Iterator[Finding]:
        """The judgements as findings about the endpoint. Raises KeyError for a verdict that is not on the list."""
        return (self._finding(seen, item) for item in self.judgements(seen, context))

    def _finding(self, seen: Observation, item: Judgement) -> Finding:
        subject, place = seen.endpoint.shown, seen.endpoint.place
        if isinstance(item, Unseen):
            return Finding(
                self.id, self.name, Severity.INFO, Outcome.UNKNOWN, subject, f"not seen: {item.why}", place(),
                verdict=NOT_SEEN,
            )  # fmt: skip
        if isinstance(item, Good):
            return Finding(
                self.id, self.name, Severity.INFO, Outcome.PASS, subject, item.message, place(item.aspect),
                verdict=item.word,
            )  # fmt: skip
        if item.verdict not in self.verdicts:
            raise KeyError(item.verdict.word)
        return Finding(
            self.id, self.name, item.severity or item.verdict.severity, item.verdict.outcome, subject, item.message,
            place(item.aspect), item.hint, item.verdict.word,
        )  # fmt: skip
