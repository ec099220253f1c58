"""EV002: answers that are not the spec's, each family on its own, and Cloudflare's proxy where it should be and not."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from msgspec.structs import replace

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.endpoints import Endpoint, Kind
from edgegen.lookup import Reply, Server, Status
from edgegen.verify.checks.dns_addresses import CHECK
from edgegen.verify.observation import NamesSeen, Observation
from tests.verify.checks.making import HOST, endpoint, judged, names, observation, stranger, words

GOOD, OTHER, CLOUDFLARE = "192.0.2.10", "192.0.2.99", "104.16.1.1"
GOOD6, OTHER6, CLOUDFLARE6 = "2001:db8::10", "2001:db8::99", "2606:4700::1111"
RESOLVER, NS1, NS2 = (
    Server("192.0.2.53"),
    Server("192.0.2.54", name="ns1.example.com"),
    Server("192.0.2.55", name="ns2.example.com"),
)


def says(server: Server, *values: str, cnames: tuple[str, ...] = (), status: Status | None = None) -> Reply:
    return Reply(server, status or (Status.ANSWER if values else Status.NODATA), values, 300, cnames=cnames)


def family(server: Server, *addresses: str) -> tuple[tuple[int, Reply], ...]:
    """One server's answers to A and AAAA."""
    return tuple((number, says(server, *(a for a in addresses if (":" in a) == (number == 6)))) for number in (4, 6))


def seen(of: Endpoint, *addresses: str, authorities: Any = (), **changes: Any) -> Observation:
    resolved = dict(family(RESOLVER, *addresses))
    return Observation(of, NamesSeen(resolved, authorities=tuple(authorities), **changes))


def one(observed: Observation) -> Finding:
    (found,) = judged(CHECK, observed)
    return found


def test_what_the_spec_says_is_good() -> None:
    assert words(CHECK, observation()) == ["ok"]
    both = endpoint(ipv4=(GOOD, OTHER), ipv6=(GOOD6,))
    assert words(CHECK, seen(both, OTHER, GOOD, "2001:DB8:0::10")) == ["ok"]


def test_another_address() -> None:
    found = one(seen(endpoint(), OTHER))
    assert (found.verdict, found.outcome, found.severity) == ("dns-wrong-address", Outcome.FAIL, Severity.HIGH)
    assert f"A answers {OTHER}, and the spec wants {GOOD}" in found.message
    assert "edgegen dns" in found.hint


@pytest.mark.parametrize(
    ("wanted", "answered", "said"),
    [
        ({"ipv4": (GOOD,)}, (GOOD, OTHER), "the spec wants 192.0.2.10"),
        ({"ipv4": (GOOD, OTHER)}, (GOOD,), "the spec wants 192.0.2.10, 192.0.2.99"),
        ({"ipv4": (), "ipv6": (GOOD6,)}, (GOOD, GOOD6), "the spec has no IPv4 address"),
        ({"ipv6": (GOOD6,)}, (GOOD,), "there is no AAAA record"),
        ({"ipv4": (GOOD,), "ipv6": (GOOD6,)}, (GOOD6,), "there is no A record"),
        ({"ipv6": (GOOD6,)}, (GOOD, OTHER6), "Let's Encrypt prefers IPv6"),
        ({"ipv6": ()}, (GOOD, OTHER6), "Let's Encrypt prefers IPv6"),
        ({"ipv4": None, "ipv6": ()}, (GOOD, OTHER6), "the spec has no IPv6 address"),
    ],
)
def test_each_family_on_its_own(wanted: dict[str, Any], answered: tuple[str, ...], said: str) -> None:
    found = one(seen(endpoint(**wanted), *answered))
    assert found.verdict == "dns-wrong-address"
    assert said in found.message


def test_two_wrong_families_are_two_findings() -> None:
    found = judged(CHECK, seen(endpoint(ipv6=(GOOD6,)), OTHER, OTHER6))
    assert [item.verdict for item in found] == ["dns-wrong-address"] * 2
    assert ["AAAA" in item.message for item in found] == [False, True]
    assert ["Encrypt" in item.message for item in found] == [False, True]


def test_ipv6_matters_to_challenges_by_connection() -> None:
    assert "Encrypt" not in one(seen(endpoint(challenge="dns"), GOOD, OTHER6)).message
    assert "Encrypt" in one(seen(endpoint(challenge="tls"), GOOD, OTHER6)).message


