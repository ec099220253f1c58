"""Real sockets: what is taken is seen as taken, what is free as free."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator

import pytest

from edgegen.deploy.model import Published
from edgegen.deploy.ports import Answer, probe
from tests.ipv6 import loopbacks

KIND = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
OURS = range(10_000, 12_000)
"""Below what the kernel gives to whoever asks for any port: other tests, and all connections; and below what the
Traefiks of tests have."""


def take(address: str, protocol: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    taken = socket.socket(family, KIND[protocol])
    if protocol == "tcp":
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as every server does
    for turn in range(len(OURS)):
        try:
            taken.bind((address, OURS[(os.getpid() * 7 + turn) % len(OURS)]))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            break
    if protocol == "tcp":
        taken.listen()
    return taken


@pytest.fixture(params=["tcp", "udp"])
def taken(request: pytest.FixtureRequest) -> Iterator[tuple[int, str]]:
    with take("127.0.0.1", request.param) as held:
        yield held.getsockname()[1], request.param


@pytest.mark.parametrize("address", ["", "127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_busy(taken: tuple[int, str], address: str) -> None:
    assert probe(Published(*taken, address)) is Answer.BUSY


def test_another_address_is_free(taken: tuple[int, str]) -> None:
    assert probe(Published(*taken, "127.0.0.2")) is Answer.FREE


def test_the_other_protocol_is_free(taken: tuple[int, str]) -> None:
    other = {"tcp": "udp", "udp": "tcp"}[taken[1]]
    assert probe(Published(taken[0], other, "127.0.0.1")) is Answer.FREE


@pytest.mark.parametrize("address", loopbacks())
def test_each_family_counts_when_all_addresses_are_wanted(address: str) -> None:
    with take(address, "tcp") as held:
        assert probe(Published(held.getsockname()[1])) is Answer.BUSY


def test_a_port_is_free_again_at_once() -> None:
    """With a connection of the former holder in TIME_WAIT, the engine can bind: so we say free."""
    with take("127.0.0.1", "tcp") as held:
        port = held.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            accepted, _ = held.accept()
            accepted.close()
            client.recv(1)
    assert probe(Published(port)) is Answer.FREE


def test_a_probe_leaves_nothing_behind() -> None:
    with take("127.0.0.1", "tcp") as held:
        port = held.getsockname()[1]
    assert [probe(Published(port)) for _ in range(3)] == [Answer.FREE] * 3


def test_an_address_of_somebody_else() -> None:
    assert probe(Published(8080, "tcp", "192.0.2.1")) is Answer.FOREIGN


def test_a_protocol_that_is_not_probed() -> None:
    assert probe(Published(8080, "sctp")) is Answer.UNKNOWN
