"""Many questions at once to real servers on loopback: lost, late, truncated, and asked where nothing can be asked."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time

import pytest

from edgegen.lookup import Question, Reply, Server, Status, ask_all, ask_through, exchange
from tests.fakes.dns_server import FakeDns, on_one_port

LINES = """
www.example.com. 300 IN A 192.0.2.1
www.example.com. 300 IN AAAA 2001:db8::1
alias.example.com. 60 IN CNAME middle.example.com.
middle.example.com. 30 IN CNAME www.example.com.
gone.example.com. 60 IN CNAME nobody.example.com.
a.example.com. 60 IN CNAME b.example.com.
b.example.com. 60 IN CNAME a.example.com.
example.com. 3600 IN SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 900
"""
# A datagram to it is refused by the kernel of this machine, whatever its network is.
FORBIDDEN = Server("255.255.255.255", 5353)


def at(fake: FakeDns) -> Server:
    return Server(fake.address, fake.port)


def ask(server: Server, name: str, kind: str, *, timeout: float = 3.0) -> Reply:
    return ask_all([Question(server, name, kind)], timeout=timeout)[0]


def silent() -> socket.socket:
    """A port of loopback at which nobody answers."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    return bound


def test_many_questions_have_their_answers_in_order() -> None:
    with FakeDns(LINES) as one, FakeDns("www.example.com. 60 IN A 192.0.2.2") as other:
        asked = [(at(one), "A"), (at(other), "A"), (at(one), "AAAA"), (at(other), "AAAA"), (FORBIDDEN, "A")]
        replies = ask_all([Question(server, "www.example.com", kind) for server, kind in asked], timeout=20.0)
    assert [(reply.server, reply.status, reply.values) for reply in replies] == [
        (at(one), Status.ANSWER, ("192.0.2.1",)),
        (at(other), Status.ANSWER, ("192.0.2.2",)),
        (at(one), Status.ANSWER, ("2001:db8::1",)),
        (at(other), Status.NODATA, ()),
        (FORBIDDEN, Status.LOCAL, ()),
    ]
    assert not replies[4].status.tells
    assert ask_all([]) == []


@pytest.mark.slow
def test_silent_servers_cost_their_time_once() -> None:
    with silent() as quiet, FakeDns(LINES) as fake:
        dead = Server("127.0.0.1", quiet.getsockname()[1])
        start = time.monotonic()
        replies = ask_all(
            [Question(dead, "www.example.com", "A")] * 20 + [Question(at(fake), "www.example.com", "A")], timeout=1.5
        )
        took = time.monotonic() - start
    assert [reply.status for reply in replies] == [Status.TIMEOUT] * 20 + [Status.ANSWER]
    assert 1.4 < took < 20


@pytest.mark.slow
def test_a_lost_datagram_is_sent_once_more() -> None:
    with FakeDns(LINES, lost=1) as fake:
        assert ask(at(fake), "www.example.com", "A", timeout=3.0).status is Status.ANSWER
        assert len(fake.asked) == 2


@pytest.mark.slow
def test_an_answer_that_comes_too_late_is_a_timeout() -> None:
    late = threading.Event()
    with FakeDns(LINES, slow=late) as fake:
        assert ask(at(fake), "www.example.com", "A", timeout=0.3).status is Status.TIMEOUT
        late.set()


def test_what_is_cut_down_is_asked_over_tcp() -> None:
    with FakeDns(LINES, truncated=True) as fake:
        assert ask(at(fake), "www.example.com", "A", timeout=20.0).values == ("192.0.2.1",)
        assert fake.over_tcp == [("www.example.com.", "A")]


def test_cut_down_and_nobody_there_over_tcp() -> None:
    with FakeDns(LINES, truncated=True) as fake:
        assert fake._tcp is not None
        fake._tcp.stop()
        fake._tcp.server.server_close()
        reply = ask(at(fake), "www.example.com", "A", timeout=20.0)
        fake._tcp = None
    assert reply.status is Status.UNREACHABLE
    assert "TCP" in reply.detail


def test_the_way_of_the_cnames_is_kept() -> None:
    with FakeDns(LINES) as fake:
        found = ask(at(fake), "Alias.Example.com.", "A")
        assert (found.values, found.cnames, found.ttl) == (
            ("192.0.2.1",),
            ("middle.example.com", "www.example.com"),
            30,
        )
        gone = ask(at(fake), "gone.example.com", "A")
        assert (gone.status, gone.cnames) == (Status.NXDOMAIN, ("nobody.example.com",))
        circle = ask(at(fake), "a.example.com", "A")
        assert (circle.status, circle.cnames) == (Status.LOOP, ("b.example.com", "a.example.com"))


def test_how_long_a_no_is_remembered() -> None:
    with FakeDns(LINES) as fake, FakeDns("x.example.org. 60 IN A 192.0.2.1") as without_soa:
        assert ask(at(fake), "none.example.com", "A").ttl == 900
        assert ask(at(without_soa), "none.example.org", "A").ttl == 0


def test_bogus_signatures_are_seen_only_where_they_are_checked() -> None:
    with FakeDns(LINES, bogus=["www.example.com"]) as fake:
        question = Question(at(fake), "www.example.com", "A")
        assert ask_all([question])[0].status is Status.SERVFAIL
        assert ask_all([Question(at(fake), "www.example.com", "A", unchecked=True)])[0].values == ("192.0.2.1",)


