"""The chain from a name to a container, link by link: which are good, and which is the first that is broken. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from edgegen.certificates.issuers import issuing_organisation
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.core.show import first_few, shown
from edgegen.verify.checks import CHECKS
from edgegen.verify.checks.check import Hop
from edgegen.verify.checks.proxy_answers import challenges_visitors
from edgegen.verify.checks.traefik import is_own_404
from edgegen.verify.observation import Observation, Response


class State(StrEnum):
    """How a link is. What was not seen is neither."""

    GOOD = "good"
    BROKEN = "broken"
    NOT_SEEN = "not-seen"


class Link(Struct, frozen=True):
    """One link: a sentence about it, the line of the spec that owns it, how to fix it, and other remarks."""

    hop: Hop
    state: State
    message: str
    where: Location | None = None
    hint: str = ""
    also: tuple[str, ...] = ()
    guess: str = ""
    """What is left as a reason when nothing is wrong that can be seen: a reason that is known takes its place."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else there is to say."""
        return (*([self.guess] if self.guess else []), *self.also)

    def because(self, why: str, hint: str = "", where: Location | None = None) -> Link:
        """The same link with the reason, once it is known; its hint and its place win."""
        message = f"{self.message.removesuffix('.')}. Why: {why}"
        return replace(self, message=message, hint=hint or self.hint, where=where or self.where, guess="")

    def as_json(self) -> dict[str, object]:
        """The object of `explain --json`'s `links` list."""
        return {
            "link": self.hop.value,
            "state": self.state.value,
            "message": self.message,
            "where": str(self.where) if self.where else None,
            "hint": self.hint,
            "also": list(self.remarks),
        }


_HOPS: Mapping[str, Hop] = {check.id: check.hop for check in CHECKS}
_HOPS_OF_VERDICTS: Mapping[tuple[str, str], Hop] = {
    (check.id, verdict.word): verdict.hop for check in CHECKS for verdict in check.verdicts if verdict.hop
}
_NOT_REACHED = "not reached"
_BY_TRAEFIK_ALONE = "without HTTP this cannot be checked from outside"
_REDIRECT = "EV014"
"""The check of plain HTTP, which another request than the one that is traced would use."""
_CAUSE = "EV021"
"""The check that says why another one found no good certificate."""
_GUESS = "acme-not-retried"
"""Its word for "nothing that can be seen from here"."""


def first_broken(links: Iterable[Link]) -> Link | None:
    """The first broken link, or None."""
    return next((link for link in links if link.state is State.BROKEN), None)


def is_good(links: Sequence[Link]) -> bool | None:
    """True: the whole way is good. False: a link is broken. None: unknown.

    An unseen container does not matter where its service has answered.
    """
    if first_broken(links):
        return False
    return True if all(link.state is State.GOOD for link in links if link.hop is not Hop.CONTAINER) else None


def outside_links(seen: Observation, findings: Sequence[Finding]) -> tuple[Link, ...]:
    """The links as they are seen from the outside, the container left out: nobody sees it from there."""
    links: list[Link] = []
    for hop in _GOOD:
        link = _link(hop, seen, [item for item in findings if hop_of(item) is hop])
        lost = link.state is State.NOT_SEEN and any(before.state is not State.GOOD for before in links)
        links.append(replace(link, message=_NOT_REACHED) if lost else link)
    return tuple(links)


def hop_of(finding: Finding) -> Hop:
    """The link that a finding is about."""
    return _HOPS_OF_VERDICTS.get((finding.id, finding.verdict)) or _HOPS.get(finding.id, Hop.SERVICE)


