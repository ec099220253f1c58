"""EV004: servers that differ, servers without authority, and what is no difference."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as changed

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.lookup import Reply, Server, Status
from edgegen.verify.checks.dns_consistency import CHECK
from edgegen.verify.observation import NamesSeen, Observation
from tests.verify.checks.making import endpoint, judged, names, observation, stranger, words

OLD, NEW, NEW6 = "192.0.2.1", "192.0.2.10", "2001:db8::10"
DNS64 = "64:ff9b::c000:20a"
RESOLVER, NS1, NS2 = (
    Server("192.0.2.53"),
    Server("192.0.2.54", name="ns1.example.com"),
    Server("192.0.2.55", name="ns2.example.com"),
)


def says(server: Server, *values: str, status: Status | None = None, ttl: int = 300, **changes: Any) -> Reply:
    return Reply(server, status or (Status.ANSWER if values else Status.NODATA), values, ttl, **changes)


def seen(resolver: Reply, *authorities: Reply, six: Reply | None = None, **changes: Any) -> Observation:
    """A of the resolver and of the authorities; AAAA is nowhere, or `six` everywhere."""
    servers = list(dict.fromkeys(reply.server for reply in authorities))
    other = six or says(RESOLVER)
    told = [(4, reply) for reply in authorities] + [(6, changed(other, server=server)) for server in servers]
    return Observation(endpoint(), NamesSeen({4: resolver, 6: other}, tuple(told)), **changes)


def one(observed: Observation) -> Finding:
    (found,) = judged(CHECK, observed)
    return found


@pytest.mark.parametrize(
    "told",
    [
        [says(NS1, NEW), says(NS2, NEW)],
        [says(NS1, NEW)],
        [says(NS1, NEW, ttl=60), says(NS2, NEW, ttl=3600)],
    ],
)
def test_all_say_the_same(told: list[Reply]) -> None:
    found = one(seen(says(RESOLVER, NEW, ttl=17), *told))
    assert (found.verdict, found.outcome) == ("ok", Outcome.PASS)


def test_order_and_spelling_are_no_difference() -> None:
    both = Observation(
        endpoint(),
        NamesSeen(
            {4: says(RESOLVER, OLD, NEW), 6: says(RESOLVER, NEW6)},
            ((4, says(NS1, NEW, OLD)), (6, says(NS1, "2001:DB8:0:0::10"))),
        ),
    )
    assert words(CHECK, both) == ["ok"]


def test_authorities_that_differ() -> None:
    found = one(seen(says(RESOLVER, NEW, ttl=120), says(NS1, NEW, ttl=300), says(NS2, OLD, ttl=600)))
    assert (found.verdict, found.outcome, found.severity) == ("dns-inconsistent", Outcome.FAIL, Severity.MEDIUM)
    assert "ns2.example.com (192.0.2.55) says 192.0.2.1" in found.message
    assert "ns1.example.com (192.0.2.54), the resolver 192.0.2.53 say 192.0.2.10" in found.message
    assert "600 s" in found.message


LEFT = changed(NS2, only_above=True)


def test_a_server_that_is_left_over_at_the_registrar() -> None:
    found = one(seen(says(RESOLVER, NEW), says(NS1, NEW), says(LEFT, OLD)))
    assert found.verdict == "dns-inconsistent"
    assert "ns2.example.com (192.0.2.55, only at the registrar) says 192.0.2.1" in found.message
    assert found.hint.startswith("let the registrar and the zone's own NS records name the same servers")
    assert "--resolver 1.1.1.1" in found.hint  # the machine's own network may have another version of the zone
    denies = one(seen(says(RESOLVER, NEW), says(NS1, NEW), says(LEFT, status=Status.NXDOMAIN)))
    assert denies.verdict == "dns-inconsistent"


def test_a_server_more_at_the_registrar_that_says_the_same_is_no_fault() -> None:
    assert words(CHECK, seen(says(RESOLVER, NEW), says(NS1, NEW), says(LEFT, NEW))) == ["ok"]
    refuses = one(seen(says(RESOLVER, NEW), says(NS1, NEW), says(LEFT, status=Status.REFUSED)))
    assert (refuses.verdict, refuses.severity) == ("dns-lame", Severity.LOW)
    assert "only at the registrar" in refuses.message


def test_servers_of_the_zone_that_differ_are_not_the_registrar_s_fault() -> None:
    third = Server("192.0.2.56", name="ns3.example.com", only_above=True)
    found = one(seen(says(RESOLVER, NEW), says(NS1, NEW), says(NS2, OLD), says(third, NEW)))
    assert "zone transfer" in found.hint


def test_a_resolver_that_remembers_the_old_answer() -> None:
    found = one(seen(says(RESOLVER, OLD, ttl=250), says(NS1, NEW), says(NS2, NEW)))
    assert found.verdict == "dns-inconsistent"
    assert "the resolver 192.0.2.53 says 192.0.2.1" in found.message
    assert "300 s" in found.message
    assert "wait 300 s" in found.hint


@pytest.mark.parametrize("resolver", [NEW, "192.0.2.77"])
def test_where_all_authorities_are_wrong_another_check_says_it(resolver: str) -> None:
    """The spec wants NEW. That the resolver does not know yet, or is older still, is no second fault."""
    found = one(seen(says(RESOLVER, resolver), says(NS1, OLD), says(NS2, OLD)))
    assert (found.verdict, found.outcome) == ("not-seen", Outcome.UNKNOWN)
    assert "dns-addresses" in found.message
    unsaid = seen(says(RESOLVER, resolver), says(NS1, OLD), says(NS2, OLD))
    assert words(CHECK, changed(unsaid, endpoint=endpoint(ipv4=None))) == ["dns-inconsistent"]


def test_what_dns64_makes_is_no_difference() -> None:
    """Networks without IPv4: the resolver there makes an AAAA of every A."""
    made = seen(says(RESOLVER, NEW), says(NS1, NEW))
    made = changed(made, names=changed(made.names, resolved={4: says(RESOLVER, NEW), 6: says(RESOLVER, DNS64)}))
    assert words(CHECK, made) == ["ok"]


def test_a_resolver_that_leaves_aaaa_out_is_named_as_such() -> None:
    told = ((4, says(NS1, NEW)), (6, says(NS1, NEW6)))
    found = one(Observation(endpoint(ipv6=(NEW6,)), NamesSeen({4: says(RESOLVER, NEW), 6: says(RESOLVER)}, told)))
    assert found.verdict == "dns-inconsistent"
    assert "omits AAAA" in found.hint
    alias = ("edge.example.net",)
    told = tuple((family, says(NS1, status=Status.NODATA, cnames=alias)) for family in (4, 6))
    cname = NamesSeen({4: says(RESOLVER, NEW, cnames=alias), 6: says(RESOLVER)}, told, cname=alias)
    assert words(CHECK, Observation(endpoint(ipv4=None, ipv6=None, cname=alias[0]), cname)) == ["ok"]


def test_a_flattened_cname_may_have_other_addresses_each_time() -> None:
    told = seen(says(RESOLVER, NEW), says(NS1, OLD), says(NS2, "192.0.2.77"))
    apex = endpoint("example.com", ipv4=None, ipv6=None, cname="lb.example.net")
    assert words(CHECK, changed(told, endpoint=apex)) == ["ok"]
    assert words(CHECK, changed(told, endpoint=replace(apex, cname=None))) == ["dns-inconsistent"]
    gone = seen(says(RESOLVER, NEW), says(NS1, NEW), says(NS2, status=Status.NXDOMAIN))
    assert words(CHECK, changed(gone, endpoint=apex)) == ["dns-inconsistent"]


@pytest.mark.parametrize("status", [Status.NXDOMAIN, Status.NODATA])
def test_an_authority_that_does_not_know_the_name(status: Status) -> None:
    assert words(CHECK, seen(says(RESOLVER, NEW), says(NS1, NEW), says(NS2, status=status))) == ["dns-inconsistent"]


def test_one_family_that_differs() -> None:
    told = ((4, says(NS1, NEW)), (6, says(NS1, NEW6)), (4, says(NS2, NEW)), (6, says(NS2)))
    found = one(Observation(endpoint(), NamesSeen({4: says(RESOLVER, NEW), 6: says(RESOLVER, NEW6)}, told)))
    assert found.verdict == "dns-inconsistent"
    assert found.message.startswith("AAAA: ")


def test_no_such_name_and_no_such_record_come_to_the_same() -> None:
    told = ((4, says(NS1, NEW)), (6, says(NS1)), (4, says(NS2, NEW)), (6, says(NS2, status=Status.NXDOMAIN)))
    assert words(CHECK, Observation(endpoint(), NamesSeen({4: says(RESOLVER, NEW), 6: says(RESOLVER)}, told))) == ["ok"]


def test_cloudflare_s_addresses_rotate() -> None:
    rotated = seen(
        says(RESOLVER, "104.16.1.1", "104.16.2.2"), says(NS1, "104.16.2.2", "172.64.9.9"), says(NS2, "104.16.7.7")
    )
    assert words(CHECK, rotated) == ["ok"]
    assert words(CHECK, seen(says(RESOLVER, "104.16.1.1"), says(NS1, OLD), says(NS2, "104.16.1.1"))) == [
        "dns-inconsistent"
    ]


def test_an_alias_is_compared_by_where_it_leads() -> None:
    """An authority knows the alias alone; the resolver has what is behind it."""
    resolver = says(RESOLVER, NEW, cnames=("edge.example.net",))
    knows = says(NS1, status=Status.NODATA, cnames=("edge.example.net",))
    assert words(CHECK, seen(resolver, knows, six=says(RESOLVER, cnames=("edge.example.net",)))) == ["ok"]
    other = says(NS2, status=Status.NODATA, cnames=("old.example.net",))
    found = one(seen(resolver, knows, other, six=says(RESOLVER, cnames=("edge.example.net",))))
    assert found.verdict == "dns-inconsistent"
    assert "says CNAME old.example.net" in found.message


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.LAME, "answers without authority"),
        (Status.REFUSED, "refuses"),
        (Status.SERVFAIL, "SERVFAIL"),
        (Status.TIMEOUT, "gives no answer"),
        (Status.UNREACHABLE, "can't be reached"),
    ],
)
def test_a_lame_authority_is_a_remark(status: Status, said: str) -> None:
    lame = ((4, says(NS1, NEW)), (6, says(NS1)), (4, says(NS2, status=status)), (6, says(NS2, status=status)))
    found = one(Observation(endpoint(), NamesSeen({4: says(RESOLVER, NEW), 6: says(RESOLVER)}, lame)))
    assert (found.verdict, found.severity, found.is_remark) == ("dns-lame", Severity.LOW, True)
    assert "ns2.example.com (192.0.2.55)" in found.message
    assert said in found.message
    assert "to A" not in found.message


def test_lame_and_inconsistent_are_two_findings() -> None:
    ns3 = Server("192.0.2.56", name="ns3.example.com")
    observed = seen(says(RESOLVER, NEW), says(NS1, NEW), says(NS2, OLD), says(ns3, status=Status.LAME))
    assert words(CHECK, observed) == ["dns-lame", "dns-inconsistent"]


def test_a_server_that_drops_one_type_of_question() -> None:
    drops = ((4, says(NS1, NEW)), (6, says(NS1)), (4, says(NS2, NEW)), (6, says(NS2, status=Status.TIMEOUT)))
    found = one(Observation(endpoint(), NamesSeen({4: says(RESOLVER, NEW), 6: says(RESOLVER)}, drops)))
    assert found.verdict == "dns-lame"
    assert "gives no answer to AAAA" in found.message


def test_a_type_that_no_server_answers_is_not_called_good() -> None:
    drops = ((4, says(NS1, NEW)), (6, says(NS1, status=Status.TIMEOUT)))
    found = judged(CHECK, Observation(endpoint(), NamesSeen({4: says(RESOLVER, NEW), 6: says(RESOLVER)}, drops)))
    assert [item.verdict for item in found] == ["dns-lame", "not-seen"]


def test_servers_that_this_machine_has_no_way_to_are_no_fault() -> None:
    v6 = Server("2001:db8::54", name="ns1.example.com")
    local = [(family, says(v6, status=Status.LOCAL)) for family in (4, 6)]
    observed = seen(says(RESOLVER, NEW), says(NS1, NEW))
    more = changed(observed, names=changed(observed.names, authorities=(*observed.names.authorities, *local)))
    assert words(CHECK, more) == ["ok"]
    alone = changed(observed, names=changed(observed.names, authorities=tuple(local)))
    assert one(alone).outcome is Outcome.UNKNOWN


def test_where_port_53_is_closed_outwards_nothing_is_told() -> None:
    silent = says(NS1, status=Status.TIMEOUT)
    observed = seen(
        says(RESOLVER, NEW), silent, says(NS2, status=Status.TIMEOUT), six=says(RESOLVER, status=Status.TIMEOUT)
    )
    assert (one(observed).verdict, one(observed).outcome) == ("not-seen", Outcome.UNKNOWN)


def test_a_name_that_does_not_resolve_is_another_check_s_finding() -> None:
    gone = says(RESOLVER, status=Status.NXDOMAIN)
    everywhere = seen(gone, says(NS1, status=Status.NXDOMAIN), six=gone)
    assert words(CHECK, everywhere) == ["ok"]
    remembered = seen(gone, says(NS1, NEW), says(NS2, NEW), six=says(RESOLVER))
    assert words(CHECK, remembered) == ["not-seen"]
    differing = seen(gone, says(NS1, NEW), says(NS2, status=Status.NXDOMAIN), six=says(RESOLVER))
    assert words(CHECK, differing) == ["dns-inconsistent"]


@pytest.mark.parametrize("status", [Status.SERVFAIL, Status.TIMEOUT, Status.REFUSED])
def test_a_resolver_without_an_answer_agrees_with_nobody(status: Status) -> None:
    half = seen(says(RESOLVER, NEW), says(NS1, NEW), says(NS2, NEW))
    half = changed(half, names=changed(half.names, resolved={**half.names.resolved, 6: says(RESOLVER, status=status)}))
    assert one(half).outcome is Outcome.UNKNOWN


def test_authorities_that_could_not_be_found() -> None:
    trouble = Observation(
        endpoint(), changed(names(NEW), authorities=(), authorities_trouble="the name servers can't be found")
    )
    found = one(trouble)
    assert (found.verdict, found.outcome) == ("not-seen", Outcome.UNKNOWN)
    assert "can't be found" in found.message
    assert one(Observation(endpoint(), incomplete=True)).outcome is Outcome.UNKNOWN


def test_where_no_authority_is_to_be_asked_nothing_is_said() -> None:
    assert words(CHECK, Observation(stranger(), names(NEW, authorities=()))) == []
    assert words(CHECK, Observation(endpoint(), NamesSeen(detour="127.0.0.1"))) == []
    assert words(CHECK, Observation(endpoint("192.0.2.1"), names("192.0.2.1", authorities=()))) == []


def test_a_healthy_host() -> None:
    assert words(CHECK, observation()) == ["ok"]
    assert "1 name server " in one(observation()).message
