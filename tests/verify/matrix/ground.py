"""Where the matrix stands: one pair of ports, an address of 127/8 for each server, a DNS, and a spec that names them.

Every case of the table has a host of its own below `matrix.test`; what it does with its `Place` decides which
servers there are, what the DNS answers, and what the spec says of the host.
"""

from __future__ import annotations

import itertools
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.authority_of_tests import Authority, Issued
from tests.fakes.dns_server import FakeDns, on_one_port
from tests.fakes.tls_scripts import Handler, ok, to_https
from tests.fakes.tls_servers import Server, Servers, Site

ZONE = "matrix.test"
STALE = "stale.test"
"""A zone of which one name server is behind."""
EVIL = "evil.test"
CF_RANGE = "127.30.0.0/16"
"""What passes for Cloudflare's here."""
TTL = 300
Told = tuple[str, list[str]]


class Shop:
    """The authorities that issue for the servers; only `root` is trusted."""

    def __init__(self) -> None:
        self.root = Authority.root("Matrix Root")
        self.middle = self.root.intermediate("Matrix R1")
        self.second = self.middle.intermediate("Matrix R2")
        self.quiet = self.root.intermediate("Matrix R3")
        """Of this one nobody sends the certificate."""
        self.old = self.root.intermediate("Matrix R4", days=(-400, -1))
        self.rsa = self.root.intermediate("Matrix R5", key="rsa2048")
        self.stranger = Authority.root("Private Root").intermediate("Private R1")
        staging = Authority.root("(STAGING) Pretend Pear X1", organisation="(STAGING) Internet Security Research Group")
        self.staging = staging.intermediate("(STAGING) Wannabe Watercress R11", organisation="Let's Encrypt")


@dataclass
class Ground:
    """Everything that runs. `records`: name -> lines of zone file; `answers`: name -> what overrides them."""

    servers: Servers
    shop: Shop
    folder: Path
    secure: int
    plain: int
    dns: FakeDns
    records: dict[str, list[str]]
    answers: dict[str, Callable[[str], Told | None]]
    stale: dict[str, list[str]]
    """What the server that is behind says."""
    resolvers: dict[str, int]
    """Other resolvers by what is wrong with them, and their ports."""
    closing: ExitStack
    """Ends what a case has started."""
    tripwires: list[Server] = field(default_factory=list)
    """Servers to which nobody may connect."""
    places: dict[str, Place] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def address(self, network: str = "127.20") -> str:
        """One that nobody has yet."""
        number = next(self._numbers)
        return f"{network}.{number // 250}.{number % 250 + 1}"

    def tripwire(self, address: str) -> None:
        """Both ports of an address that must be left alone."""
        self.tripwires += [self.servers.http(address=address, port=port) for port in (self.secure, self.plain)]

    def place(self, label: str, zone: str = ZONE) -> Place:
        """The place of a new case."""
        made = Place(f"{label}.{zone}", self)
        self.places[made.host] = made
        return made

    def options(self, resolver: str = "") -> tuple[str, ...]:
        """The command line's options for a run in this ground, with the right resolver or another one."""
        port = self.resolvers[resolver] if resolver else self.dns.port
        return (
            "--resolver", f"127.0.0.1:{port}", "--authority-port", str(self.dns.port),
            "--ca-file", str(self.folder / "ca.pem"), "--cf-ranges", str(self.folder / "cloudflare.txt"),
        )  # fmt: skip

    def write(self) -> None:
        """The spec, and the files that the options name."""
        (self.folder / "ca.pem").write_bytes(self.shop.root.pem)
        (self.folder / "cloudflare.txt").write_text(f"{CF_RANGE}\n")
        (self.folder / "edge.yaml").write_text(json.dumps(self._spec(), indent=1))

    def _spec(self) -> dict[str, Any]:
        mine = [place for place in self.places.values() if place.in_spec]
        zones: dict[str, Any] = {zone: {"addresses": ["127.0.0.1"], "hosts": {}} for zone in (ZONE, STALE)}
        for place in mine:
            zones[STALE if place.host.endswith(STALE) else ZONE]["hosts"][place.host] = place.override()
        return {
            "name": "matrix",
            "acme": {"email": "ops@example.com", "ca": "https://acme.matrix.test/dir"},
            "edge": {"ports": {"web": self.plain, "websecure": self.secure}},
            "domains": zones,
            "services": {place.host.partition(".")[0]: place.service for place in mine},
        }

    def resolve(self, name: str, kind: str, table: Mapping[str, list[str]]) -> Told | None:
        """The DNS: what a name's case says, else the table, one alias followed."""
        plain = name.removesuffix(".")
        if plain in self.answers:
            return self.answers[plain](kind)
        lines = table.get(plain)
        if lines is None:
            return ("NOERROR", []) if any(one.endswith(f".{plain}") for one in table) else ("NXDOMAIN", [])
        alias = [line for line in lines if " CNAME " in line]
        if alias and kind != "CNAME":
            code, further = self.resolve(alias[0].split()[-1], kind, table) or ("SERVFAIL", [])
            return code, [*alias, *further]
        return "NOERROR", [line for line in lines if f" {kind} " in line]


