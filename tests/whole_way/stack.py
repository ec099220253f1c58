"""A project on the lab's engine, driven by the command line as its user would."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
import yaml
from cryptography import x509

from tests.whole_way.authority import Authority
from tests.whole_way.engine import SOCKET, docker
from tests.whole_way.images import ensure_images
from tests.lab.parts import program

DEFAULT_CERTIFICATE = "TRAEFIK DEFAULT CERT"
DEADLINE = 60.0


@dataclass
class Stack:
    """One project directory."""

    folder: Path
    authority: Authority
    environment: dict[str, str] = field(default_factory=dict)

    def edgegen(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command of edgegen in the project; its exit code must be `code`."""
        env = {**os.environ, "DOCKER_HOST": f"unix://{SOCKET}", **self.environment}
        command = [str(program("edgegen")), *words, "-C", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def use_authority(self) -> None:
        """Point the spec at the lab's authority: the one difference between what is rehearsed and what is shipped."""
        (self.folder / "ca.pem").write_bytes(self.authority.ca_file.read_bytes())
        spec = yaml.safe_load((self.folder / "edge.yaml").read_text())
        spec.setdefault("acme", {}).update(ca=self.authority.directory, ca_file="ca.pem")
        (self.folder / "edge.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
        self.edgegen("render")

    @property
    def compose(self) -> dict[str, Any]:
        """The rendered Compose file."""
        return dict(yaml.safe_load((self.folder / "docker-compose.yml").read_text()))

    def up(self) -> None:
        """Provide the images and bring the stack up."""
        ensure_images(self.compose)
        self.edgegen("up", "--wait", "60")

    def container(self, service: str) -> str:
        """The id of a service's container."""
        project = self.compose["name"]
        found = docker(
            "ps", "-aq", "--filter", f"label=com.docker.compose.project={project}",
            "--filter", f"label=com.docker.compose.service={service}",
        )  # fmt: skip
        return found.split()[0]

    def remove(self) -> None:
        """Take everything of the project away again."""
        with contextlib.suppress(AssertionError):
            self.edgegen("down")
        for name in self.compose.get("volumes", {}):
            docker("volume", "rm", "-f", name, check=False)
            docker("volume", "rm", "-f", f"{self.compose['name']}_{name}", check=False)
        for network in self.compose["networks"].values():
            docker("network", "rm", network["name"], check=False)


def certificate(host: str) -> x509.Certificate:
    """The certificate that is shown for a host, whatever it is."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", 443), 5) as raw, context.wrap_socket(raw, server_hostname=host) as tls:
        shown = tls.getpeercert(binary_form=True)
    assert shown
    return x509.load_der_x509_certificate(shown)


def wait_for_certificate(host: str) -> x509.Certificate:
    """The first certificate for a host that is not Traefik's own."""
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            shown = certificate(host)
            if DEFAULT_CERTIFICATE not in shown.issuer.rfc4514_string():
                return shown
        time.sleep(0.2)  # a certificate is announced nowhere: it has to be asked for
    logs = docker("ps", "-a")
    raise AssertionError(f"no certificate for {host} within {DEADLINE} s\n{logs}")


@contextlib.contextmanager
def names(*hosts: str, address: str = "127.0.0.1") -> Iterator[None]:
    """Names in /etc/hosts for as long as the block runs."""
    file = Path("/etc/hosts")
    before = file.read_bytes()
    file.write_bytes(before + "".join(f"{address} {host}\n" for host in hosts).encode())
    try:
        yield
    finally:
        file.write_bytes(before)


def client(root: Path, user: tuple[str, str] | None = None) -> requests.Session:
    """An HTTP client that trusts one root alone, and follows nothing."""
    session = requests.Session()
    session.trust_env = False
    session.verify = str(root)
    session.auth = user
    return session


def password(done: subprocess.CompletedProcess[str]) -> str:
    """The password that a command with `--json` has made."""
    return str(json.loads(done.stdout)["credentials"][0]["password"])
