"""Questions to real servers on loopback: what each answer is called."""

from __future__ import annotations

import socket
import time

import pytest

from edgegen.core.errors import OutsideError, UsageError
from edgegen.lookup import Question, Reply, Server, Status, ask_all, ask_any, authorities, parse_server
from tests.fakes.dns_server import FakeDns, on_one_port

LINES = """
www.example.com. 300 IN A 192.0.2.1
www.example.com. 300 IN A 192.0.2.2
v6.example.com. 60 IN AAAA 2001:db8::1
alias.example.com. 60 IN CNAME www.example.com.
example.com. 60 IN NS ns1.example.com.
example.com. 60 IN NS ns2.example.com.
ns1.example.com. 60 IN A 127.0.0.1
ns2.example.com. 60 IN A 127.0.0.2
"""


def answer(fake: FakeDns, name: str, kind: str = "A", **options: object) -> Reply:
    return ask_all([Question(Server("127.0.0.1", fake.port), name, kind, **options)], timeout=20.0)[0]


def test_answers_are_told_apart() -> None:
    with FakeDns(LINES) as fake:
        found = answer(fake, "www.example.com")
        assert (found.status, found.values, found.ttl) == (Status.ANSWER, ("192.0.2.1", "192.0.2.2"), 300)
        assert answer(fake, "www.example.com", "AAAA").status is Status.NODATA
        assert answer(fake, "none.example.com").status is Status.NXDOMAIN
        assert answer(fake, "www.example.com", authority=True).status is Status.ANSWER


@pytest.mark.parametrize(
    ("code", "status"), [("SERVFAIL", Status.SERVFAIL), ("REFUSED", Status.REFUSED), ("FORMERR", Status.SERVFAIL)]
)
def test_refusals(code: str, status: Status) -> None:
    with FakeDns(behave=lambda name, kind: (code, [])) as fake:
        assert answer(fake, "www.example.com").status is status


def test_an_authority_without_authority_is_lame() -> None:
    with FakeDns(LINES, authoritative=False) as fake:
        assert answer(fake, "www.example.com", authority=True).status is Status.LAME
        assert answer(fake, "www.example.com").status is Status.ANSWER


def test_a_circle_of_cnames() -> None:
    lines = ["a.example.com. 60 IN CNAME b.example.com.", "b.example.com. 60 IN CNAME a.example.com."]
    with FakeDns(behave=lambda name, kind: ("NOERROR", lines)) as fake:
        assert answer(fake, "a.example.com").status in (Status.LOOP, Status.NODATA)


@pytest.mark.slow
def test_silence_ends_in_time() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        start = time.monotonic()
        silent_one = Server("127.0.0.1", silent.getsockname()[1])
        (reply,) = ask_all([Question(silent_one, "www.example.com", "A")], timeout=0.5)
    assert reply.status is Status.TIMEOUT
    assert time.monotonic() - start < 20


def test_a_long_answer_comes_over_tcp() -> None:
    lines = "".join(f'many.example.com. 60 IN TXT "{"x" * 200}{number}"\n' for number in range(30))
    with FakeDns(lines) as fake:
        assert len(answer(fake, "many.example.com", "TXT").values) == 30


def test_the_next_resolver_is_asked_when_one_can_not_answer() -> None:
    with FakeDns(behave=lambda name, kind: ("SERVFAIL", [])) as bad, FakeDns(LINES) as good:
        servers = [Server("127.0.0.1", bad.port), Server("127.0.0.1", good.port)]
        assert ask_any(servers, "www.example.com", "A").status is Status.ANSWER
        assert ask_any(servers[:1], "www.example.com", "A").status is Status.SERVFAIL
    with pytest.raises(OutsideError):
        ask_any([], "www.example.com", "A")


