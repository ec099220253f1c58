"""EV001: what is called a name that does not resolve, and what is not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from edgegen.core.finding import Outcome, Severity
from edgegen.lookup import Reply, Server, Status
from edgegen.verify.checks.dns_resolution import CHECK
from edgegen.verify.observation import NamesSeen, Observation
from tests.verify.checks.making import HOST, endpoint, judged, names, observation, reply, stranger, words

NONE = reply(status=Status.NODATA, ttl=0)


def seen(four: Reply, six: Reply, **changes: Any) -> Observation:
    return Observation(endpoint(), NamesSeen({4: four, 6: six}, **changes))


def failed(status: Status, **changes: Any) -> Observation:
    return seen(reply(status=status, **changes), reply(status=status, **changes))


@pytest.mark.parametrize(
    ("status", "word", "outcome"),
    [
        (Status.NXDOMAIN, "dns-nxdomain", Outcome.FAIL),
        (Status.NODATA, "dns-nodata", Outcome.FAIL),
        (Status.SERVFAIL, "dns-servfail", Outcome.FAIL),
        (Status.LOOP, "dns-loop", Outcome.FAIL),
        (Status.REFUSED, "dns-refused", Outcome.UNKNOWN),
        (Status.TIMEOUT, "dns-timeout", Outcome.UNKNOWN),
        (Status.UNREACHABLE, "dns-timeout", Outcome.UNKNOWN),
        (Status.LOCAL, "dns-timeout", Outcome.UNKNOWN),
    ],
)
def test_no_address_in_either_family_is_one_finding(status: Status, word: str, outcome: Outcome) -> None:
    (found,) = judged(CHECK, failed(status))
    assert (found.verdict, found.outcome, found.severity) == (word, outcome, Severity.HIGH)
    assert found.hint
    assert "A and" not in found.message


def test_a_zone_that_only_validators_refuse_is_bogus_too() -> None:
    """This machine's resolver answers, as most do that don't check DNSSEC."""
    told = "the DS record at the registrar names the key 2371, and the zone is not signed"
    (found,) = judged(CHECK, seen(reply("192.0.2.10"), reply(), dnssec_trouble=told))
    assert (found.verdict, found.severity, found.outcome) == ("dnssec-bogus", Severity.HIGH, Outcome.FAIL)
    assert found.message.startswith(f"{told}: resolvers that check DNSSEC")
    assert "DS record" in found.hint
    (once,) = judged(CHECK, seen(*[reply(status=Status.SERVFAIL)] * 2, bogus=True, dnssec_trouble=told))
    assert once.verdict == "dnssec-bogus"


def test_what_dnssec_alone_makes_fail_is_bogus() -> None:
    (found,) = judged(CHECK, seen(*[reply(status=Status.SERVFAIL)] * 2, bogus=True))
    assert (found.verdict, found.severity) == ("dnssec-bogus", Severity.HIGH)
    assert "DS" in found.hint


@pytest.mark.parametrize(
    ("four", "six"),
    [
        (reply("192.0.2.10"), NONE),
        (NONE, reply("2001:db8::1")),
        (reply("192.0.2.10"), reply("2001:db8::1")),
    ],
)
def test_one_family_is_enough(four: Reply, six: Reply) -> None:
    (found,) = judged(CHECK, seen(four, six))
    assert (found.verdict, found.outcome) == ("ok", Outcome.PASS)
    assert all(value in found.message for value in four.values + six.values)


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (Status.NXDOMAIN, "dns-nxdomain"),
        (Status.SERVFAIL, "dns-servfail"),
        (Status.LOOP, "dns-loop"),
        (Status.REFUSED, "dns-refused"),
        (Status.TIMEOUT, "dns-timeout"),
    ],
)
def test_trouble_with_one_family_is_said_though_the_other_answers(status: Status, word: str) -> None:
    (found,) = judged(CHECK, seen(reply("192.0.2.10"), reply(status=status)))
    assert found.verdict == word
    assert "asked for AAAA; A is answered" in found.message


def test_hints_lead_to_whoever_can_mend_it() -> None:
    def hint(observed: Observation) -> str:
        return judged(CHECK, observed)[0].hint

    gone = failed(Status.NXDOMAIN)
    assert "edgegen dns plan" in hint(gone)
    assert "edgegen" not in hint(structs.replace(gone, endpoint=stranger()))
    assert "edgegen" not in hint(structs.replace(failed(Status.NODATA), endpoint=stranger()))
    laptop = structs.replace(gone, endpoint=replace(endpoint(), host="a.localhost", zone=""))
    assert "add it to your own DNS or to /etc/hosts" in hint(laptop)
    assert "`--connect-to a.localhost:443:127.0.0.1:443`" in hint(laptop)
    assert "edgegen dns plan" in hint(structs.replace(laptop, endpoint=replace(laptop.endpoint, zone="localhost")))
    assert "deny a name that they know" in hint(seen(reply("192.0.2.10"), reply(status=Status.NXDOMAIN)))
    known = ((4, reply("192.0.2.10")),)
    assert hint(seen(*[reply(status=Status.NXDOMAIN)] * 2, authorities=known)).startswith("wait")


def test_two_troubles_are_two_findings() -> None:
    assert words(CHECK, seen(reply(status=Status.SERVFAIL), reply(status=Status.TIMEOUT))) == [
        "dns-servfail",
        "dns-timeout",
    ]
    assert words(CHECK, seen(NONE, reply(status=Status.TIMEOUT))) == ["dns-timeout"]


def test_where_the_cname_leads_is_named() -> None:
    (found,) = judged(CHECK, failed(Status.NXDOMAIN, cnames=("old.example.net",)))
    assert f"{HOST} leads to old.example.net, which does not exist" in found.message
    (found,) = judged(CHECK, failed(Status.LOOP, cnames=("b.example.com", HOST)))
    assert f"{HOST} → b.example.com → {HOST}" in found.message
    (found,) = judged(CHECK, seen(reply("192.0.2.1", cnames=("b.example.com",)), NONE, cname=("b.example.com",)))
    assert found.message == "via b.example.com: A 192.0.2.1, no AAAA"


def test_a_remembered_no_is_told_from_a_true_one() -> None:
    authority = Server("192.0.2.54", name="ns1.example.com")
    knows = ((4, Reply(authority, Status.ANSWER, ("192.0.2.10",), 300)), (6, Reply(authority, Status.NODATA)))
    (found,) = judged(CHECK, seen(*[reply(status=Status.NXDOMAIN, ttl=900)] * 2, authorities=knows))
    assert "its own name servers answer 192.0.2.10" in found.message
    assert "900 s" in found.message
    (found,) = judged(CHECK, failed(Status.NXDOMAIN))
    assert "own name servers" not in found.message


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "[2001:db8::1]"])
def test_an_address_is_no_name(host: str) -> None:
    assert words(CHECK, Observation(stranger(host), names("192.0.2.1"))) == []


def test_a_detour_needs_no_dns_and_is_not_called_good() -> None:
    assert words(CHECK, Observation(endpoint(), NamesSeen(detour="127.0.0.1"))) == []
    both = structs.replace(names("192.0.2.10"), detour="127.0.0.1")
    assert words(CHECK, Observation(endpoint(), both)) == ["ok"]


def test_what_was_not_asked_is_not_good() -> None:
    (found,) = judged(CHECK, Observation(endpoint(), incomplete=True))
    assert (found.verdict, found.outcome) == ("not-seen", Outcome.UNKNOWN)


def test_words_of_others_are_made_harmless() -> None:
    (found,) = judged(CHECK, failed(Status.NXDOMAIN, cnames=("\x1b]0;owned\x07.example.com",)))
    assert found.message.isprintable()


def test_a_healthy_host() -> None:
    assert words(CHECK, observation()) == ["ok"]
