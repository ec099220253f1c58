"""The Traefik that is asked has a default certificate, and makes none; a stack that has one keeps its own."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from edgegen.oracle import certificate
from edgegen.oracle.ask import ask
from edgegen.oracle.disk import Disk
from edgegen.oracle.question import Container, DynamicFile, Flags, Question
from edgegen.spec.source import read_yaml
from tests.traefik.process import BINARY

FLAGS = Flags(("--entrypoints.websecure.address=:443", "--providers.docker=true"))
OURS = "edgegen asks Traefik"
LABEL = "traefik.tls.stores.default.defaultgeneratedcert.resolver"
ITS_OWN = {
    "a file": Question("p", dynamic=(DynamicFile("own.yml", "tls: {stores: {default: {}}}\n"),)),
    "a file of TOML": Question("p", dynamic=(DynamicFile("own.toml", "[tls.Stores.default]\n"),)),
    "a file with escapes": Question("p", dynamic=(DynamicFile("own.yml", 'tls: {"\\x73tores": {default: {}}}\n'),)),
    "a label": Question("p", containers=(Container("c", {LABEL: "x"}),)),
}  # fmt: skip


def shown(question: Question) -> str:
    """The subject of what Traefik shows for a host that it does not know; it complains of nothing."""
    seen: list[x509.Certificate] = []

    def look(ports: Mapping[str, int]) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        address = ("127.0.0.1", ports["websecure"])
        with socket.create_connection(address, timeout=60) as plain, context.wrap_socket(plain) as secure:
            seen.append(x509.load_der_x509_certificate(secure.getpeercert(binary_form=True) or b""))

    answer = ask(question, BINARY, look=look)
    assert (answer.errors, answer.is_complete) == ((), True)
    return seen[0].subject.rfc4514_string()


@pytest.mark.slow
def test_traefik_takes_it_and_shows_it() -> None:
    assert shown(Question("p", static=FLAGS)) == f"CN={OURS}"


@pytest.mark.slow
def test_a_stack_with_a_default_certificate_keeps_it(tmp_path: Path) -> None:
    pair = trustme.CA().issue_cert("own.x.test", common_name="own.x.test")
    pair.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "own.pem"))
    file = DynamicFile(
        "own.yml", "tls: {stores: {default: {defaultCertificate: {certFile: /c/own.pem, keyFile: /c/own.pem}}}}\n"
    )
    said = shown(Question("p", static=FLAGS, dynamic=(file,), mounts={"/c": str(tmp_path)}))
    assert "CN=own.x.test" in said


@pytest.mark.parametrize("where", ITS_OWN)
def test_nothing_is_added_to_a_stack_that_may_say_something_of_stores(where: str, tmp_path: Path) -> None:
    disk = Disk(tmp_path, {})
    certificate.put(ITS_OWN[where], disk)
    assert list(disk.dynamic.iterdir()) == []


def test_its_key_is_the_number_one_and_it_never_expires(tmp_path: Path) -> None:
    disk = Disk(tmp_path, {})
    certificate.put(Question("p"), disk)
    (file,) = disk.dynamic.iterdir()
    pair = read_yaml(file.read_bytes(), file.name).data["tls"]["stores"]["default"]["defaultCertificate"]
    key = load_pem_private_key(pair["keyFile"].encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    assert key.private_numbers().private_value == 1
    made = x509.load_pem_x509_certificate(pair["certFile"].encode())
    assert made.public_key() == key.public_key()
    assert made.not_valid_after_utc.year == 9999
