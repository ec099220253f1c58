"""The chain of links, from what is seen and what the checks say of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.endpoints import Kind
from edgegen.lookup import Status
from edgegen.verify.checks import CHECKS, Check
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State, first_broken, hop_of, is_good, outside_links
from edgegen.verify.observation import NamesSeen, Observation, Phase, TlsSeen, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    WHERE,
    address_seen,
    broken,
    endpoint,
    failure,
    names,
    observation,
    reply,
    response,
    traefik_404,
    untrusted,
)

ELSEWHERE = Location("edge.yaml", 5, 3)


def finding(check: str, verdict: str = "x", severity: Severity = Severity.HIGH, **changes: object) -> Finding:
    return replace(Finding(check, "name", severity, Outcome.FAIL, "www.example.com", f"{check} says {verdict}", WHERE,
                           f"mend {check}", verdict), **changes)  # fmt: skip


def states(seen: Observation, *findings: Finding) -> dict[str, str]:
    return {link.hop.value: link.state.value for link in outside_links(seen, findings)}


def test_a_good_host_is_good_up_to_its_service() -> None:
    links = outside_links(observation(), [])
    assert [link.hop for link in links] == [hop for hop in Hop if hop is not Hop.CONTAINER]
    assert {link.state for link in links} == {State.GOOD}
    assert all(link.message and link.where == WHERE for link in links)
    assert is_good(links) is True
    assert first_broken(links) is None


UNREACHED = {
    "no address": (Observation(endpoint(), names=names(resolved={4: reply(status=Status.NXDOMAIN)})), "dns"),
    "port closed": (observation(connect=failure(Trouble.REFUSED)), "tcp"),
    "private address": (observation(not_public=True), "tcp"),
    "no tls": (observation(tls=TlsSeen(failure=failure(Trouble.NOT_TLS, Phase.TLS))), "tls"),
    "no answer": (observation(answers=(broken(Trouble.TIMEOUT),)), "entrypoint"),
    "traefik's own 404": (observation(answers=(traefik_404(),)), "router"),
    "nothing looked at": (Observation(endpoint(), names=NamesSeen()), "dns"),
}


@pytest.mark.parametrize(("seen", "first"), UNREACHED.values(), ids=UNREACHED)
def test_what_was_not_reached_is_never_good(seen: Observation, first: str) -> None:
    found = states(seen)
    hops = list(found)
    at = hops.index(first)
    assert {found[hop] for hop in hops[:at]} <= {"good"}
    assert {found[hop] for hop in hops[at:]} == {"not-seen"}
    assert is_good(outside_links(seen, [])) is None


def test_tls_without_http() -> None:
    wanted = endpoint(kind=Kind.TLS, port=5432, web_port=None)
    found = states(observation(endpoint=wanted))
    assert "without HTTP" in outside_links(observation(endpoint=wanted), [])[4].message
    assert found == {"dns": "good", "tcp": "good", "tls": "good", "entrypoint": "good", "router": "not-seen",
                     "service": "not-seen"}  # fmt: skip


def test_a_detour_is_said() -> None:
    seen = observation(names=NamesSeen(detour=ADDRESS))
    assert ADDRESS in outside_links(seen, [])[0].message


def test_the_worst_finding_speaks_and_the_others_follow() -> None:
    bad = [finding("EV006", "a", Severity.MEDIUM), finding("EV006", "b", Severity.CRITICAL), finding(
        "EV006", "c", Severity.LOW)]  # fmt: skip
    link = outside_links(observation(), bad)[1]
    assert (link.state, link.message) == (State.BROKEN, "EV006 says b")
    assert link.also == ("EV006 says a", "EV006 says c")


def test_remarks_break_nothing() -> None:
    links = outside_links(observation(), [finding("EV015", severity=Severity.LOW)])
    assert is_good(links) is True
    assert ("EV015 says x",) in [link.also for link in links]


def test_the_cause_owns_the_line_and_the_hint() -> None:
    findings = [
        finding("EV008", severity=Severity.CRITICAL),
        finding("EV021", severity=Severity.MEDIUM, where=ELSEWHERE),
    ]
    link = outside_links(observation(tls=untrusted(18)), findings)[2]
    assert (link.message, link.where, link.hint, link.also) == (
        "EV008 says x", ELSEWHERE, "mend EV021", ("EV021 says x",),
    )  # fmt: skip


def test_a_guess_gives_way_to_a_reason() -> None:
    findings = [finding("EV008"), finding("EV021", "acme-not-retried", Severity.MEDIUM)]
    link = outside_links(observation(tls=untrusted(18)), findings)[2]
    assert (link.hint, link.remarks) == ("mend EV021", ("EV021 says acme-not-retried",))
    known = link.because("acme.json is open")
    assert (known.message, known.remarks) == ("EV008 says x. Why: acme.json is open", ())
    assert link.as_json()["also"] == ["EV021 says acme-not-retried"]


def test_why_a_link_was_not_seen() -> None:
    unknown = [
        finding("EV001", outcome=Outcome.UNKNOWN, message="not seen: the resolver is silent"),
        finding("EV006", outcome=Outcome.UNKNOWN, message="not seen: there is no address"),
    ]
    dns, tcp, *_ = outside_links(Observation(endpoint()), unknown)
    assert (dns.state, dns.message) == (State.NOT_SEEN, "the resolver is silent")
    assert (tcp.state, tcp.message) == (State.NOT_SEEN, "not reached")


def test_a_missing_router_is_no_fault_of_the_service() -> None:
    found = states(observation(answers=(traefik_404(),)), finding("EV013", "no-router"))
    assert (found["router"], found["service"]) == ("broken", "not-seen")
    found = states(observation(answers=(response(status=502),)), finding("EV013", "upstream-down"))
    assert (found["router"], found["service"]) == ("good", "broken")


def test_nobody_sees_past_a_challenge_of_cloudflare() -> None:
    asked = response(status=403, headers={"cf-ray": "1-FRA", "cf-mitigated": "challenge"})
    found = states(observation(answers=(asked,)))
    assert (found["entrypoint"], found["router"], found["service"]) == ("good", "not-seen", "not-seen")


def test_an_address_that_is_dead_does_not_hide_the_live_one() -> None:
    seen = observation(address_seen("192.0.2.9", connect=failure(Trouble.REFUSED)), address_seen())
    assert states(seen, finding("EV006")) == {"dns": "good", "tcp": "broken", "tls": "good", "entrypoint": "good",
                                              "router": "good", "service": "good"}  # fmt: skip


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_finding_is_about_the_link_that_its_check_or_verdict_names(check: Check) -> None:
    for verdict in check.verdicts:
        found = replace(finding(check.id), verdict=verdict.word)
        assert hop_of(found) is (Hop.ROUTER if verdict.word == "no-router" else check.hop)


CHAIN = [Link(hop, State.GOOD, "") for hop in Hop]


@pytest.mark.parametrize(
    ("changes", "good", "first"),
    [
        ({}, True, None),
        ({Hop.CONTAINER: State.NOT_SEEN}, True, None),
        ({Hop.ROUTER: State.NOT_SEEN}, None, None),
        ({Hop.DNS: State.NOT_SEEN}, None, None),
        ({Hop.CONTAINER: State.BROKEN}, False, Hop.CONTAINER),
        ({Hop.ROUTER: State.NOT_SEEN, Hop.CONTAINER: State.BROKEN}, False, Hop.CONTAINER),
        ({Hop.TLS: State.BROKEN, Hop.ROUTER: State.BROKEN}, False, Hop.TLS),
    ],
)
def test_the_first_broken_link(changes: dict[Hop, State], good: bool | None, first: Hop | None) -> None:
    links = [replace(link, state=changes.get(link.hop, link.state)) for link in CHAIN]
    found = first_broken(links)
    assert (is_good(links), found.hop if found else None) == (good, first)


def test_a_reason_found_later() -> None:
    link = Link(Hop.ROUTER, State.BROKEN, "404", WHERE, "look")
    assert link.because("a label is misspelt") == Link(
        Hop.ROUTER, State.BROKEN, "404. Why: a label is misspelt", WHERE, "look"
    )
    assert link.because("it", "mend", ELSEWHERE) == Link(Hop.ROUTER, State.BROKEN, "404. Why: it", ELSEWHERE, "mend")


def test_as_json() -> None:
    link = Link(Hop.TLS, State.NOT_SEEN, "not reached", WHERE, "mend", ("more",))
    assert link.as_json() == {"link": "tls", "state": "not-seen", "message": "not reached", "where": "edge.yaml:14:7",
                              "hint": "mend", "also": ["more"]}  # fmt: skip


def test_a_missing_redirect_is_not_the_fault_of_https() -> None:
    link = outside_links(observation(), [finding("EV014")])[3]
    assert (link.hop, link.state) == (Hop.ENTRYPOINT, State.BROKEN)
    assert link.message == "https answers, but EV014 says x"
    both = outside_links(observation(), [finding("EV014"), finding("EV016", severity=Severity.CRITICAL)])[3]
    assert both.message == "EV016 says x"
    silent = outside_links(replace(observation(), addresses=(replace(address_seen(), answers=()),)), [finding("EV014")])
    assert silent[3].message == "EV014 says x"
