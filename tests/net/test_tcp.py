"""Dialling: every way to fail has its own word; `--connect-to` leads as curl's does."""

from __future__ import annotations

import errno
import os
import socket
import ssl
import time
from pathlib import Path

import pytest

from edgegen.net import tcp
from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.deadline import Deadline
from edgegen.net.tcp import dial, words_of
from edgegen.verify.detours import target
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes.tls_scripts import silence
from tests.fakes.tls_servers import Servers
from tests.ipv6 import loopbacks


def failed(address: str, port: int, seconds: float = 60.0) -> Failure:
    got = dial(address, port, Deadline.after(seconds))
    assert isinstance(got, Failure)
    assert got.phase is Phase.CONNECT
    return got


@pytest.mark.parametrize("address", ["127.0.0.2", *loopbacks()])
def test_a_listening_port_is_connected(servers: Servers, address: str) -> None:
    server = servers.tcp(silence, address=address)
    got = dial(address, server.port, Deadline.after(60))
    assert isinstance(got, socket.socket)
    with got:
        assert got.getpeername()[:2] == (address, server.port)
        assert got.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_closed_port_refuses(servers: Servers) -> None:
    got = failed("127.0.0.1", servers.closed_port())
    assert (got.trouble, got.detail) == (Trouble.REFUSED, "Connection refused")


@pytest.mark.slow
def test_a_port_that_answers_nothing_takes_until_the_deadline(servers: Servers) -> None:
    port = servers.full_port()
    started = time.monotonic()
    got = failed("127.0.0.1", port, 0.6)
    assert got.trouble is Trouble.TIMEOUT
    assert 0.5 < time.monotonic() - started < 20  # the kernel would go on for two minutes
    assert 0.5 < got.seconds < 20


def test_no_time_left_is_a_timeout_and_no_connection(servers: Servers) -> None:
    server = servers.tcp(silence)
    assert failed("127.0.0.1", server.port, 0).trouble is Trouble.TIMEOUT
    assert server.connections == 0


@pytest.mark.parametrize("name", ["localhost", "a.test", ""])
def test_names_are_not_looked_up(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: pytest.fail("looked up"))
    assert failed(name, 443).trouble is Trouble.UNREACHABLE


@pytest.mark.parametrize(
    ("number", "address", "way", "trouble"),
    [
        (errno.EHOSTUNREACH, "192.0.2.9", True, Trouble.UNREACHABLE),
        (errno.ENETUNREACH, "192.0.2.9", True, Trouble.UNREACHABLE),
        (errno.EINVAL, "192.0.2.9", True, Trouble.UNREACHABLE),
        (errno.ENETUNREACH, "2001:db8::9", False, Trouble.NO_FAMILY),
        (errno.ENETUNREACH, "2001:db8::9", True, Trouble.UNREACHABLE),
        (errno.ENETUNREACH, "192.0.2.9", False, Trouble.NO_FAMILY),
        (errno.EADDRNOTAVAIL, "::1", False, Trouble.NO_FAMILY),
        (errno.EADDRNOTAVAIL, "127.0.0.1", True, Trouble.LOCAL),
        (errno.EAFNOSUPPORT, "::1", True, Trouble.NO_FAMILY),
        (errno.EMFILE, "127.0.0.1", True, Trouble.LOCAL),
        (errno.EACCES, "127.0.0.1", True, Trouble.LOCAL),
        (errno.EPERM, "127.0.0.1", True, Trouble.LOCAL),
        (errno.ECONNRESET, "127.0.0.1", True, Trouble.RESET),
    ],
)
def test_errors_of_the_kernel(
    monkeypatch: pytest.MonkeyPatch, number: int, address: str, way: bool, trouble: Trouble
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(tcp, "_connect", fail)
    monkeypatch.setattr(tcp, "has_way", lambda _: way)
    got = failed(address, 443)
    assert got.trouble is trouble
    assert ("leads nowhere" if number == errno.EINVAL else os.strerror(number)) in got.detail


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:2427)"),
            "EOF occurred in violation of protocol",
        ),
        (ssl.SSLError(1, "[SSL] unknown error (_ssl.c:1006)"), "[SSL] unknown error"),
        (OSError(errno.EPIPE, "Broken pipe"), "Broken pipe"),
        (ValueError("what it says"), "what it says"),
    ],
)
def test_an_error_in_words_names_no_line_of_python(error: Exception, words: str) -> None:
    assert words_of(error) == words


def test_too_many_open_files_is_this_machines_matter(servers: Servers) -> None:
    import resource

    server = servers.tcp(silence)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with Path(os.devnull).open() as last:  # its number: no descriptor above it may be made
        resource.setrlimit(resource.RLIMIT_NOFILE, (last.fileno() + 1, hard))
        held = []
        try:
            while not isinstance(got := dial("127.0.0.1", server.port, Deadline.after(60)), Failure):
                held.append(got)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            for sock in held:
                sock.close()
    assert (got.trouble, got.detail) == (Trouble.LOCAL, "Too many open files")


@pytest.mark.allow_hosts(["192.0.2.1", "2001:db8::1"])  # nothing is sent
def test_the_way_to_a_family_is_found_without_a_packet() -> None:
    assert tcp.has_way(4) in (True, False)
    assert tcp.has_way(6) in (True, False)


RULES = (
    ConnectTo("a.test", 443, "127.0.0.1", 1443),
    ConnectTo("a.test", None, "127.0.0.2", None),
    ConnectTo("", 8443, "", 9443),
    ConnectTo("[2001:db8::5]", 443, "[::1]", 2443),
    ConnectTo("b.test", 443, "", None),
    ConnectTo("b.test", 443, "127.0.0.9", 9),
)


@pytest.mark.parametrize(
    ("host", "port", "where"),
    [
        ("a.test", 443, ("127.0.0.1", 1443)),
        ("A.Test.", 443, ("127.0.0.1", 1443)),
        ("a.test", 80, ("127.0.0.2", 80)),
        ("c.test", 8443, ("192.0.2.1", 9443)),
        ("2001:db8::5", 443, ("::1", 2443)),
        ("b.test", 443, ("192.0.2.1", 443)),
        ("c.test", 443, ("192.0.2.1", 443)),
        ("sub.a.test", 443, ("192.0.2.1", 443)),
    ],
)
def test_the_first_rule_that_matches_leads(host: str, port: int, where: tuple[str, int]) -> None:
    assert target(Settings(connect_to=RULES), host, port, "192.0.2.1") == where


def test_a_name_as_target_is_resolved_by_this_machine() -> None:
    there = Settings(connect_to=(ConnectTo("", None, "localhost", 7),))
    assert target(there, "a.test", 443, "192.0.2.1") in (("127.0.0.1", 7), ("::1", 7))


def test_a_target_without_an_address_is_said_by_dial() -> None:
    nowhere = Settings(connect_to=(ConnectTo("", None, "a..b", None),))
    got = failed(*target(nowhere, "a.test", 443, "192.0.2.1"))
    assert (got.trouble, got.detail) == (Trouble.UNREACHABLE, "a..b has no address that could be found")