def test_every_address_of_every_name_server() -> None:
    with FakeDns(LINES) as fake:
        found = authorities("example.com", [Server("127.0.0.1", fake.port)], port=5353)
    assert {(item.address, item.port, item.name) for item in found} == {
        ("127.0.0.1", 5353, "ns1.example.com"),
        ("127.0.0.2", 5353, "ns2.example.com"),
    }
    with FakeDns() as fake, pytest.raises(OutsideError, match="nxdomain"):
        authorities("example.org", [Server("127.0.0.1", fake.port)])


ABOVE = """
com. 60 IN NS a.above.test.
a.above.test. 60 IN A 127.0.0.2
old.example.net. 60 IN A 127.0.0.9
same.example.net. 60 IN A 127.0.0.1
gone.example.net. 60 IN TXT "no address"
"""
HANDED = "".join(
    f"example.com. 60 IN NS {name}.\n" for name in ("ns1.example.com", "OLD.example.net", "same.example.net")
)


def handed(above: FakeDns, lines: str = LINES + ABOVE, **more: object) -> list[tuple[str, str]]:
    """(name, address) of what only the zone above names."""
    with FakeDns(lines) as resolver, on_one_port(above, FakeDns(address="127.0.0.3")) as port:
        found = authorities("example.com", [Server("127.0.0.1", resolver.port)], port=port, **more)
    assert [item.name for item in found if not item.only_above] == ["ns1.example.com", "ns2.example.com"]
    return [(item.name, item.address) for item in found if item.only_above]


def test_servers_that_only_the_zone_above_names() -> None:
    """A registrar may still hand the zone to the server of before: whoever starts there gets what it has."""
    referring = FakeDns(address="127.0.0.2", refers={"example.com": HANDED})
    assert handed(referring, delegated=True) == [("old.example.net", "127.0.0.9")]
    assert handed(FakeDns(address="127.0.0.2", refers={"example.com": HANDED})) == []
    of_both_zones = FakeDns(HANDED, address="127.0.0.2")
    assert handed(of_both_zones, delegated=True) == [("old.example.net", "127.0.0.9")]


def refers_to(name: str) -> FakeDns:
    return FakeDns(address="127.0.0.2", refers={"example.com": f"example.com. 60 IN NS {name}."})


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        (
            FakeDns(address="127.0.0.2", refers={"example.com": "example.com. 60 IN NS gone.example.net."}),
            LINES + ABOVE,
        ),
        (FakeDns(address="127.0.0.2", refers={"example.com": "example.com. 60 IN NS ns1.example.com."}), LINES + ABOVE),
        (FakeDns(address="127.0.0.2", refers={"other.com": HANDED}), LINES + ABOVE),
        (FakeDns(behave=lambda *_: ("REFUSED", []), address="127.0.0.2"), LINES + ABOVE),
        (FakeDns(behave=lambda *_: ("SERVFAIL", []), address="127.0.0.2"), LINES + ABOVE),
        (FakeDns(HANDED, address="127.0.0.2"), LINES),  # the resolver knows no zone above
    ],
    ids=["no address", "the same", "another zone", "refuses", "fails", "none above"],
)
def test_a_zone_above_that_says_nothing_new(above: FakeDns, lines: str) -> None:
    assert handed(above, lines, delegated=True) == []


@pytest.mark.slow  # a second of silence
def test_a_zone_above_that_is_out_of_reach() -> None:
    assert handed(FakeDns(behave=lambda *_: None, address="127.0.0.2"), delegated=True) == []


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.53", Server("192.0.2.53", 53)),
        ("127.0.0.1:5353", Server("127.0.0.1", 5353)),
        ("[2001:db8::1]:5353", Server("2001:db8::1", 5353)),
        ("2001:db8::1", Server("2001:db8::1", 53)),
    ],
)
def test_resolvers_on_the_command_line(text: str, server: Server) -> None:
    assert parse_server(text) == server


@pytest.mark.parametrize(
    "text", ["", "dns.example.com", "192.0.2.1:port", "192.0.2.1:0", "192.0.2.1:70000", "[::1", "[::1]x"]
)
def test_what_is_no_resolver(text: str) -> None:
    with pytest.raises(UsageError):
        parse_server(text)
