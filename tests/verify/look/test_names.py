"""Look-ups at real name servers on loopback: the resolver, the authorities, and what hides behind SERVFAIL."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from edgegen.endpoints import Endpoint
from edgegen.lookup import Server, Status
from edgegen.verify.look.names import SharedNames, caa_of, look_up
from edgegen.verify.observation import CaaSeen, NamesSeen
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes.dns_server import FakeDns, on_one_port

HOST = "www.example.com"
SOA = "example.com. 3600 IN SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 900"
WWW = f"""
{HOST}. 300 IN A 192.0.2.1
{HOST}. 300 IN AAAA 2001:db8::1
{SOA}
"""
NAME_SERVERS = """
example.com. 60 IN NS ns1.example.com.
example.com. 60 IN NS ns2.example.com.
ns1.example.com. 60 IN A 127.0.0.2
ns2.example.com. 60 IN A 127.0.0.3
"""


def settings(*servers: FakeDns | Server, **changes: object) -> Settings:
    found = tuple(Server(one.address, one.port) for one in servers)
    return Settings(**{"resolvers": found, "timeout": 20.0, **changes})


def seen(fake: FakeDns, host: str = HOST, **changes: object) -> NamesSeen:
    return look_up(Endpoint("web", host), settings(fake, **changes), SharedNames())


def statuses(names: NamesSeen) -> tuple[Status, Status]:
    return names.resolved[4].status, names.resolved[6].status


@pytest.fixture
def silent() -> Iterator[Server]:
    """A port of loopback at which nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        yield Server("127.0.0.1", bound.getsockname()[1])


def test_both_families() -> None:
    with FakeDns(WWW) as fake:
        names = seen(fake)
    assert names.addresses == ("192.0.2.1", "2001:db8::1")
    assert names == NamesSeen(resolved=names.resolved)


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("told", "status"),
    [
        (("NXDOMAIN", []), Status.NXDOMAIN),
        (("NOERROR", []), Status.NODATA),
        (("SERVFAIL", []), Status.SERVFAIL),
        (("NOTIMP", []), Status.SERVFAIL),
        (("REFUSED", []), Status.REFUSED),
        (None, Status.TIMEOUT),
    ],
)
def test_answers_without_an_address(told: tuple[str, list[str]] | None, status: Status) -> None:
    with FakeDns(behave=lambda name, kind: told) as fake:
        names = seen(fake, timeout=0.5 if told is None else 20.0)
    assert statuses(names) == (status, status)
    assert (names.bogus, names.addresses) == (False, ())


@pytest.mark.slow
def test_a_slow_resolver_is_waited_for_as_long_as_the_look_up_may_take() -> None:
    late = threading.Event()
    with FakeDns(WWW, slow=late) as fake:
        start = time.monotonic()
        names = seen(fake, timeout=0.6)
        took = time.monotonic() - start
        late.set()
    assert statuses(names) == (Status.TIMEOUT, Status.TIMEOUT)
    assert 0.5 < took < 20


@pytest.mark.slow
def test_the_next_resolver_answers_for_a_dead_one() -> None:
    shared = SharedNames()
    with FakeDns(behave=lambda *_: None) as dead, FakeDns(WWW) as fake:
        first = look_up(Endpoint("web", HOST), settings(dead, fake, timeout=8.0), shared)
        asked = len(dead.asked)
        again = look_up(Endpoint("web", HOST), settings(dead, fake, timeout=8.0), shared)
        assert len(dead.asked) == asked > 0, "the dead one is asked last once it is known"
    assert first.addresses == again.addresses == ("192.0.2.1", "2001:db8::1")


def test_no_resolver_at_all() -> None:
    names = look_up(Endpoint("web", HOST, zone="example.com"), Settings(), SharedNames())
    assert statuses(names) == (Status.LOCAL, Status.LOCAL)
    assert "no resolver" in names.authorities_trouble


def test_what_can_be_no_name_does_not_exist() -> None:
    with FakeDns(WWW) as fake:
        assert statuses(seen(fake, "a..example.com")) == (Status.NXDOMAIN, Status.NXDOMAIN)
        assert fake.asked == []


def test_a_truncated_answer_comes_over_tcp() -> None:
    with FakeDns(WWW, truncated=True) as fake:
        assert seen(fake).addresses == ("192.0.2.1", "2001:db8::1")
        assert sorted(fake.over_tcp) == [(f"{HOST}.", "A"), (f"{HOST}.", "AAAA")]


def test_signatures_that_do_not_hold() -> None:
    with FakeDns(WWW, bogus=[HOST]) as fake:
        names = seen(fake)
    assert names.bogus
    assert statuses(names) == (Status.SERVFAIL, Status.SERVFAIL)
    assert names.addresses == ()


