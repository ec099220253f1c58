"""A world of many hosts in a process of its own: names, addresses, certificates, and what is wrong with some of them.

`python -m tests.verify.world FOLDER` writes what one has to know to FOLDER/world.json and lives until stdin ends.
Hosts are told apart by the begin of their name: `good7.many.test`, `expired3.many.test` …
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.fakes.authority_of_tests import Authority, self_signed, traefik_default
from tests.fakes.dns_server import FakeDns
from tests.fakes.tls_connection import Connection
from tests.fakes.tls_scripts import (
    Answer,
    ok,
    redirect,
    silence,
    slow_header,
    to_https,
    traefik_404,
)
from tests.fakes.tls_servers import Servers, Site

ZONE = "many.test"
LONG_PAGE = b"<p>a page like others</p>" * 3000
HERE, SILENT, DEAD, PLAIN = "127.0.0.1", "127.0.0.9", "127.0.0.10", "127.0.0.11"
FAULTS = {
    # begin of the name -> the verdict that it must get
    "expired": "cert-expired",
    "selfsigned": "self-signed",
    "default": "traefik-default-cert",
    "stranger": "untrusted-ca",
    "wrongname": "name-mismatch",
    "norouter": "no-router",
    "down": "upstream-down",
    "loop": "redirect-loop",
    "gone": "dns-nxdomain",
    "dead": "refused",
    "plain": "plain-http-on-tls-port",
    "broken": "reset",
}
TARPITS = {"tarpit": "timeout-tls", "drip": "timeout-http"}
ELSEWHERE = {"tarpit": SILENT, "dead": DEAD, "plain": PLAIN}


def kind_of(name: str) -> str:
    return name.partition(".")[0].rstrip("0123456789")


@dataclass(frozen=True)
class World:
    """What one has to know to look at it."""

    https: int
    http: int
    dns: int
    ca_file: str

    @property
    def options(self) -> list[str]:
        server = f"{HERE}:{self.dns}"
        return ["--resolver", server, "--authority-port", str(self.dns), "--ca-file", self.ca_file]

    def spec(self, hosts: list[str]) -> str:
        """A spec that wants these hosts, each at the address where it is."""
        elsewhere = {host: {"addresses": [ELSEWHERE[kind_of(host)]]} for host in hosts if kind_of(host) in ELSEWHERE}
        body: dict[str, Any] = {
            "name": "many",
            "acme": {"ca": "https://acme.many.test/directory"},
            "edge": {"ports": {"web": self.http, "websecure": self.https}},
            "domains": {ZONE: {"addresses": [HERE], "hosts": elsewhere}},
            "services": {host.partition(".")[0]: {"image": "w:1", "port": 80, "host": host} for host in hosts},
        }
        return json.dumps(body, indent=1)


def hosts(kind: str, number: int) -> list[str]:
    return [f"{kind}{index}.{ZONE}" for index in range(number)]


@contextlib.contextmanager
def world(folder: Path) -> Iterator[World]:
    """The world, while the block lasts."""
    command = [sys.executable, "-m", "tests.verify.world", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield World(**json.loads((folder / "world.json").read_text()))
        finally:
            process.communicate(timeout=60)


def _sites(middle: Authority) -> dict[str, Site]:
    wild = f"*.{ZONE}"
    good = middle.issue(wild)
    return {
        "good": Site(good, ok),
        "long": Site(good, lambda request: replace(ok(request), body=LONG_PAGE)),
        "expired": Site(middle.issue(wild, days=(-90, -1))),
        "selfsigned": Site(self_signed(wild)),
        "default": Site(traefik_default()),
        "stranger": Site(Authority.root("Another Root").intermediate("Another R1").issue(wild)),
        "wrongname": Site(middle.issue("other.test")),
        "norouter": Site(good, lambda _: traefik_404.header("X-Content-Type-Options", "nosniff")),
        "down": Site(good, lambda _: Answer(502, body=b"Bad Gateway")),
        "loop": Site(good, lambda request: redirect(f"https://{request.headers['host']}{request.target}")),
        "broken": Site(good, lambda _: cut),
        "drip": Site(good, lambda _: slow_header),
    }


async def cut(connection: Connection) -> None:
    """RST in the place of an answer."""
    connection.reset()


def _answer(name: str, kind: str) -> tuple[str, list[str]]:
    plain = name.removesuffix(".")
    if kind_of(plain) == "gone":
        return "NXDOMAIN", []
    if (plain, kind) == (ZONE, "NS"):
        return "NOERROR", [f"{name} 60 IN NS ns1.{ZONE}."]
    address = ELSEWHERE.get(kind_of(plain), HERE)
    return "NOERROR", [f"{name} 60 IN A {address}"] if kind == "A" else []


def _live(folder: Path) -> None:
    middle = Authority.root().intermediate()
    sites = _sites(middle)
    with Servers() as servers, FakeDns(behave=_answer) as dns:
        https = servers.tls(lambda name: sites.get(kind_of(name or "good")))
        servers.tcp(silence, address=SILENT, port=https.port)
        servers.http(ok, address=PLAIN, port=https.port)
        redirects = to_https(https.port)
        http = servers.http(redirects, address=(HERE, SILENT, DEAD, PLAIN))
        known = World(https.port, http.port, dns.port, middle.write(folder))
        (folder / "world.json").write_text(json.dumps(known.__dict__))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    _live(Path(sys.argv[1]))
