"""EV006: dead addresses, each family on its own; never good because one of them answered."""

from __future__ import annotations

import pytest

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.verify.checks.connection import CHECK
from edgegen.verify.observation import AddressSeen, Observation, Phase, Trouble
from tests.verify.checks.making import address_seen, endpoint, failure, judged, observation, tls, words

V4 = ["192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13"]
V6 = ["2001:db8::10", "2001:db8::11"]


def dead(address: str, trouble: Trouble = Trouble.REFUSED) -> AddressSeen:
    return address_seen(address, connect=failure(trouble, seconds=2.0))


def seen(*items: AddressSeen | str) -> Observation:
    return observation(*(address_seen(item) if isinstance(item, str) else item for item in items))


def one(observed: Observation) -> Finding:
    (found,) = judged(CHECK, observed)
    return found


@pytest.mark.parametrize(
    ("trouble", "word"),
    [
        (Trouble.REFUSED, "refused"),
        (Trouble.RESET, "reset"),
        (Trouble.CLOSED, "reset"),
        (Trouble.TIMEOUT, "timeout-connect"),
        (Trouble.UNREACHABLE, "unreachable"),
    ],
)
@pytest.mark.parametrize("addresses", [V4[:1], V4, V6])
def test_no_address_answers(trouble: Trouble, word: str, addresses: list[str]) -> None:
    found = one(seen(*(dead(address, trouble) for address in addresses)))
    assert (found.verdict, found.outcome, found.severity) == (word, Outcome.FAIL, Severity.CRITICAL)
    assert all(address in found.message for address in addresses)
    assert "443" in found.message
    assert found.hint


def test_both_families_dead_have_a_line_each() -> None:
    found = judged(CHECK, seen(dead(V4[0]), dead(V6[0], Trouble.TIMEOUT)))
    assert [(item.verdict, item.severity) for item in found] == [
        ("refused", Severity.CRITICAL),
        ("timeout-connect", Severity.CRITICAL),
    ]
    assert ["IPv4" in found[0].message, "IPv6" in found[1].message] == [True, True]


def test_the_word_of_several_troubles_is_the_most_common_one() -> None:
    troubles = [Trouble.TIMEOUT, Trouble.REFUSED, Trouble.REFUSED]
    found = one(seen(*(dead(address, trouble) for address, trouble in zip(V4, troubles, strict=False))))
    assert found.verdict == "refused"
    assert "no answer within 2 s" in found.message


@pytest.mark.parametrize(("live", "gone", "family"), [(V4[:2], V6, "IPv6"), (V6, V4, "IPv4")])
def test_one_family_dead_while_the_other_lives(live: list[str], gone: list[str], family: str) -> None:
    found = judged(CHECK, seen(*live, *map(dead, gone)))
    bad = [item for item in found if item.verdict != "ok"]
    assert [(item.verdict, item.severity) for item in bad] == [("dead-address", Severity.HIGH)]
    assert bad[0].message.startswith(f"{family} is dead on port 443")
    assert len(found) == 2


def test_half_of_the_addresses_dead() -> None:
    found = one(seen(V4[0], dead(V4[1]), V4[2], dead(V4[3], Trouble.TIMEOUT)))
    assert (found.verdict, found.severity, found.outcome) == ("partial-outage", Severity.HIGH, Outcome.FAIL)
    assert "2 of 4" in found.message
    assert V4[1] in found.message
    assert V4[3] in found.message
    assert V4[0] not in found.message


def test_partly_dead_is_counted_in_each_family() -> None:
    found = judged(CHECK, seen(V4[0], dead(V4[1]), V6[0], dead(V6[1])))
    assert [item.verdict for item in found] == ["partial-outage", "partial-outage"]
    assert words(CHECK, seen(V4[0], dead(V4[1]), dead(V6[0]), dead(V6[1]))) == ["partial-outage", "dead-address"]


def test_all_alive() -> None:
    found = judged(CHECK, seen(*V4, V6[0]))
    assert [(item.verdict, item.outcome) for item in found] == [("ok", Outcome.PASS)] * 2
    assert [item.message for item in found] == [
        "IPv4: all 4 addresses accept connections on port 443",
        "IPv6: 2001:db8::10 accepts connections on port 443",
    ]


def test_a_family_that_this_machine_does_not_have() -> None:
    found = judged(CHECK, seen(V4[0], dead(V6[0], Trouble.NO_FAMILY)))
    assert [(item.verdict, item.outcome) for item in found] == [("ok", Outcome.PASS), ("no-family", Outcome.UNKNOWN)]
    assert words(CHECK, seen(dead(V4[0]), dead(V6[0], Trouble.NO_FAMILY))) == ["refused", "no-family"]


def test_trouble_of_this_machine_is_nobody_s_outage() -> None:
    assert words(CHECK, seen(dead(V4[0], Trouble.LOCAL))) == ["local-trouble"]
    assert words(CHECK, seen(V4[0], dead(V4[1], Trouble.LOCAL))) == ["ok", "local-trouble"]
    assert words(CHECK, seen(dead(V4[0]), dead(V4[1], Trouble.LOCAL))) == ["refused", "local-trouble"]
    for found in judged(CHECK, seen(dead(V4[0], Trouble.LOCAL))):
        assert found.outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("trouble", [Trouble.RESET, Trouble.CLOSED, Trouble.TIMEOUT, Trouble.NOT_TLS])
def test_what_happens_after_the_connection_is_another_check_s(trouble: Trouble) -> None:
    broken = address_seen(V4[0], tls=tls(failure=failure(trouble, Phase.TLS)))
    assert words(CHECK, observation(broken)) == ["ok"]


def test_a_dead_web_port_is_another_check_s() -> None:
    assert words(CHECK, observation(address_seen(V4[0], plain=(), plain_connect=failure(Trouble.REFUSED)))) == ["ok"]


def test_what_was_not_connected_to_is_no_outage_and_not_good() -> None:
    private = AddressSeen("10.0.0.1", not_public=True)
    assert words(CHECK, observation(private)) == ["not-seen"]
    assert words(CHECK, seen(V4[0], private)) == ["ok"]
    assert words(CHECK, Observation(endpoint())) == ["not-seen"]


def test_another_port_is_named() -> None:
    found = one(observation(dead(V4[0]), endpoint=endpoint(port=8443)))
    assert "port 8443" in found.message


def test_addresses_that_are_dead_beside_live_ones_belong_to_the_dns() -> None:
    places = {"host": Location("edge.yaml", 14, 7), "dns": Location("edge.yaml", 5, 3)}
    wanted = endpoint(places=places)
    live, other = address_seen(V4[0]), dead(V4[1])
    assert str(judged(CHECK, observation(live, other, endpoint=wanted))[0].where) == "edge.yaml:5:3"
    assert str(judged(CHECK, observation(other, endpoint=wanted))[0].where) == "edge.yaml:14:7"
