"""Every fault of the DNS and of single addresses, made by real servers on loopback, looked at, and judged."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from edgegen.endpoints import Endpoint
from edgegen.lookup import Server
from edgegen.net import tcp
from edgegen.verify.checks import address_scope, connection, dns_addresses, dns_consistency, dns_resolution
from edgegen.verify.checks.check import Check
from edgegen.verify.engine import look
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import Observation
from edgegen.verify.settings import Settings
from tests.fakes.dns_server import FakeDns, on_one_port
from tests.ipv6 import has_ipv6
from tests.verify.checks.making import context

pytestmark = pytest.mark.slow

CHECKS: tuple[Check, ...] = tuple(
    module.CHECK for module in (dns_resolution, dns_addresses, dns_consistency, address_scope, connection)
)
HOST = "www.example.com"
ALIVE, ALIVE_TOO, DEAD, DEAD_TOO = "127.0.0.21", "127.0.0.22", "127.0.0.23", "127.0.0.24"
CLOUDFLARE = "127.0.1.0/24"
"""What passes for Cloudflare's here."""
SOA = "example.com. 3600 IN SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 900\n"
NAME_SERVERS = """
example.com. 60 IN NS ns1.example.com.
example.com. 60 IN NS ns2.example.com.
ns1.example.com. 60 IN A 127.0.0.2
ns2.example.com. 60 IN A 127.0.0.3
"""


def zone(*addresses: str) -> str:
    """The zone's file with these addresses of the host."""
    lines = (f"{HOST}. 300 IN {'AAAA' if ':' in address else 'A'} {address}\n" for address in addresses)
    return SOA + "".join(lines) + NAME_SERVERS


@dataclass
class Ground:
    """Live addresses, dead ones, and a port that all of them share."""

    port: int
    threads: list[threading.Thread] = field(default_factory=list)

    def wanted(self, *ipv4: str, **changes: Any) -> Endpoint:
        of: dict[str, Any] = {"ipv4": ipv4, "ipv6": (), "proxied": False, "web_port": None, **changes}
        return Endpoint("web", HOST, port=self.port, **of)

    def seen(self, endpoint: Endpoint, *resolvers: Server, **changes: Any) -> Observation:
        options = {"timeout": 20.0, "cloudflare": (CLOUDFLARE,), "allow_private": True, **changes}
        (found,) = look([endpoint], Settings(resolvers=resolvers, **options), trust=Trust.load(None))
        return found

    def words(self, endpoint: Endpoint, *resolvers: Server, **changes: Any) -> set[str]:
        """The verdicts that are not a mere `ok`."""
        seen = self.seen(endpoint, *resolvers, **changes)
        judged = context(cloudflare=(CLOUDFLARE,))
        found = [finding for check in CHECKS for finding in check.judge(seen, judged)]
        return {finding.verdict for finding in found} - {"ok", "not-seen"}


@contextlib.contextmanager
def hanging_up(address: str, port: int) -> Iterator[int]:
    """A server that takes every connection and hangs up."""
    with socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    server.accept()[0].close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join(60)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with hanging_up(ALIVE, 0) as port, hanging_up(ALIVE_TOO, port), hanging_up("127.0.1.7", port):
        yield Ground(port)


def at(fake: FakeDns) -> Server:
    return Server(fake.address, fake.port)


def nothing_at_all(name: str, kind: str) -> None:
    return None


@pytest.mark.parametrize(
    ("dns", "words"),
    [
        (lambda: FakeDns(SOA), {"dns-nxdomain"}),
        (lambda: FakeDns(f"{SOA}{HOST}. 60 IN TXT hello"), {"dns-nodata"}),
        (lambda: FakeDns(behave=lambda name, kind: ("SERVFAIL", [])), {"dns-servfail"}),
        (lambda: FakeDns(behave=lambda name, kind: ("REFUSED", [])), {"dns-refused"}),
        (lambda: FakeDns(f"{HOST}. 60 IN CNAME b.{HOST}.\nb.{HOST}. 60 IN CNAME {HOST}."), {"dns-loop"}),
        (lambda: FakeDns(zone(ALIVE), bogus=[HOST]), {"dnssec-bogus"}),
        (lambda: FakeDns(behave=nothing_at_all), {"dns-timeout"}),
        (lambda: FakeDns(zone(ALIVE), truncated=True), set()),
        (lambda: FakeDns(zone(ALIVE), lost=1), set()),
        (lambda: FakeDns(zone(ALIVE)), set()),
        (lambda: FakeDns(zone(ALIVE_TOO)), {"dns-wrong-address"}),
        (lambda: FakeDns(zone(ALIVE, ALIVE_TOO)), {"dns-wrong-address"}),
        (lambda: FakeDns(zone("127.0.1.7")), {"unexpected-proxy"}),
    ],
)
def test_what_the_resolver_says(ground: Ground, dns: Callable[[], FakeDns], words: set[str]) -> None:
    with dns() as fake:
        timeout = 1.5 if words == {"dns-timeout"} else 6.0  # what is lost is asked again after a third of it
        assert ground.words(ground.wanted(ALIVE), at(fake), timeout=timeout) == words


