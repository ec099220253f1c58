"""The engine's books, with probes that do what a test says: order, deadlines, what is not connected to, stops, bugs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint, Kind
from edgegen.lookup import Reply, Server, Status
from edgegen.verify import engine
from edgegen.verify.engine import LEAST, MOST_ADDRESSES, RENEWAL, look
from edgegen.verify.observation import AddressSeen, CaaSeen, NamesSeen, Trouble
from edgegen.verify.settings import ConnectTo, Settings
from tests.verify.checks.making import address_seen, failure, tls, untrusted

LONG = 20.0
PUBLIC, OTHER, PRIVATE = "157.245.51.137", "157.245.51.138", "10.0.0.7"


class Probes:
    """Names and addresses as a test has them; remembers what was asked."""

    def __init__(self) -> None:
        self.names: dict[str, NamesSeen] = {}
        self.at: Callable[[Endpoint, str], AddressSeen] = lambda item, address: address_seen(address, host=item.host)
        self.look_up_first: Callable[[Endpoint], None] = lambda _: None
        self.caa = CaaSeen(('0 issue "letsencrypt.org"',))
        self.asked_caa: list[str] = []
        self.caa_timeouts: list[float] = []
        self.looked: list[tuple[str, str]] = []
        self.timeouts: list[float] = []
        self.settings: Settings | None = None
        self.lock = threading.Lock()

    def look_up(self, endpoint: Endpoint, settings: Settings, _shared: object) -> NamesSeen:
        self.settings = settings
        self.look_up_first(endpoint)
        return self.names.get(endpoint.host, answers(PUBLIC))

    def look_at(self, item: Endpoint, address: str, _settings: Settings, _trust: object, left: float) -> AddressSeen:
        with self.lock:
            self.looked.append((item.host, address))
            self.timeouts.append(left)
        return self.at(item, address)

    def caa_of(self, host: str, settings: Settings, _shared: object) -> CaaSeen:
        self.asked_caa.append(host)
        self.caa_timeouts.append(settings.timeout)
        return self.caa


def answers(*addresses: str, **more: Any) -> NamesSeen:
    server = Server("192.0.2.53")
    families = {4: [item for item in addresses if ":" not in item], 6: [item for item in addresses if ":" in item]}
    return NamesSeen(
        {
            family: Reply(server, Status.ANSWER if some else Status.NODATA, tuple(some))
            for family, some in families.items()
        },
        **more,
    )


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Probes]:
    made = Probes()
    monkeypatch.setattr(engine.names, "look_up", made.look_up)
    monkeypatch.setattr(engine.names, "caa_of", made.caa_of)
    monkeypatch.setattr(engine, "look_at_address", made.look_at)
    yield made


def endpoints(*hosts: str) -> list[Endpoint]:
    return [Endpoint("w", host) for host in hosts]


TRUST: Any = None


def test_what_is_seen_stands_in_the_order_of_the_endpoints(probes: Probes) -> None:
    """The first look-up ends last."""
    hosts = [f"h{number:03}.test" for number in range(100)]
    others = threading.Semaphore(0)

    def first_waits(endpoint: Endpoint) -> None:
        if endpoint.host == hosts[0]:
            for _ in hosts[1:]:
                assert others.acquire(timeout=LONG)
        else:
            others.release()

    probes.look_up_first = first_waits
    probes.names = {host: answers(PUBLIC, OTHER) for host in hosts}
    told: list[tuple[int, int]] = []
    seen = look(endpoints(*hosts), Settings(at_once=8), trust=TRUST, progress=lambda *words: told.append(words))
    assert [item.endpoint.host for item in seen] == hosts
    assert all([one.address for one in item.addresses] == [PUBLIC, OTHER] for item in seen)
    assert not any(item.incomplete for item in seen)
    assert told == [(number, 100) for number in range(101)]


def test_nothing_to_look_at(probes: Probes) -> None:
    assert look([], Settings(), trust=TRUST) == ()


def test_every_address_is_looked_at_and_each_once(probes: Probes) -> None:
    probes.names["a.test"] = answers(PUBLIC, OTHER, "2001:db8::1")
    probes.names["b.test"] = answers(PUBLIC, PUBLIC)
    probes.names["c.test"] = answers()
    seen = look(endpoints("a.test", "b.test", "c.test"), Settings(allow_private=True), trust=TRUST)
    assert [[one.address for one in item.addresses] for item in seen] == [[PUBLIC, OTHER, "2001:db8::1"], [PUBLIC], []]
    assert sorted(probes.looked) == sorted(
        [("a.test", PUBLIC), ("a.test", OTHER), ("a.test", "2001:db8::1"), ("b.test", PUBLIC)]
    )


def test_an_address_that_is_nobodys_business_is_not_connected_to(probes: Probes) -> None:
    probes.names["a.test"] = answers(PRIVATE, PUBLIC, "127.0.0.1", "169.254.169.254")
    (seen,) = look(endpoints("a.test"), Settings(), trust=TRUST)
    assert probes.looked == [("a.test", PUBLIC)]
    assert [(one.address, one.not_public) for one in seen.addresses] == [
        (PRIVATE, True),
        (PUBLIC, False),
        ("127.0.0.1", True),
        ("169.254.169.254", True),
    ]
    assert not seen.incomplete


def test_what_the_spec_or_the_user_names_is_connected_to(probes: Probes) -> None:
    probes.names["a.test"] = answers(PRIVATE)
    named = replace(Endpoint("w", "a.test"), ipv4=(PRIVATE,))
    look([named], Settings(), trust=TRUST)
    look(endpoints("a.test"), Settings(allow_private=True), trust=TRUST)
    assert probes.looked == [("a.test", PRIVATE), ("a.test", PRIVATE)]


def test_a_detour_is_the_one_address(probes: Probes) -> None:
    probes.names["a.test"] = answers(PUBLIC, OTHER, detour="127.0.0.1")
    (seen,) = look(endpoints("a.test"), Settings(), trust=TRUST)
    assert [one.address for one in seen.addresses] == ["127.0.0.1"]
    assert not seen.addresses[0].not_public


def test_a_detour_for_every_host_is_the_one_address_of_each(probes: Probes) -> None:
    """Also where the DNS knows nothing, or much: what it says is kept, to be judged."""
    probes.names = {"a.test": answers(PUBLIC, OTHER), "b.test": answers()}
    everywhere = Settings(connect_to=(ConnectTo("", None, "127.0.0.1", None),))
    seen = look(endpoints("a.test", "b.test"), everywhere, trust=TRUST)
    assert [[one.address for one in item.addresses] for item in seen] == [["127.0.0.1"], ["127.0.0.1"]]
    assert [item.names.addresses for item in seen] == [(PUBLIC, OTHER), ()]


def test_a_detour_by_name_is_an_address_to_every_probe(probes: Probes) -> None:
    look(endpoints("a.test"), Settings(connect_to=(ConnectTo("a.test", 443, "localhost", 8443),)), trust=TRUST)
    assert probes.settings is not None
    assert probes.settings.connect_to[0].to_host in ("127.0.0.1", "::1")


def test_the_time_of_the_look_up_is_taken_off(probes: Probes, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that only look-ups move."""
    took = {"quick.test": 0.0, "slow.test": 4.0, "slower.test": 30.0}
    now = [0.0]
    monkeypatch.setattr(engine.time, "monotonic", lambda: now[0])

    def look_up(endpoint: Endpoint) -> None:
        now[0] += took[endpoint.host]

    probes.look_up_first = look_up
    for host in took:
        look(endpoints(host), Settings(timeout=10), trust=TRUST)
    assert probes.timeouts == [10, 6, LEAST]