@pytest.mark.parametrize("wanted", [endpoint(), endpoint(ipv4=None, ipv6=None, cname="edge.example.net")])
def test_what_dns64_makes_is_not_the_zones(wanted: Endpoint) -> None:
    resolved = {4: says(RESOLVER, GOOD, cnames=("edge.example.net",)), 6: says(RESOLVER, "64:ff9b::c000:20a")}
    found = one(Observation(wanted, NamesSeen(resolved)))
    assert found.outcome is Outcome.PASS
    assert "64:ff9b" not in found.message


def test_the_name_that_is_taken_over() -> None:
    assert f"--adopt {HOST}`" in one(seen(endpoint(), OTHER)).hint
    wild = endpoint("edgegen-probe.example.com", subject="*.example.com:8443", port=8443)
    assert "--adopt *.example.com`" in one(seen(wild, OTHER)).hint


def test_authorities_that_differ_from_the_spec_are_named() -> None:
    found = one(seen(endpoint(), OTHER, authorities=[*family(NS1, OTHER), *family(NS2, "192.0.2.77")]))
    assert found.verdict == "dns-wrong-address"
    assert "ns1.example.com (192.0.2.54) says 192.0.2.99" in found.message
    assert "ns2.example.com (192.0.2.55) says 192.0.2.77" in found.message


def test_all_authorities_are_wrong_and_the_resolver_does_not_know_yet() -> None:
    found = one(seen(endpoint(), GOOD, authorities=[*family(NS1, OTHER), *family(NS2, OTHER)]))
    assert found.verdict == "dns-wrong-address"
    assert f"A answers {OTHER}" in found.message


@pytest.mark.parametrize("resolver", [OTHER, GOOD])
def test_servers_that_differ_are_another_check_s_finding(resolver: str) -> None:
    differ = [*family(NS1, OTHER), *family(NS2, GOOD)]
    found = one(seen(endpoint(), resolver, authorities=differ))
    assert found.verdict == ("not-seen" if resolver == OTHER else "ok")
    old = one(seen(endpoint(), OTHER, authorities=[*family(NS1, GOOD), *family(NS2, GOOD)]))
    assert (old.verdict, old.outcome) == ("not-seen", Outcome.UNKNOWN)


def test_what_authorities_could_not_say_is_no_witness() -> None:
    silent = [(4, says(NS1, status=Status.TIMEOUT)), (4, says(NS2, OTHER, status=Status.LAME))]
    assert words(CHECK, seen(endpoint(), GOOD, authorities=silent)) == ["ok"]
    assert words(CHECK, seen(endpoint(), OTHER, authorities=silent)) == ["dns-wrong-address"]


@pytest.mark.parametrize("answered", [(CLOUDFLARE,), (CLOUDFLARE6,), (CLOUDFLARE, "104.16.9.9", CLOUDFLARE6)])
def test_behind_the_proxy_as_wanted(answered: tuple[str, ...]) -> None:
    for of in (endpoint(proxied=True, ipv4=None, ipv6=None), endpoint(proxied=True)):
        found = one(seen(of, *answered))
        assert (found.verdict, found.outcome) == ("proxied-ok", Outcome.PASS)


@pytest.mark.parametrize(
    ("of", "word", "severity"),
    [
        (endpoint(), "unexpected-proxy", Severity.HIGH),
        (endpoint(ipv4=None, ipv6=None), "unexpected-proxy", Severity.HIGH),
        (endpoint(kind=Kind.REGISTRY), "unexpected-proxy", Severity.CRITICAL),
    ],
)
def test_the_proxy_where_the_spec_does_not_want_it(of: Endpoint, word: str, severity: Severity) -> None:
    found = one(seen(of, CLOUDFLARE, CLOUDFLARE6))
    assert (found.verdict, found.severity, found.outcome) == (word, severity, Outcome.FAIL)
    assert CLOUDFLARE in found.message
    assert ("100 MB" in found.message) == (of.kind is Kind.REGISTRY)


def test_ranges_of_the_user_count_as_the_proxy() -> None:
    of = endpoint(proxied=True, ipv4=None, ipv6=None)
    assert words(CHECK, seen(of, OTHER)) == ["not-proxied"]
    assert words(CHECK, seen(of, OTHER), cloudflare=("192.0.2.0/24",)) == ["proxied-ok"]


def test_an_address_in_cloudflares_ranges_that_the_spec_names_is_the_spec_s() -> None:
    assert words(CHECK, seen(endpoint(ipv4=(CLOUDFLARE,)), CLOUDFLARE)) == ["ok"]