def test_a_failure_that_passes_is_not_bogus() -> None:
    """One SERVFAIL and then an answer, whether DNSSEC is checked or not: a hiccup."""
    failed: list[str] = []

    def hiccup(name: str, kind: str) -> tuple[str, list[str]]:
        if kind == "A" and not failed:
            failed.append(name)
            return "SERVFAIL", []
        return "NOERROR", [f"{name} 60 IN A 192.0.2.1"] if kind == "A" else []

    with FakeDns(behave=hiccup) as fake:
        names = seen(fake)
    assert (names.bogus, names.addresses) == (False, ("192.0.2.1",))


CIRCLE = {"a.example.com.": "b.example.com.", "b.example.com.": "c.example.com.", "c.example.com.": "a.example.com."}


def circle_in_one_answer(name: str, kind: str) -> tuple[str, list[str]]:
    return "NOERROR", [f"{one} 60 IN CNAME {other}" for one, other in CIRCLE.items()]


def circle_step_by_step(name: str, kind: str) -> tuple[str, list[str]]:
    return "NOERROR", [f"{name} 60 IN CNAME {CIRCLE[name]}"]


def circle_hidden_by_servfail(name: str, kind: str) -> tuple[str, list[str]]:
    return ("NOERROR", [f"{name} 60 IN CNAME {CIRCLE[name]}"]) if kind == "CNAME" else ("SERVFAIL", [])


@pytest.mark.parametrize("behave", [circle_in_one_answer, circle_step_by_step, circle_hidden_by_servfail])
def test_a_circle_of_cnames(behave: Callable[[str, str], tuple[str, list[str]]]) -> None:
    with FakeDns(behave=behave) as fake:
        names = seen(fake, "a.example.com")
    assert statuses(names) == (Status.LOOP, Status.LOOP)
    assert names.cname == ("b.example.com", "c.example.com", "a.example.com")
    assert not names.bogus


def test_an_endless_way_of_cnames_ends() -> None:
    with FakeDns(behave=lambda name, kind: ("NOERROR", [f"{name} 60 IN CNAME x{name}"])) as fake:
        assert statuses(seen(fake, "a.example.com")) == (Status.LOOP, Status.LOOP)
        assert len(fake.asked) < 60


def test_cnames_are_followed_where_the_resolver_does_not() -> None:
    table = {
        "a.example.com.": "CNAME b.example.net.",
        "b.example.net.": "CNAME c.example.net.",
        "c.example.net.": "A 192.0.2.7",
    }

    def forwarder(name: str, kind: str) -> tuple[str, list[str]]:
        said = table[name]
        return "NOERROR", [f"{name} 60 IN {said}"] if said.split()[0] in (kind, "CNAME") else []

    with FakeDns(behave=forwarder) as fake:
        names = seen(fake, "a.example.com")
    assert statuses(names) == (Status.ANSWER, Status.NODATA)
    assert (names.addresses, names.cname) == (("192.0.2.7",), ("b.example.net", "c.example.net"))


def test_a_cname_that_leads_nowhere() -> None:
    with FakeDns(f"{SOA}\n{HOST}. 60 IN CNAME gone.example.com.") as fake:
        names = seen(fake)
    assert statuses(names) == (Status.NXDOMAIN, Status.NXDOMAIN)
    assert names.cname == ("gone.example.com",)


@pytest.mark.parametrize(("host", "family"), [("192.0.2.1", 4), ("2001:db8::1", 6), ("[2001:db8::1]", 6)])
def test_an_address_needs_no_dns(host: str, family: int) -> None:
    with FakeDns() as fake:
        names = seen(fake, host)
        assert fake.asked == []
    assert list(names.resolved) == [family]
    assert names.addresses == (host.strip("[]"),)


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("rule", "detour"),
    [
        (ConnectTo(HOST, 443, "127.0.0.1", 8443), "127.0.0.1"),
        (ConnectTo(HOST.upper(), None, "::1", None), "::1"),
        (ConnectTo(HOST, 8443, "127.0.0.1", None), ""),
        (ConnectTo("other.example.com", 443, "127.0.0.1", None), ""),
        (ConnectTo("", 443, "127.0.0.1", 8443), ""),
        (ConnectTo(HOST, 443, "", 8443), ""),
        (ConnectTo(HOST, 443, "other.example.com", 8443), ""),
    ],
)
def test_a_detour_to_an_address_needs_no_dns(rule: ConnectTo, detour: str) -> None:
    with FakeDns(WWW) as fake:
        names = seen(fake, connect_to=(rule,))
        assert bool(fake.asked) == (not detour)
    assert names.detour == detour
    assert names.addresses == (() if detour else ("192.0.2.1", "2001:db8::1"))


