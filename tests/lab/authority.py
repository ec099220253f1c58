"""Pebble, an ACME authority, and a DNS in which every name is the lab: so HTTP-01 takes the published port 80."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.lab.ground import Ground, stop
from tests.lab.parts import program

NAME = "acme.lab.test"
_PORT, _PEBBLE, _MANAGEMENT = 14000, 14001, 15000
DIRECTORY = f"https://{NAME}:{_PORT}/dir"
_DEADLINE = 60.0
_FRONT = """\
defaults
  mode http
  timeout connect 10s
  timeout client 10m
  timeout server 10m
frontend acme
  bind {address}:{port} ssl crt {folder}/front.pem
  http-request set-var(txn.path) path
  http-response set-header Retry-After 1 if {{ var(txn.path) -m beg /chalZ/ }}
  default_backend pebble
backend pebble
  server pebble 127.0.0.1:{pebble} ssl verify none
"""
"""Pebble says to nobody who has asked for a validation when to look for its end. Traefik then takes five seconds, and
up to seven and a half pass in vain wherever the validation ends after the first look, as on a busy machine."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A running Pebble. Its accounts, orders and root certificate are new at every start."""

    ground: Ground
    folder: Path
    directory: str = DIRECTORY

    @property
    def api_ca(self) -> Path:
        """PEM of the authority behind the ACME server's own certificate: what an ACME client must trust."""
        return self.folder / "api-ca.pem"

    def root(self) -> str:
        """PEM of the root that the issued certificates chain to: what a visitor must trust. Raises OSError."""
        context = ssl.create_default_context(cafile=str(self.api_ca))
        connection = http.client.HTTPSConnection(NAME, timeout=10)
        raw = self.ground.connect(_MANAGEMENT)
        try:
            connection.sock = context.wrap_socket(raw, server_hostname=NAME)
            connection.request("GET", "/roots/0")
            return connection.getresponse().read().decode()
        finally:
            connection.close()
            raw.close()

    def orders(self) -> int:
        """How many orders were ever placed."""
        return len(re.findall(r"Added order ", self.log()))

    def ordered(self) -> dict[str, set[str]]:
        """The accounts that have asked for each name, whatever the log calls them."""
        asked = re.findall(r'Value:"([^"]+)"}, .*Account:\(\*core\.Account\)\((\w+)\)', self.log())
        return {name: {account for other, account in asked if other == name} for name, _ in asked}

    def point(self, host: str, address: str) -> None:
        """Let the authority's DNS give `host` another address than the lab's."""
        for path in ("clear-a", "add-a"):  # adding alone would keep what was there
            body = json.dumps({"host": f"{host}.", "addresses": [address]})
            connection = http.client.HTTPConnection("dns", timeout=10)
            with contextlib.closing(connection):
                connection.sock = self.ground.connect(8055, "127.0.0.1")
                connection.request("POST", f"/{path}", body)
                answer = connection.getresponse()
                assert answer.status == 200, answer.read()

    def log(self) -> str:
        """Everything that Pebble has said."""
        return (self.folder / "pebble.log").read_text(errors="replace")


@contextlib.contextmanager
def running_authority(ground: Ground, folder: Path, *, bad_nonces: int = 20, names_at: str = "") -> Iterator[Authority]:
    """Pebble and its DNS for as long as the block runs. `bad_nonces`: percent of requests that must be repeated.

    Every name but the ACME server's own has the address `names_at`; "" is the lab's.
    """
    authority = Authority(ground, folder)
    _write_settings(ground, folder)
    dns = ground.start(_dns(ground, names_at or ground.address), log=folder / "dns.log")
    env = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": str(bad_nonces)}
    words: list[str | Path] = [
        program("pebble"),
        "-config",
        folder / "pebble.json",
        "-dnsserver",
        f"{ground.address}:53",
    ]
    pebble = ground.start(words, env=env, log=folder / "pebble.log")
    front = ground.start((program("haproxy"), "-db", "-f", folder / "front.cfg"), log=folder / "front.log")
    try:
        _wait(authority, pebble)
        authority.point(NAME, ground.address)
        yield authority
    finally:
        stop(front)
        stop(pebble)
        stop(dns)


def _write_settings(ground: Ground, folder: Path) -> None:
    ca = trustme.CA()
    own = ca.issue_cert(NAME, ground.address)
    ca.cert_pem.write_to_path(str(folder / "api-ca.pem"))
    own.private_key_pem.write_to_path(str(folder / "key.pem"))
    own.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    own.private_key_and_cert_chain_pem.write_to_path(str(folder / "front.pem"))
    front = _FRONT.format(address=ground.address, port=_PORT, pebble=_PEBBLE, folder=folder)
    (folder / "front.cfg").write_text(front)
    settings = {
        "listenAddress": f"127.0.0.1:{_PEBBLE}",
        "managementListenAddress": f"{ground.address}:{_MANAGEMENT}",
        "certificate": str(folder / "cert.pem"),
        "privateKey": str(folder / "key.pem"),
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
        "domainBlocklist": ["local"],  # as a public authority refuses what is no public name
        # Seconds after which a client asks again; by itself it says 3 and 5, and every certificate would wait for them.
        "retryAfter": {"authz": 1, "order": 1},
    }
    (folder / "pebble.json").write_text(json.dumps({"pebble": settings}))


def _dns(ground: Ground, names_at: str) -> list[str]:
    return [
        str(program("pebble-challtestsrv")), "-dns01", f"{ground.address}:53", "-http01", "", "-https01", "",
        "-tlsalpn01", "", "-management", "127.0.0.1:8055", "-defaultIPv4", names_at, "-defaultIPv6", "",
    ]  # fmt: skip


def _wait(authority: Authority, pebble: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _DEADLINE
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            authority.ground.connect(_PORT).close()
            authority.root()
            return
        if pebble.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"Pebble does not answer:\n{authority.log()[-3000:]}", pytrace=False)
        time.sleep(0.02)  # it announces nothing: its port has to be asked