@dataclass
class Place:
    """One host: its addresses, what the spec says, what the DNS answers, and its servers."""

    host: str
    ground: Ground
    service: dict[str, Any] = field(default_factory=dict)
    spec_addresses: list[str] = field(default_factory=list)
    proxied: bool | None = None
    in_spec: bool = True
    port: int = 0
    """Of a host that is in no spec."""
    path: str = "/"
    """Of a host that is in no spec; `/v2/` makes it a registry."""

    def __post_init__(self) -> None:
        self.service = self.service or {"kind": "external", "host": self.host, "url": "http://192.0.2.1:3000"}

    @property
    def shop(self) -> Shop:
        return self.ground.shop

    @property
    def subject(self) -> str:
        """How findings call it."""
        return f"{self.host}:{self.port or self.ground.secure}"

    @property
    def word(self) -> str:
        """How the command line calls it."""
        return self.host if self.in_spec else f"https://{self.subject}{self.path}"

    def override(self) -> dict[str, Any]:
        found: dict[str, Any] = {"addresses": self.spec_addresses or ["127.0.0.1"], "ttl": TTL}
        if self.proxied:  # where Cloudflare leads is not this place's own address, and can't be a private one
            found["addresses"] = ["203.0.113.7"]
        return found if self.proxied is None else {**found, "proxied": self.proxied}

    # the DNS

    def publishes(self, *addresses: str, spec: bool = True, ttl: int = TTL) -> Place:
        """Further A and AAAA records; with `spec` the spec wants them too."""
        lines = self.ground.records.setdefault(self.host, [])
        lines += [f"{self.host}. {ttl} IN {'AAAA' if ':' in one else 'A'} {one}" for one in addresses]
        if spec:
            self.spec_addresses += addresses
        return self

    def answers(self, code: str, *lines: str) -> Place:
        """The DNS says just this, whatever is asked."""
        self.ground.answers[self.host] = lambda _kind: (code, list(lines))
        return self

    def is_bogus(self) -> Place:
        """Its signatures do not hold: SERVFAIL for who checks them."""
        self.ground.dns.bogus.add(f"{self.host}.")
        return self

    # certificates and servers

    def issue(self, *names: str, by: Authority | None = None, **options: Any) -> Issued:
        """A certificate for this host, or for other names."""
        return (by or self.shop.middle).issue(*(names or (self.host,)), **options)

    def new_address(self, *, spec: bool = True, dns: bool = True, network: str = "127.20") -> str:
        address = self.ground.address(network)
        if dns:
            self.publishes(address, spec=spec)
        elif spec:
            self.spec_addresses.append(address)
        return address

    def tls(
        self, handler: Handler = ok, certificate: Issued | None = None, *, address: str = "", **options: Any
    ) -> Server:
        """HTTPS at a new address, or at one that is there."""
        site = Site(certificate or self.issue(), handler, **options)
        return self.ground.servers.tls(site, address=address or self.new_address(), port=self.ground.secure)

    def web(self, handler: Handler, address: str) -> Server:
        """Plain HTTP."""
        return self.ground.servers.http(handler, address=address, port=self.ground.plain)

    def bare(self) -> str:
        """A new address with the web port of a right edge, and nothing else yet."""
        address = self.new_address()
        self.web(to_https(self.ground.secure), address)
        return address

    def edge(
        self, handler: Handler = ok, certificate: Issued | None = None, *, web: Handler | None = None,
        address: str = "", **options: Any,
    ) -> Server:  # fmt: skip
        """Both ports, as a right edge has them."""
        server = self.tls(handler, certificate, address=address, **options)
        self.web(web or to_https(self.ground.secure), server.address)
        return server

    def registry(self, handler: Handler, **more: Any) -> Server:
        """A registry behind an edge."""
        self.service = {"kind": "registry", "host": self.host, "users": ["ci"], **more}
        return self.edge(handler)