def test_of_several_detours_the_first_that_fits_holds() -> None:
    rules = (ConnectTo("", 443, "", 8443), ConnectTo(HOST, 443, "127.0.0.1", None))
    with FakeDns(WWW) as fake:
        assert seen(fake, connect_to=rules).detour == ""
        assert seen(fake, connect_to=rules[::-1]).detour == "127.0.0.1"


def at_zone(resolver: FakeDns, port: int, shared: SharedNames | None = None, **changes: object) -> NamesSeen:
    endpoint = Endpoint("web", HOST, zone="example.com")
    return look_up(endpoint, settings(resolver, authority_port=port, **changes), shared or SharedNames())


def told(names: NamesSeen) -> list[tuple[str, int, Status, tuple[str, ...]]]:
    return [(reply.server.address, family, reply.status, reply.values) for family, reply in names.authorities]


def test_each_address_of_each_authority_is_asked_for_both_families() -> None:
    ns1, ns2 = FakeDns(WWW, address="127.0.0.2"), FakeDns(WWW.replace("192.0.2.1", "192.0.2.9"), address="127.0.0.3")
    with FakeDns(WWW + NAME_SERVERS) as resolver, on_one_port(ns1, ns2) as port:
        names = at_zone(resolver, port)
    assert told(names) == [
        ("127.0.0.2", 4, Status.ANSWER, ("192.0.2.1",)),
        ("127.0.0.2", 6, Status.ANSWER, ("2001:db8::1",)),
        ("127.0.0.3", 4, Status.ANSWER, ("192.0.2.9",)),
        ("127.0.0.3", 6, Status.ANSWER, ("2001:db8::1",)),
    ]
    assert [reply.server.name for _, reply in names.authorities[::2]] == ["ns1.example.com", "ns2.example.com"]
    assert names.authorities_trouble == ""


def test_a_server_that_only_the_registrar_names_is_asked_too() -> None:
    """It has what the zone had before: resolvers that start there send their visitors to the old address."""
    above = "com. 60 IN NS a.above.test.\na.above.test. 60 IN A 127.0.0.4\nold.test. 60 IN A 127.0.0.3\n"
    handed = "example.com. 60 IN NS ns1.example.com.\nexample.com. 60 IN NS old.test."
    zone = "example.com. 60 IN NS ns1.example.com.\nns1.example.com. 60 IN A 127.0.0.2\n"
    ns1, old = FakeDns(WWW, address="127.0.0.2"), FakeDns(WWW.replace("192.0.2.1", "192.0.2.9"), address="127.0.0.3")
    registry = FakeDns(address="127.0.0.4", refers={"example.com": handed})
    with FakeDns(WWW + zone + above) as resolver, on_one_port(ns1, old, registry) as port:
        names = at_zone(resolver, port)
    assert told(names) == [
        ("127.0.0.2", 4, Status.ANSWER, ("192.0.2.1",)), ("127.0.0.2", 6, Status.ANSWER, ("2001:db8::1",)),
        ("127.0.0.3", 4, Status.ANSWER, ("192.0.2.9",)), ("127.0.0.3", 6, Status.ANSWER, ("2001:db8::1",)),
    ]  # fmt: skip
    assert [reply.server.only_above for _, reply in names.authorities] == [False, False, True, True]


@pytest.mark.slow
def test_authorities_without_authority_and_without_a_word() -> None:
    lame, quiet = (
        FakeDns(WWW, address="127.0.0.2", authoritative=False),
        FakeDns(behave=lambda *_: None, address="127.0.0.3"),
    )
    shared = SharedNames()
    with FakeDns(WWW + NAME_SERVERS) as resolver, on_one_port(lame, quiet) as port:
        names = at_zone(resolver, port, shared, timeout=3.0)
        asked = len(quiet.asked)
        again = at_zone(resolver, port, shared, timeout=3.0)
        assert len(quiet.asked) == asked, "who is silent is asked once in a round"
    for seen_names in (names, again):
        assert [status for _, _, status, _ in told(seen_names)] == [
            Status.LAME,
            Status.LAME,
            Status.TIMEOUT,
            Status.TIMEOUT,
        ]


def test_an_authority_that_this_machine_has_no_way_to() -> None:
    zone = f"{WWW}example.com. 60 IN NS ns1.example.com.\nns1.example.com. 60 IN A 255.255.255.255\n"
    with FakeDns(zone) as resolver:
        assert [status for _, _, status, _ in told(at_zone(resolver, 5353))] == [Status.LOCAL, Status.LOCAL]


def test_authorities_that_can_not_be_found() -> None:
    with FakeDns(WWW) as resolver:
        names = at_zone(resolver, 5353)
    assert names.authorities == ()
    assert "example.com" in names.authorities_trouble
    assert names.addresses == ("192.0.2.1", "2001:db8::1")


