"""Clients of a stack in the lab: HTTP and TLS by hand, so that nothing is followed, retried or trusted by itself."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from tests.lab.ground import Ground
from tests.lab.parts import program

DEFAULT_CERTIFICATE = "TRAEFIK DEFAULT CERT"
_DEADLINE = 60.0


@dataclass(frozen=True)
class Answer:
    """One answer, as it came."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def location(self) -> str:
        return self.headers["Location"] or ""


@dataclass(frozen=True)
class Client:
    """Speaks to one address, whatever the host's name: TLS, or plain HTTP on port 80."""

    ground: Ground
    root: Path | None = None
    """PEM of the one authority that is trusted. Without it whatever is shown is taken, certificate and all."""
    credentials: tuple[str, str] | None = None
    port: int = 443
    seconds: float = 20
    address: str = ""
    """"" is the lab's own."""

    def get(self, host: str, path: str = "/") -> Answer:
        return self.request("GET", host, path)

    def request(
        self,
        method: str,
        host: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own. Raises OSError, and ssl.SSLError for what is not trusted."""
        connection = http.client.HTTPConnection(host, timeout=self.seconds)
        with contextlib.closing(connection):
            connection.sock = self._socket(host)
            connection.request(method, path, body, {**self._authorization(), **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def _socket(self, host: str) -> socket.socket:
        plain = self.ground.connect(self.port, self.address, seconds=self.seconds)
        if self.port == 80:
            return plain
        context = ssl.create_default_context(cafile=str(self.root)) if self.root else untrusting()
        return context.wrap_socket(plain, server_hostname=host)

    def _authorization(self) -> dict[str, str]:
        if self.credentials is None:
            return {}
        return {"Authorization": "Basic " + base64.b64encode(":".join(self.credentials).encode()).decode()}


def untrusting() -> ssl.SSLContext:
    """TLS that takes any certificate: for asking what is shown, and for hosts that have none of their own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a default context would read all authorities of the machine
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def shown_certificate(ground: Ground, host: str, port: int = 443, address: str = "") -> x509.Certificate:
    """The certificate that is shown for a name, whatever it is worth. Raises OSError."""
    with ground.connect(port, address) as plain, untrusting().wrap_socket(plain, server_hostname=host) as tls:
        der = tls.getpeercert(binary_form=True)
    assert der is not None
    return x509.load_der_x509_certificate(der)


def wait_for_certificate(ground: Ground, host: str, port: int = 443, address: str = "") -> x509.Certificate:
    """The first certificate for a name that is not Traefik's own."""
    deadline = time.monotonic() + _DEADLINE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            shown = shown_certificate(ground, host, port, address)
            if DEFAULT_CERTIFICATE not in shown.issuer.rfc4514_string():
                return shown
        time.sleep(0.1)  # a new certificate is announced nowhere: the handshake has to be asked
    raise AssertionError(f"no certificate for {host} within {_DEADLINE:.0f} s")


def wait_for_status(client: Client, host: str, wanted: int, path: str = "/") -> None:
    """Until this is the answer: a Traefik that is healthy, and has its certificates, may not have its routes yet."""
    deadline = time.monotonic() + _DEADLINE
    seen: int | str = ""
    while time.monotonic() < deadline:
        try:
            seen = client.get(host, path).status
        except (OSError, http.client.HTTPException) as error:
            seen = repr(error)
        if seen == wanted:
            return
        time.sleep(0.1)  # a new route is announced nowhere
    raise AssertionError(f"{host}{path} answers {seen}, and not {wanted}, after {_DEADLINE:.0f} s")


@dataclass(frozen=True)
class Said:
    """Whether a program did what it was asked, and what it said."""

    ok: bool
    text: str


def worked(said: Said) -> None:
    """Fails with the program's own words."""
    assert said.ok, said.text


def refused(said: Said, *because: str) -> None:
    """It failed, and one of `because` is what it said."""
    assert not said.ok, f"this should have been refused: {said.text}"
    assert not because or any(reason in said.text for reason in because), said.text


def skopeo(ground: Ground, root: Path, *words: str) -> Said:
    """Skopeo in the lab, trusting one root."""
    environment = {"SSL_CERT_FILE": str(root)}
    done = ground.run(program("skopeo"), "--insecure-policy", *words, env=environment, check=False)
    return Said(done.returncode == 0, done.stdout + done.stderr)


@dataclass(frozen=True)
class DockerClient:
    """The engine's own client in the lab, with a folder for its credentials."""

    ground: Ground
    config: Path

    def run(self, *words: str, stdin: str = "") -> Said:
        """One command."""
        done = self.ground.run(program("docker"), "--config", self.config, *words, stdin=stdin, check=False)
        return Said(done.returncode == 0, done.stdout + done.stderr)

    def trust(self, host: str, root: Path) -> None:
        """Let the engine trust an authority for one registry."""
        folder = self.ground.docker_settings / "certs.d" / host
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "ca.crt").write_bytes(root.read_bytes())