@pytest.mark.slow
def test_garbage_and_answers_to_other_questions() -> None:
    """Garbage with the right id is unreadable; an answer to something else is no answer at all."""

    def serve(make: object, seconds: float = 0.6) -> Reply:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.bind(("127.0.0.1", 0))

            def answer() -> None:
                data, source = server.recvfrom(512)
                server.sendto(make(data), source)

            thread = threading.Thread(target=answer)
            thread.start()
            reply = ask(Server("127.0.0.1", server.getsockname()[1]), "www.example.com", "A", timeout=seconds)
            thread.join()
            return reply

    assert serve(lambda data: data[:2] + b"\xff" * 3, 20).status is Status.SERVFAIL
    assert serve(lambda data: bytes([data[0] ^ 1]) + data[1:]).status is Status.TIMEOUT
    assert serve(lambda data: data).status is Status.TIMEOUT  # the question itself is no response


def test_an_answer_for_a_name_that_it_denies() -> None:
    lines = ["www.example.com. 60 IN A 192.0.2.1"]
    with FakeDns(behave=lambda name, kind: ("NXDOMAIN", lines)) as fake:
        reply = ask(at(fake), "www.example.com", "A")
    assert (reply.status, reply.detail) == (Status.SERVFAIL, "contradicts itself: AnswerForNXDOMAIN")


@pytest.mark.slow
def test_without_open_files_nothing_is_told() -> None:
    """In a process of its own, which may open nothing more."""
    code = (
        "import resource; from edgegen.lookup import Question, Server, ask_all;"
        "import dns.message, dns.rdataclass; ask_all([]);"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0));"
        "print([str(r.status) for r in ask_all([Question(Server('127.0.0.1', 53), 'www.example.com', 'A')] * 2)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['local', 'local']\n", "")


def test_names_that_can_not_be() -> None:
    for name in ("a..example.com", f"{'a' * 64}.example.com", ".".join(["a" * 60] * 5)):
        assert ask(FORBIDDEN, name, "A").status is Status.NXDOMAIN


@pytest.mark.slow
def test_what_was_said_counts_more_than_silence() -> None:
    with silent() as quiet, FakeDns(behave=lambda name, kind: ("SERVFAIL", [])) as broken:
        dead = Server("127.0.0.1", quiet.getsockname()[1])
        for servers in ([dead, at(broken)], [at(broken), dead]):
            assert ask_through(servers, [("www.example.com", "A")], timeout=1.5)[0].status is Status.SERVFAIL
    assert ask_through([], [("www.example.com", "A")])[0].status is Status.LOCAL


@pytest.mark.slow
def test_a_silent_resolver_is_waited_for_once() -> None:
    known: set[Server] = set()
    with silent() as quiet, FakeDns(LINES) as fake:
        dead = Server("127.0.0.1", quiet.getsockname()[1])
        wanted = [("www.example.com", "A"), ("www.example.com", "AAAA")]
        first = ask_through([dead, at(fake)], wanted, timeout=1.5, silent=known)
        assert known == {dead}
        start = time.monotonic()
        second = ask_through([dead, at(fake)], wanted, timeout=60.0, silent=known)
        assert time.monotonic() - start < 20
    assert [reply.values for reply in first] == [reply.values for reply in second] == [("192.0.2.1",), ("2001:db8::1",)]


def test_several_servers_on_one_port() -> None:
    servers = [FakeDns(f"www.example.com. 60 IN A 192.0.2.{n}", address=f"127.0.0.{n}") for n in (2, 3)]
    with on_one_port(*servers) as port:
        found = ask_all([Question(Server(f"127.0.0.{n}", port), "www.example.com", "A") for n in (2, 3)])
    assert [reply.values for reply in found] == [("192.0.2.2",), ("192.0.2.3",)]


def test_over_ipv6() -> None:
    with contextlib.ExitStack() as stack:
        try:
            fake = stack.enter_context(FakeDns(LINES, address="::1"))
        except OSError:  # a machine without IPv6: then nothing is told
            assert ask(Server("::1", 5353), "www.example.com", "A", timeout=0.3).status is Status.LOCAL
        else:
            assert ask(at(fake), "www.example.com", "A").values == ("192.0.2.1",)


class Flooded(socket.socket):
    """One at which there is always something more to read."""

    def sendto(self, data: bytes, address: tuple[str, int]) -> int:  # type: ignore[override]
        sent = super().sendto(data, address)
        super().sendto(b"\xff" * 12, ("127.0.0.1", self.getsockname()[1]))
        return sent

    def recvfrom(self, size: int, flags: int = 0) -> tuple[bytes, tuple[str, int]]:
        super().sendto(b"\xff" * 12, ("127.0.0.1", self.getsockname()[1]))
        return super().recvfrom(size, flags)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_flood_does_not_hold_the_deadline_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent() as quiet:
        server = Server("127.0.0.1", quiet.getsockname()[1])
        monkeypatch.setattr(exchange.socket, "socket", Flooded)
        start = time.monotonic()
        reply = ask(server, "www.example.com", "A", timeout=0.3)
    assert reply.status is Status.TIMEOUT
    assert time.monotonic() - start < 20
