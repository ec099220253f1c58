"""EV005: addresses that are not of the internet."""

from __future__ import annotations

from msgspec.structs import replace

from edgegen.core.finding import Outcome, Severity
from edgegen.verify.checks.address_scope import CHECK
from edgegen.verify.observation import AddressSeen, NamesSeen, Observation
from tests.verify.checks.making import address_seen, endpoint, judged, names, observation, stranger, words


def test_what_was_not_connected_to_is_bad() -> None:
    refused = [AddressSeen(address, not_public=True) for address in ("169.254.169.254", "::ffff:10.0.0.1")]
    (found,) = judged(CHECK, observation(address_seen("157.245.51.137"), *refused, endpoint=stranger()))
    assert (found.verdict, found.outcome, found.severity) == ("non-public-address", Outcome.FAIL, Severity.HIGH)
    assert "169.254.169.254 (link-local, where clouds have their metadata service)" in found.message
    assert "::ffff:10.0.0.1" in found.message
    assert "157.245.51.137" not in found.message


def test_what_another_check_calls_wrong_is_a_remark_here() -> None:
    """The spec wants a public address: that this one leads inside is the same fault."""
    inside = AddressSeen("10.0.0.5", not_public=True)
    (found,) = judged(CHECK, observation(inside))
    assert (found.verdict, found.is_remark) == ("non-public-address", True)
    for wanted in (endpoint(ipv4=None, ipv6=None), endpoint(ipv4=None, ipv6=None, cname="edge.example.net")):
        seen = names("10.0.0.5", cname=("edge.example.net",))
        told = {family: replace(reply, cnames=seen.cname) for family, reply in seen.resolved.items()}
        (found,) = judged(
            CHECK, observation(inside, endpoint=wanted, names=replace(seen, resolved=told, authorities=()))
        )
        assert (found.verdict, found.severity) == ("non-public-address", Severity.HIGH)


def test_addresses_of_the_internet() -> None:
    (found,) = judged(CHECK, observation(address_seen("157.245.51.137"), address_seen("2606:4700::1111")))
    assert (found.verdict, found.outcome) == ("ok", Outcome.PASS)
    assert "157.245.51.137, 2606:4700::1111: public" in found.message


def test_private_addresses_that_were_meant() -> None:
    (found,) = judged(CHECK, observation(address_seen("10.0.0.5"), endpoint=endpoint(ipv4=("10.0.0.5",))))
    assert (found.verdict, found.message) == ("ok", "10.0.0.5: not public, on purpose")


def test_no_address_is_not_good() -> None:
    assert words(CHECK, Observation(endpoint())) == ["not-seen"]
    assert words(CHECK, Observation(endpoint(), NamesSeen(detour="127.0.0.1"), incomplete=True)) == ["not-seen"]