@pytest.mark.parametrize("answered", [(GOOD,), (CLOUDFLARE, GOOD), (CLOUDFLARE, GOOD6)])
def test_an_origin_that_should_be_hidden(answered: tuple[str, ...]) -> None:
    found = one(seen(endpoint(proxied=True, ipv4=None, ipv6=None), *answered))
    assert (found.verdict, found.severity, found.outcome) == ("not-proxied", Severity.MEDIUM, Outcome.FAIL)


def test_not_proxied_and_elsewhere() -> None:
    assert words(CHECK, seen(endpoint(proxied=True), GOOD)) == ["not-proxied"]
    assert words(CHECK, seen(endpoint(proxied=True), OTHER)) == ["dns-wrong-address"]


ALIAS = endpoint(ipv4=None, ipv6=None, cname="Edge.Example.net.")


def alias(*cnames: str, of: Endpoint = ALIAS, addresses: tuple[str, ...] = (OTHER,)) -> Observation:
    resolved = {4: says(RESOLVER, *addresses, cnames=cnames), 6: says(RESOLVER, cnames=cnames)}
    return Observation(of, NamesSeen(resolved, cname=cnames))


def test_a_cname_is_compared_by_its_first_target() -> None:
    assert words(CHECK, alias("edge.example.net")) == ["ok"]
    assert words(CHECK, alias("edge.example.net", "lb7.example.org")) == ["ok"]
    found = one(alias("old.example.net", "edge.example.net"))
    assert found.verdict == "dns-wrong-address"
    assert "leads to old.example.net, and the spec wants CNAME Edge.Example.net." in found.message
    assert f"has no CNAME, but {OTHER}" in one(alias()).message
    # Some resolvers leave AAAA out, and its CNAME with it.
    without = {4: says(RESOLVER, OTHER, cnames=("edge.example.net",)), 6: says(RESOLVER)}
    assert words(CHECK, Observation(ALIAS, NamesSeen(without))) == ["ok"]


def test_a_cname_at_the_apex_is_flattened() -> None:
    apex = replace(ALIAS, host="example.com")
    assert words(CHECK, alias(of=apex)) == ["ok"]


def test_a_target_that_is_behind_the_proxy_itself() -> None:
    assert words(CHECK, alias("edge.example.net", addresses=(CLOUDFLARE,))) == ["ok"]
    registry = replace(ALIAS, kind=Kind.REGISTRY)
    assert words(CHECK, alias("edge.example.net", of=registry, addresses=(CLOUDFLARE,))) == ["unexpected-proxy"]


def test_authorities_that_know_the_alias_alone() -> None:
    told = tuple((number, says(NS1, cnames=("edge.example.net",))) for number in (4, 6))
    observed = alias("edge.example.net")
    assert words(CHECK, structs.replace(observed, names=structs.replace(observed.names, authorities=told))) == ["ok"]


def test_a_stranger_is_not_judged() -> None:
    found = one(seen(stranger(), OTHER, OTHER6))
    assert (found.verdict, found.outcome) == ("ok", Outcome.PASS)
    assert OTHER in found.message
    assert OTHER6 in found.message
    assert "Cloudflare" in one(seen(stranger(), CLOUDFLARE)).message


@pytest.mark.parametrize("status", [Status.NXDOMAIN, Status.TIMEOUT, Status.SERVFAIL])
def test_what_was_not_answered_is_not_called_good(status: Status) -> None:
    half = Observation(endpoint(), NamesSeen({4: says(RESOLVER, GOOD), 6: says(RESOLVER, status=status)}))
    assert one(half).outcome is Outcome.UNKNOWN
    none = Observation(endpoint(), NamesSeen({4: says(RESOLVER, status=status), 6: says(RESOLVER, status=status)}))
    assert one(none).outcome is Outcome.UNKNOWN
    assert one(Observation(endpoint(), incomplete=True)).outcome is Outcome.UNKNOWN


def test_where_no_dns_is_needed_nothing_is_said() -> None:
    assert words(CHECK, Observation(endpoint(), NamesSeen(detour="127.0.0.1"))) == []
    assert words(CHECK, Observation(stranger("192.0.2.1"), names("192.0.2.1"))) == []


def test_what_servers_say_is_made_harmless() -> None:
    assert one(alias("\x1b[31mevil.example")).message.isprintable()
    assert HOST in one(alias("x.example")).message
