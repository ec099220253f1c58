"""The sockets of a conversation with a registry: none without somebody who watches the time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from edgegen.lookup import Deadline
from edgegen.verify.look import wire as wire_module
from edgegen.verify.look.wire import NotDialledError, Wire
from edgegen.verify.observation import Failure, Phase, Trouble


def nowhere(_host: str, _port: int) -> tuple[str, int]:
    raise AssertionError("nobody may ask for the way")


def test_without_a_thread_that_watches_the_time_nothing_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(wire_module.threading.Timer, "start", start)
    with closing(Wire(nowhere, Deadline.after(10))) as wire, pytest.raises(NotDialledError) as caught:
        wire.connect("r.example.com", 443)
    words = "the system gives no thread to watch the time"
    assert caught.value.failure == Failure(Trouble.LOCAL, Phase.CONNECT, words)


@contextmanager
def talk(seconds: float = 10.0) -> Iterator[tuple[Wire, socket.socket, socket.socket]]:
    """A wire, its end of a connection and the server's."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked: list[tuple[str, int]] = []

        def here(host: str, port: int) -> tuple[str, int]:
            asked.append((host, port))
            return server.getsockname()[:2]

        with closing(Wire(here, Deadline.after(seconds))) as wire, wire.connect("r.example.com", 443) as ours:
            assert asked == [("r.example.com", 443)]
            theirs = server.accept()[0]
            with theirs:
                yield wire, ours, theirs


def test_it_leads_where_the_route_says_and_the_next_thing_is_tls() -> None:
    with talk() as (wire, ours, theirs):
        assert wire.phase is Phase.TLS
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_nothing_is_heard_before_the_first_answer() -> None:
    with talk() as (wire, _, theirs):
        theirs.sendall(b"a ticket")
        assert wire.heard(0.05) is False
        wire.answered()
        assert wire.heard(0.05) is True


@pytest.mark.parametrize("how", ["speaks", "hangs up"])
def test_who_speaks_or_hangs_up_is_heard(how: str) -> None:
    with talk() as (wire, _, theirs):
        wire.answered()
        assert wire.heard() is False
        theirs.sendall(b"413") if how == "speaks" else theirs.close()
        assert wire.heard(5.0) is True


def test_nobody_listens_longer_than_the_deadline() -> None:
    with talk(0.2) as (wire, _, _theirs):
        wire.answered()
        begun = time.monotonic()
        wire.heard(30.0)
        assert time.monotonic() - begun < 5.0


def test_the_deadline_ends_the_connection_whoever_waits() -> None:
    with talk(0.2) as (_, ours, theirs):
        ours.settimeout(10)
        assert ours.recv(1) == b""
        theirs.settimeout(10)
        assert theirs.recv(1) == b""


def test_a_cut_ends_it_at_once_and_twice_is_no_trouble() -> None:
    with talk() as (wire, ours, theirs):
        wire.cut()
        theirs.settimeout(10)
        assert (ours.recv(1), theirs.recv(1)) == (b"", b"")
        wire.cut()
        wire.close()
        wire.cut()


def test_a_new_connection_has_its_own_first_answer() -> None:
    with talk() as (wire, _, theirs):
        wire.answered()
        with wire.connect("r.example.com", 443):
            theirs.sendall(b"x")
            assert wire.heard(0.05) is False


def test_where_the_way_or_the_port_is_closed_there_is_no_connection() -> None:
    failure = Failure(Trouble.LOCAL, Phase.CONNECT, "no such name")
    with closing(Wire(lambda _host, _port: failure, Deadline.after(10))) as wire:
        with pytest.raises(NotDialledError, match=r"^no such name$") as caught:
            wire.connect("r.example.com", 443)
        assert caught.value.failure is failure
        assert (wire.phase, wire.heard(0.0)) == (Phase.CONNECT, False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[:2]
    with closing(Wire(lambda _host, _port: closed, Deadline.after(10))) as wire:
        with pytest.raises(NotDialledError) as caught:
            wire.connect("r.example.com", 443)
        assert caught.value.failure.trouble is Trouble.REFUSED


def test_a_failure_without_words_says_its_kind() -> None:
    assert str(NotDialledError(Failure(Trouble.TIMEOUT, Phase.CONNECT))) == Trouble.TIMEOUT.value


def _timers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)}


def test_the_clock_ends_with_the_conversation() -> None:
    before = _timers()
    wire = Wire(nowhere, Deadline.after(60))
    (clock,) = _timers() - before
    assert clock.daemon
    wire.close()
    clock.join(5)
    assert not clock.is_alive()