def _link(hop: Hop, seen: Observation, findings: Sequence[Finding]) -> Link:
    failed = [item for item in findings if item.outcome is Outcome.FAIL]
    remarks = tuple(item.message for item in failed if item.is_remark)
    if bad := sorted(
        (item for item in failed if not item.is_remark), key=lambda item: list(Severity).index(item.severity)
    ):
        beside = hop is Hop.ENTRYPOINT and all(item.id == _REDIRECT for item in bad) and _answers_https(seen)
        return _broken(hop, bad, remarks, "https answers, but " if beside else "")
    place = seen.endpoint.place()
    if said := _GOOD[hop](seen):
        return Link(hop, State.GOOD, said, place, also=remarks)
    why = _BY_TRAEFIK_ALONE if hop in (Hop.ROUTER, Hop.SERVICE) and not seen.endpoint.speaks_http else ""
    return Link(hop, State.NOT_SEEN, why or _why_not_seen(findings), place)


def _broken(hop: Hop, bad: Sequence[Finding], remarks: tuple[str, ...], lead: str) -> Link:
    """The worst finding speaks for the link; where another one knows the cause, its place and its hint are better.

    `lead`: what works all the same.
    """
    cause = next((item for item in bad if item.id == _CAUSE), bad[0])
    guess = cause.message if cause.verdict == _GUESS and cause is not bad[0] else ""
    also = tuple(item.message for item in bad[1:] if item.message != guess)
    where, hint = cause.where or bad[0].where, cause.hint or bad[0].hint
    return Link(hop, State.BROKEN, lead + bad[0].message, where, hint, also + remarks, guess)


def _why_not_seen(findings: Sequence[Finding]) -> str:
    unknown = (item.message.removeprefix("not seen: ") for item in findings if item.outcome is Outcome.UNKNOWN)
    return next(unknown, "") or _NOT_REACHED


def _dns(seen: Observation) -> str:
    if seen.names.detour:
        return f"--connect-to leads to {seen.names.detour}, whatever DNS says"
    if not seen.names.addresses:
        return ""
    way = "".join(f" -> {shown(name)}" for name in seen.names.cname)
    return f"{seen.endpoint.host}{way} -> {first_few(seen.names.addresses)}"


def _tcp(seen: Observation) -> str:
    live = [item.address for item in seen.addresses if item.lives]
    return f"port {seen.endpoint.port} takes connections on {first_few(live)}" if live else ""


def _tls(seen: Observation) -> str:
    for item in seen.addresses:
        if item.tls and not item.tls.failure and (leaf := item.tls.certificate):
            until = f"{leaf.not_after:%Y-%m-%d}"
            return f"{item.tls.protocol}, a certificate of {shown(issuing_organisation(leaf))} until {until}"
    return ""


def _entrypoint(seen: Observation) -> str:
    if not seen.endpoint.speaks_http:
        return f"port {seen.endpoint.port} speaks TLS" if _tls(seen) else ""
    if not _answers_https(seen):
        return ""
    plain = _first(item.plain for item in seen.addresses)
    return f"plain HTTP answers {plain.status}, https answers" if plain else "https answers"


def _answers_https(seen: Observation) -> bool:
    return _first(item.answers for item in seen.addresses) is not None


def _router(seen: Observation) -> str:
    return f"a router takes {seen.endpoint.path} of this host" if _final(seen) else ""


def _service(seen: Observation) -> str:
    answer = _final(seen)
    return f"it answers {answer.status}" if answer else ""


def _first(parts: Iterable[tuple[Response, ...]]) -> Response | None:
    """The first answer that came."""
    return next((item for part in parts for item in part if item.failure is None), None)


def _final(seen: Observation) -> Response | None:
    """Where the redirects of the first address with an answer ended; None for nothing, or for Traefik's own 404.

    Nobody sees past a challenge of Cloudflare.
    """
    last = next((item.answers[-1] for item in seen.addresses if item.answers), None)
    return None if last is None or last.failure or is_own_404(last) or challenges_visitors(last) else last


_GOOD: Mapping[Hop, Callable[[Observation], str]] = {
    Hop.DNS: _dns,
    Hop.TCP: _tcp,
    Hop.TLS: _tls,
    Hop.ENTRYPOINT: _entrypoint,
    Hop.ROUTER: _router,
    Hop.SERVICE: _service,
}
"""What is good about a link, as a sentence, or "" where it was not reached."""