def test_a_resolver_that_is_dead_or_slower_than_any_deadline(ground: Ground) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
        bound.bind(("127.0.0.1", 0))
        closed = Server("127.0.0.1", bound.getsockname()[1])
    assert ground.words(ground.wanted(ALIVE), closed, timeout=0.6) == {"dns-timeout"}
    late = threading.Event()
    with FakeDns(zone(ALIVE), slow=late) as fake:
        assert ground.words(ground.wanted(ALIVE), at(fake), timeout=0.6) == {"dns-timeout"}
        late.set()


def test_the_proxy(ground: Ground) -> None:
    proxied = ground.wanted(proxied=True, ipv4=None, ipv6=None)
    with FakeDns(zone("127.0.1.7")) as fake:
        assert ground.words(proxied, at(fake)) == {"proxied-ok"}
    with FakeDns(zone(ALIVE)) as fake:
        assert ground.words(proxied, at(fake)) == {"not-proxied"}


@pytest.mark.parametrize("address", ["169.254.169.254", "127.0.0.21", "10.0.0.1", "::ffff:7f00:15", "fd00::1"])
def test_rebinding_is_not_connected_to(ground: Ground, address: str) -> None:
    """The address of a live server among them, and the same in IPv6's clothes: it would answer."""
    stranger = Endpoint(HOST, HOST, port=ground.port)
    with FakeDns(zone(address)) as fake:
        assert ground.words(stranger, at(fake), allow_private=False) == {"non-public-address"}
        (seen,) = ground.seen(stranger, at(fake), allow_private=False).addresses
    assert (seen.not_public, seen.connect, seen.tls) == (True, None, None)


@pytest.mark.parametrize(
    ("ns1", "ns2", "resolver", "words"),
    [
        (ALIVE, ALIVE, ALIVE, set()),
        (ALIVE_TOO, ALIVE_TOO, ALIVE_TOO, {"dns-wrong-address"}),
        (ALIVE, ALIVE_TOO, ALIVE, {"dns-inconsistent"}),
        (ALIVE, ALIVE_TOO, ALIVE_TOO, {"dns-inconsistent"}),
        (ALIVE, ALIVE, ALIVE_TOO, {"dns-inconsistent"}),
    ],
)
def test_what_the_authorities_say(ground: Ground, ns1: str, ns2: str, resolver: str, words: set[str]) -> None:
    authorities = FakeDns(zone(ns1), address="127.0.0.2"), FakeDns(zone(ns2), address="127.0.0.3")
    with on_one_port(*authorities) as port, FakeDns(zone(resolver)) as fake:
        wanted = ground.wanted(ALIVE, zone="example.com")
        assert ground.words(wanted, at(fake), authority_port=port) == words


@pytest.mark.parametrize(
    "lame",
    [
        lambda: FakeDns(zone(ALIVE), address="127.0.0.3", authoritative=False),
        lambda: FakeDns(behave=lambda name, kind: ("REFUSED", []), address="127.0.0.3"),
        lambda: FakeDns(behave=nothing_at_all, address="127.0.0.3"),
    ],
)
def test_a_lame_authority(ground: Ground, lame: Callable[[], FakeDns]) -> None:
    with on_one_port(FakeDns(zone(ALIVE), address="127.0.0.2"), lame()) as port, FakeDns(zone(ALIVE)) as fake:
        wanted = ground.wanted(ALIVE, zone="example.com")
        assert ground.words(wanted, at(fake), authority_port=port, timeout=5.0) == {"dns-lame"}


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ((ALIVE, ALIVE_TOO), set()),
        ((DEAD,), {"refused"}),
        ((DEAD, DEAD_TOO), {"refused"}),
        ((ALIVE, ALIVE_TOO, DEAD, DEAD_TOO), {"partial-outage"}),
        ((DEAD, ALIVE), {"partial-outage"}),
    ],
)
def test_addresses_that_are_dead(ground: Ground, addresses: tuple[str, ...], words: set[str]) -> None:
    with FakeDns(zone(*addresses)) as fake:
        assert ground.words(ground.wanted(*addresses), at(fake)) == words


def test_an_ipv6_address_that_is_dead(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "has_way", lambda _: has_ipv6())  # which asks for the way to an address of the internet
    with FakeDns(zone(ALIVE, "::1")) as fake:
        wanted = ground.wanted(ALIVE, ipv6=("::1",))
        found = ground.words(wanted, at(fake))
    # A machine without IPv6 has nobody to ask at ::1, and must not call it dead.
    assert found == ({"dead-address"} if has_ipv6() else {"no-family"})