def test_caa_has_only_the_time_that_is_left(probes: Probes, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(engine.time, "monotonic", lambda: now[0])

    def at(item: Endpoint, _: str) -> AddressSeen:
        now[0] += {"quick.test": 1.0, "slow.test": 30.0}[item.host]
        return address_seen(PUBLIC, tls=untrusted(18))

    probes.at = at
    for host in ("quick.test", "slow.test"):
        look(endpoints(host), Settings(timeout=10), trust=TRUST)
    assert probes.caa_timeouts == [9, LEAST]


def test_of_thousands_of_addresses_some_are_looked_at_and_none_is_called_good(probes: Probes) -> None:
    probes.names["many.test"] = answers(*(f"157.245.{number // 256}.{number % 256}" for number in range(1000)))
    (seen,) = look(endpoints("many.test"), Settings(), trust=TRUST)
    assert len(probes.looked) == MOST_ADDRESSES
    assert len(seen.addresses) == 1000
    skipped = seen.addresses[MOST_ADDRESSES:]
    assert {item.connect.trouble for item in skipped if item.connect} == {Trouble.LOCAL}
    assert not any(item.lives for item in skipped)


def test_caa_is_asked_where_a_certificate_has_to_be_issued(probes: Probes) -> None:
    at = {
        "good.test": address_seen(PUBLIC, host="good.test"),
        "bad.test": address_seen(PUBLIC, tls=untrusted(18)),
        "dead.test": address_seen(PUBLIC, connect=failure(Trouble.REFUSED)),
        "plain.test": address_seen(PUBLIC, tls=tls(verified=False, failure=failure(Trouble.NOT_TLS))),
    }
    probes.at = lambda item, _: at[item.host]
    seen = look(endpoints(*at), Settings(), trust=TRUST)
    assert probes.asked_caa == ["bad.test"]
    assert [item.caa for item in seen] == [CaaSeen(), probes.caa, CaaSeen(), CaaSeen()]
    assert not any(item.incomplete for item in seen)


def test_a_bug_of_a_probe_ends_the_run_and_is_raised(probes: Probes) -> None:
    def broken(item: Endpoint, address: str) -> AddressSeen:
        if item.host == "h7.test":
            raise ZeroDivisionError("planted")
        return address_seen(address, host=item.host)

    probes.at = broken
    with pytest.raises(ZeroDivisionError, match="planted") as caught:
        look(endpoints(*(f"h{number}.test" for number in range(20))), Settings(at_once=4), trust=TRUST)
    assert caught.traceback[-1].name == "broken"


def test_an_error_for_the_user_stays_one(probes: Probes) -> None:
    def nobody(_: Endpoint) -> None:
        raise OutsideError("there is no resolver to ask")

    probes.look_up_first = nobody
    with pytest.raises(OutsideError):
        look(endpoints("a.test"), Settings(), trust=TRUST)


def test_a_stop_gives_what_is_there(probes: Probes) -> None:
    """Two endpoints are seen, one hangs with one address seen, and the rest have not begun."""
    stop, gate = threading.Event(), threading.Event()

    def at(item: Endpoint, address: str) -> AddressSeen:
        if address == OTHER:
            gate.wait(LONG)
        return address_seen(address, host=item.host)

    probes.at = at
    probes.names["h2.test"] = answers(PUBLIC, OTHER)
    hosts = [f"h{number}.test" for number in range(2)]
    seen = look(
        endpoints(*hosts, "h2.test"), Settings(at_once=2), trust=TRUST, stop=stop,
        progress=lambda done, _: stop.set() if done == 2 else None,
    )  # fmt: skip
    gate.set()
    assert [item.incomplete for item in seen] == [False, False, True]
    assert {one.address for one in seen[2].addresses} <= {PUBLIC}


def test_after_a_stop_no_job_is_handed_out(probes: Probes) -> None:
    stop = threading.Event()
    stop.set()
    seen = look(endpoints(*(f"h{number}.test" for number in range(50))), Settings(at_once=1), trust=TRUST, stop=stop)
    assert all(item.incomplete and not item.addresses for item in seen)
    assert len(seen) == 50
    assert probes.looked == []


def test_caa_is_asked_where_a_good_certificate_has_to_be_renewed(probes: Probes) -> None:
    probes.names["detour.test"] = NamesSeen(detour=PUBLIC)
    hosts = {"le": "letsencrypt", "staging": "letsencrypt-staging", "zero": "zerossl", "url": "https://acme.test/dir",
             "any": "", "local": "local", "detour": "letsencrypt"}  # fmt: skip
    some = [Endpoint("w", f"{name}.test", ca=ca) for name, ca in hosts.items()]
    seen = look([*some, Endpoint("pg", "pg.test", Kind.TCP, ca="letsencrypt")], Settings(timeout=30), trust=TRUST)
    assert sorted(probes.asked_caa) == ["le.test", "staging.test", "zero.test"]
    assert set(probes.caa_timeouts) == {RENEWAL}
    assert {item.endpoint.host for item in seen if item.caa == probes.caa} == set(probes.asked_caa)


@pytest.mark.usefixtures("probes")
def test_where_nobody_answers_for_caa_good_hosts_do_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def silent(host: str, _settings: Settings, shared: Any) -> CaaSeen:
        asked.append(host)
        shared.no_caa = True
        return CaaSeen()

    monkeypatch.setattr(engine.names, "caa_of", silent)
    some = [Endpoint("w", f"h{number}.test", ca="letsencrypt") for number in range(50)]
    look(some, Settings(at_once=1), trust=TRUST)
    assert 1 <= len(asked) < 10
