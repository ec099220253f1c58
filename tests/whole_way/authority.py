"""An ACME authority (Pebble) and a DNS in which every name is this host, both on the engine's bridge address."""

from __future__ import annotations

import contextlib
import json
import os
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.whole_way.engine import docker
from tests.lab.parts import program

ACME_PORT, MANAGEMENT_PORT, DNS_PORT, CHALLENGE_PORT = 14000, 15000, 8053, 8055
DEADLINE = 20.0


@dataclass(frozen=True)
class Authority:
    """A running authority."""

    address: str
    ca_file: Path
    """PEM of the authority that signed the ACME server's own certificate: what Traefik must trust."""
    log: Path

    @property
    def directory(self) -> str:
        return f"https://{self.address}:{ACME_PORT}/dir"

    def root(self) -> str:
        """PEM of the root that certificates are issued under: what clients must trust. New at every start."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        with urllib.request.urlopen(f"https://{self.address}:{MANAGEMENT_PORT}/roots/0", context=context) as answer:
            return str(answer.read().decode())

    def orders(self) -> int:
        """How many certificates were ordered so far."""
        return self.log.read_text(errors="replace").count("Added order ")


@contextlib.contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Pebble and its DNS, for as long as the block runs."""
    address = json.loads(docker("network", "inspect", "bridge"))[0]["IPAM"]["Config"][0]["Gateway"]
    folder.mkdir(parents=True, exist_ok=True)
    ca = trustme.CA()
    own = ca.issue_cert(address)
    ca.cert_pem.write_to_path(str(folder / "acme-ca.pem"))
    own.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "cert.pem").write_bytes(b"".join(part.bytes() for part in own.cert_chain_pems))
    (folder / "pebble.json").write_text(json.dumps({"pebble": _config(address, folder)}))
    found = Authority(address, folder / "acme-ca.pem", folder / "pebble.log")
    with contextlib.ExitStack() as running:
        running.enter_context(_process(_dns_command(address), folder / "dns.log"))
        command = [program("pebble"), "-config", folder / "pebble.json", "-dnsserver", f"{address}:{DNS_PORT}"]
        # A fifth of all requests is told that its nonce is bad: a client has to live with it.
        quick = {"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "20"}
        daemon = running.enter_context(_process([str(word) for word in command], found.log, quick))
        _wait(found, daemon)
        yield found


def _config(address: str, folder: Path) -> dict[str, object]:
    return {
        "listenAddress": f"{address}:{ACME_PORT}",
        "managementListenAddress": f"{address}:{MANAGEMENT_PORT}",
        "certificate": str(folder / "cert.pem"),
        "privateKey": str(folder / "key.pem"),
        "httpPort": 80,
        "tlsPort": 443,
        "ocspResponderURL": "",
        "externalAccountBindingRequired": False,
    }


def _dns_command(address: str) -> list[str]:
    return [
        str(program("pebble-challtestsrv")), "-dns01", f"{address}:{DNS_PORT}", "-http01", "", "-https01", "",
        "-tlsalpn01", "", "-management", f"{address}:{CHALLENGE_PORT}", "-defaultIPv4", address, "-defaultIPv6", "",
    ]  # fmt: skip


@contextlib.contextmanager
def _process(command: list[str], log: Path, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **(env or {})})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _wait(found: Authority, daemon: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + DEADLINE
    while True:
        with contextlib.suppress(OSError):
            found.root()
            return
        if daemon.poll() is not None or time.monotonic() > until:
            pytest.fail(f"Pebble does not answer:\n{found.log.read_text()[-2000:]}", pytrace=False)
        time.sleep(0.05)  # it announces nothing: its port has to be asked