@contextmanager
def ground(folder: Path, build: Callable[[Ground], None]) -> Iterator[Ground]:
    """Start the DNS, let `build` make the places, write the spec, and keep it all running."""
    records: dict[str, list[str]] = {}
    stale: dict[str, list[str]] = {}
    held: list[Ground] = []

    def answer(table: Mapping[str, list[str]]) -> Callable[[str, str], Told | None]:
        return lambda name, kind: held[0].resolve(name, kind, table)

    here = FakeDns(behave=answer(records))
    behind = FakeDns(behave=answer(stale), address="127.0.0.2")
    with ExitStack() as stack:
        stack.enter_context(on_one_port(here, behind))
        servers = stack.enter_context(Servers())
        secure, plain = _free_ports(2)
        resolvers = _resolvers(stack, servers, answer(records))
        held.append(Ground(servers, Shop(), folder, secure, plain, here, records, {}, stale, resolvers, stack))
        _zones(records, stale)
        _evil(held[0])
        build(held[0])
        held[0].write()
        yield held[0]


def _resolvers(stack: ExitStack, servers: Servers, behave: Callable[[str, str], Told | None]) -> dict[str, int]:
    """One that nobody listens at, one that is slower than any deadline, one whose answers are too long for UDP."""
    never = threading.Event()
    slow = stack.enter_context(FakeDns(behave=behave, slow=never))
    stack.callback(never.set)
    truncated = stack.enter_context(FakeDns(behave=behave, truncated=True))
    return {"dead": servers.closed_port(), "slow": slow.port, "truncated": truncated.port}


def _evil(here: Ground) -> None:
    """Where redirects to other hosts lead: everything there must stay unseen."""
    address = here.address()
    here.records[EVIL] = [f"{EVIL}. {TTL} IN A {address}"]
    here.tripwire(address)


def _zones(records: dict[str, list[str]], stale: dict[str, list[str]]) -> None:
    records[ZONE] = [f"{ZONE}. {TTL} IN NS ns1.{ZONE}."]
    records[STALE] = [f"{STALE}. {TTL} IN NS ns1.{ZONE}.", f"{STALE}. {TTL} IN NS ns2.{ZONE}."]
    records[f"ns1.{ZONE}"] = [f"ns1.{ZONE}. {TTL} IN A 127.0.0.1"]
    records[f"ns2.{ZONE}"] = [f"ns2.{ZONE}. {TTL} IN A 127.0.0.2"]
    stale.update({name: list(lines) for name, lines in records.items()})


def _free_ports(count: int, address: str = "127.20.255.254") -> Iterable[int]:
    """Numbers that are free on an address of ours; the others of 127.20/16 are nobody else's either."""
    with socket.socket() as one, socket.socket() as other:
        found = []
        for sock in (one, other)[:count]:
            sock.bind((address, 0))
            found.append(int(sock.getsockname()[1]))
        return found
