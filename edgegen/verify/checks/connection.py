"""Every address accepts connections.

What it does
    Connects to the TLS port of every address of the host, IPv4 and IPv6 separately, and counts.

Why
    Browsers try the next address by themselves, slowly; most programs don't try at all. If one of two addresses is
    dead, half of the requests fail, and a single look from a machine that got the live one shows nothing.

Example
    The A record leads to a server that was switched off; the AAAA record to one whose firewall drops IPv6.

Instead
    Run `edgegen up` and `edgegen status` on the server, publish port 443 and open it in the firewall for both families,
    and remove addresses from the DNS at which nothing answers.

Verdicts
    refused: no address of a family accepts connections, and no other family does: nothing listens there.
    reset: the same, and connections are cut as soon as they are made.
    timeout-connect: the same, and nothing comes back: usually a firewall, or an unused address.
    unreachable: the same, and the network reports that there is no route.
    dead-address: one whole family is dead, but the other works.
    partial-outage: some addresses of a family are dead.
    no-family: this machine has no address of that family, so it could not be checked.
    local-trouble: this machine could not connect to anything: too many open files, no permission …
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from edgegen.core.finding import Outcome, Severity
from edgegen.core.show import first_few
from edgegen.endpoints import Aspect
from edgegen.verify.checks.addresses import no_address
from edgegen.verify.checks.advice import health
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.observation import AddressSeen, Observation, Trouble, in_words

REFUSED = Verdict("refused", Severity.CRITICAL)
RESET = Verdict("reset", Severity.CRITICAL)
TIMEOUT_CONNECT = Verdict("timeout-connect", Severity.CRITICAL)
UNREACHABLE = Verdict("unreachable", Severity.CRITICAL)
DEAD_ADDRESS = Verdict("dead-address", Severity.HIGH)
PARTIAL_OUTAGE = Verdict("partial-outage", Severity.HIGH)
NO_FAMILY = Verdict("no-family", Severity.MEDIUM, Outcome.UNKNOWN)
LOCAL_TROUBLE = Verdict("local-trouble", Severity.MEDIUM, Outcome.UNKNOWN)

_VERDICTS = {
    Trouble.REFUSED: REFUSED,
    Trouble.RESET: RESET,
    Trouble.CLOSED: RESET,
    Trouble.TIMEOUT: TIMEOUT_CONNECT,
    Trouble.UNREACHABLE: UNREACHABLE,
}
_UNTOLD = {Trouble.NO_FAMILY: NO_FAMILY, Trouble.LOCAL: LOCAL_TROUBLE}
_HINTS = {
    REFUSED: "is the server up ({health}), and is the port published?",
    RESET: "what is in front of the edge? A firewall or a load balancer without a live server does that",
    TIMEOUT_CONNECT: "open the port in the firewall, the provider's too; is it the right address?",
    UNREACHABLE: "is it the right address, and is the server's network up?",
    PARTIAL_OUTAGE: "restore the dead ones, or remove them from the DNS: which one a visitor gets is chance",
    NO_FAMILY: "check again from a machine that has it",
    LOCAL_TROUBLE: "name fewer hosts at once, or allow more open files (`ulimit -n`)",
}
_DEAD = {
    4: "let IPv4 reach the edge, or remove the A record",
    6: "let IPv6 reach the edge, or remove the AAAA record: Let's Encrypt and browsers prefer it",
}


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The TLS port of every address, each family on its own line."""
    tried = [item for item in seen.addresses if not item.not_public]
    if not tried:
        yield Unseen("no address that may be connected to: see address-scope" if seen.addresses else no_address(seen))
        return
    lives = any(item.connect is None for item in tried)
    for family in (4, 6):
        items = [item for item in tried if (":" in item.address) == (family == 6)]
        yield from _family(seen, family, items, lives=lives)


def _family(seen: Observation, family: int, items: Sequence[AddressSeen], *, lives: bool) -> Iterator[Judgement]:
    told = [item for item in items if _trouble(item) not in _UNTOLD]
    dead = [item for item in told if item.connect]
    if dead:
        yield _failed(seen, family, told, dead, lives=lives)
    elif told:
        yield Good(f"IPv{family}: {_count(told)} connections on port {seen.endpoint.port}")
    for trouble, verdict in _UNTOLD.items():
        if untold := [item for item in items if _trouble(item) is trouble]:
            message = f"IPv{family}: could not check {_each(untold)}"
            yield Fault(verdict, message, hint=_HINTS[verdict])


def _trouble(item: AddressSeen) -> Trouble | None:
    return item.connect.trouble if item.connect else None


def _failed(
    seen: Observation, family: int, told: Sequence[AddressSeen], dead: Sequence[AddressSeen], *, lives: bool
) -> Judgement:
    port = seen.endpoint.port
    if len(dead) < len(told):
        are = "is" if len(dead) == 1 else "are"
        message = f"IPv{family}: {len(dead)} of {len(told)} addresses {are} dead on port {port}: {_each(dead)}"
        return Fault(PARTIAL_OUTAGE, message, hint=_HINTS[PARTIAL_OUTAGE], aspect=Aspect.DNS)
    if lives:
        message = f"IPv{family} is dead on port {port}, while IPv{10 - family} lives: {_each(dead)}"
        return Fault(DEAD_ADDRESS, message, hint=_DEAD[family], aspect=Aspect.DNS)
    verdict = _most_common(dead)
    message = f"IPv{family}: no address accepts connections on port {port}: {_each(dead)}"
    return Fault(verdict, message, hint=_HINTS[verdict].format(health=health(seen.endpoint)))


def _most_common(dead: Sequence[AddressSeen]) -> Verdict:
    """The verdict on the trouble that most addresses have, of equals the first."""
    verdicts = Counter(_VERDICTS.get(item.connect.trouble, UNREACHABLE) for item in dead if item.connect)
    return verdicts.most_common(1)[0][0]


def _each(items: Iterable[AddressSeen]) -> str:
    return first_few(f"{item.address} ({in_words(item.connect)})" for item in items if item.connect)


def _count(items: Sequence[AddressSeen]) -> str:
    if len(items) == 1:
        return f"{items[0].address} accepts"
    return f"all {len(items)} addresses accept"


CHECK = Check(
    "EV006",
    "connection",
    Hop.TCP,
    (REFUSED, RESET, TIMEOUT_CONNECT, UNREACHABLE, DEAD_ADDRESS, PARTIAL_OUTAGE, NO_FAMILY, LOCAL_TROUBLE),
    judge,
)