@pytest.mark.slow
def test_64_at_once_find_the_authorities_once() -> None:
    shared, together = SharedNames(), threading.Barrier(64)
    ns1, ns2 = FakeDns(WWW, address="127.0.0.2"), FakeDns(WWW, address="127.0.0.3")

    def one(_: int) -> NamesSeen:
        together.wait()
        return at_zone(resolver, port, shared, timeout=20.0)

    with FakeDns(WWW + NAME_SERVERS) as resolver, on_one_port(ns1, ns2) as port, ThreadPoolExecutor(64) as pool:
        found = list(pool.map(one, range(64)))
        assert resolver.asked.count(("example.com.", "NS")) == 1
    assert len({str(told(names)) for names in found}) == 1
    assert {names.addresses for names in found} == {("192.0.2.1", "2001:db8::1")}


@pytest.mark.slow
def test_the_whole_look_up_keeps_its_time(silent: Server) -> None:
    endpoint = Endpoint("web", HOST, zone="example.com")
    start = time.monotonic()
    names = look_up(endpoint, settings(silent, timeout=2.0), SharedNames())
    assert time.monotonic() - start < 3.7  # one after the other, both would take 4
    assert statuses(names) == (Status.TIMEOUT, Status.TIMEOUT)
    assert names.authorities_trouble


CAA = """
example.com. 60 IN CAA 0 issue "letsencrypt.org"
example.com. 60 IN CAA 0 iodef "mailto:ops@example.com"
own.example.com. 60 IN CAA 0 issue ";"
own.example.com. 60 IN A 192.0.2.1
alias.example.com. 60 IN CNAME own.example.com.
www.example.com. 60 IN A 192.0.2.1
www.example.org. 60 IN A 192.0.2.1
"""


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("host", "records"),
    [
        ("www.example.com", ('0 iodef "mailto:ops@example.com"', '0 issue "letsencrypt.org"')),
        ("a.b.c.example.com", ('0 iodef "mailto:ops@example.com"', '0 issue "letsencrypt.org"')),
        ("own.example.com", ('0 issue ";"',)),
        ("deep.own.example.com", ('0 issue ";"',)),
        ("alias.example.com", ('0 issue ";"',)),
        ("www.example.org", ()),
        ("localhost", ()),
    ],
)
def test_the_nearest_caa_set_up_the_tree(host: str, records: tuple[str, ...]) -> None:
    with FakeDns(CAA) as fake:
        assert caa_of(host, settings(fake), SharedNames()) == CaaSeen(records)


@pytest.mark.parametrize("host", ["192.0.2.1", "[2001:db8::1]"])
def test_nobody_is_asked_for_the_caa_of_an_address(host: str) -> None:
    with FakeDns(CAA) as fake:
        assert caa_of(host, settings(fake), SharedNames()) == CaaSeen(())
        assert fake.asked == []


@pytest.mark.quick(1)
@pytest.mark.parametrize("told", [("REFUSED", []), None])
def test_caa_that_can_not_be_told(told: tuple[str, list[str]] | None) -> None:
    with FakeDns(behave=lambda name, kind: told) as fake:
        assert caa_of(HOST, settings(fake, timeout=0.5), SharedNames()) == CaaSeen()


@pytest.mark.parametrize("code", ["SERVFAIL", "NOTIMP"])
def test_where_the_question_for_caa_fails(code: str) -> None:
    """As at old name servers that don't know the type; for the host itself they say that there is nothing."""
    with FakeDns(behave=lambda name, _: ("NOERROR", []) if name == "a.b.test." else (code, [])) as fake:
        assert caa_of("a.b.test", settings(fake), SharedNames()) == CaaSeen(failed_at="b.test")


def test_hosts_of_one_zone_ask_for_its_caa_once() -> None:
    shared = SharedNames()
    with FakeDns(CAA) as fake:
        for number in range(5):
            assert caa_of(f"h{number}.own.example.com", settings(fake), shared) == CaaSeen(('0 issue ";"',))
        asked = [name for name, *_ in fake.asked]
    assert asked.count("own.example.com.") == 1
    assert not shared.no_caa


@pytest.mark.quick(1)
def test_silence_about_caa_is_remembered_and_asked_again_where_it_matters() -> None:
    shared, told = SharedNames(), [None, ("NOERROR", ['a.test. 60 IN CAA 0 issue ";"'])]
    with FakeDns(behave=lambda _name, _kind: told[0]) as fake:
        assert caa_of("a.test", settings(fake, timeout=0.3), shared) == CaaSeen()
        assert shared.no_caa
        told.pop(0)
        assert caa_of("a.test", settings(fake), shared) == CaaSeen(('0 issue ";"',))
