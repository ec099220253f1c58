"""The store and the live hosts, joined by fingerprint; certificates made by `cryptography`, stored as Traefik does."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edgegen.certificates.held import Holdings, label
from edgegen.certificates.read import read_chain
from edgegen.certificates.store import CertificateStore
from edgegen.endpoints import Endpoint, Kind
from edgegen.files.acme_read import read_store
from edgegen.project.certificates import holdings
from edgegen.verify.observation import AddressSeen, Failure, Observation, Phase, TlsSeen, Trouble
from tests.fakes.authority_of_tests import Authority, Issued

ROOT = Authority.root("CertificateStore Root")
MIDDLE = ROOT.intermediate("CertificateStore R1", organisation="Let's Test")
NOW = datetime.now(UTC)
NOT_PUBLIC = "it is not a public address, and the spec does not name it"


def entry(issued: Issued | bytes, main: str, *sans: str) -> dict[str, Any]:
    """One certificate as Traefik 3.7.15 writes it."""
    pem = issued if isinstance(issued, bytes) else issued.pem
    key = b"" if isinstance(issued, bytes) else issued.key_pem
    return {
        "domain": {"main": main, **({"sans": list(sans)} if sans else {})},
        "certificate": base64.b64encode(pem).decode(),
        "key": base64.b64encode(key).decode(),
        "Store": "default",
    }


def stored(folder: Path, *entries: dict[str, Any], resolver: str = "letsencrypt") -> CertificateStore:
    (folder / "acme").mkdir(mode=0o700, exist_ok=True)
    file = folder / "acme" / "acme.json"
    file.write_text(json.dumps({resolver: {"Account": {"PrivateKey": "x"}, "Certificates": list(entries)}}))
    file.chmod(0o600)
    store = read_store(folder)
    assert store is not None
    return store


def host(name: str, **changes: Any) -> Endpoint:
    return Endpoint("web", name, **changes)


def sends(endpoint: Endpoint, *certificates: Issued | None, address: str = "192.0.2.") -> Observation:
    seen = (
        AddressSeen(f"{address}{number}", tls=TlsSeen(verified=True, chain=read_chain((one.der,)) if one else ()))
        for number, one in enumerate(certificates, 1)
    )
    return Observation(endpoint, addresses=tuple(seen))


def test_names_issuer_and_dates_are_the_certificates_own(tmp_path: Path) -> None:
    own = MIDDLE.issue("a.test", "www.a.test", days=(-30, 60))
    (listed,) = holdings((host("a.test"),), stored(tmp_path, entry(own, "a.test", "www.a.test")), None).listed
    assert (listed.names, listed.certificate.issuer_name) == (("a.test", "www.a.test"), "CertificateStore R1")
    assert (listed.resolver, listed.hosts, listed.served) == ("letsencrypt", ("a.test",), ())
    assert listed.days_left(NOW) == pytest.approx(60, abs=0.1)
    assert listed.certificate.share_left(NOW) == pytest.approx(2 / 3, abs=0.01)


def test_the_leaf_is_listed_and_not_its_authority(tmp_path: Path) -> None:
    (listed,) = holdings((), stored(tmp_path, entry(MIDDLE.issue("a.test"), "a.test")), None).listed
    assert (listed.names, listed.certificate.issuer_name) == (("a.test",), "CertificateStore R1")


def test_what_is_sent_and_stored_is_one(tmp_path: Path) -> None:
    own, other = MIDDLE.issue("a.test"), MIDDLE.issue("a.test")
    endpoint = host("a.test")
    held = holdings((endpoint,), stored(tmp_path, entry(own, "a.test")), [sends(endpoint, own, other)])
    assert [(item.resolver, [served.address for served in item.served]) for item in held.listed] == [
        ("letsencrypt", ["192.0.2.1"]),
        ("", ["192.0.2.2"]),
    ]


def test_endpoints_that_share_a_host_are_one(tmp_path: Path) -> None:
    own = MIDDLE.issue("a.test")
    one, two = host("a.test"), host("a.test", path="/api", subject="a.test/api")
    held = holdings((one, two), stored(tmp_path, entry(own, "a.test")), [sends(one, own), sends(two, own)])
    assert [label(item) for item in held.hosts] == ["a.test"]
    assert [item.address for item in held.listed[0].served] == ["192.0.2.1"]


def test_a_path_that_was_not_seen_hides_no_other(tmp_path: Path) -> None:
    own = MIDDLE.issue("a.test")
    one, two = host("a.test"), host("a.test", path="/api", subject="a.test/api")
    held = holdings((one, two), stored(tmp_path), [sends(one, None), sends(two, own)])
    assert [item.certificate is not None for item in held.served or ()] == [True]


def test_ports_are_hosts_of_their_own(tmp_path: Path) -> None:
    hosts = (host("a.test"), host("a.test", port=5432, kind=Kind.TLS))
    assert [label(item) for item in holdings(hosts, stored(tmp_path), None).hosts] == ["a.test", "a.test:5432"]


def test_a_service_that_ends_its_own_tls_needs_none_of_the_store(tmp_path: Path) -> None:
    passed = host("a.test", kind=Kind.TCP)
    (listed,) = holdings((passed,), stored(tmp_path, entry(MIDDLE.issue("a.test"), "a.test")), None).listed
    assert listed.hosts == ()


def test_of_several_the_whole_name_and_then_the_latest_comes_first(tmp_path: Path) -> None:
    wild, old, new = MIDDLE.issue("*.b.test", days=(0, 90)), MIDDLE.issue("a.b.test", days=(-80, 10)), None
    new = MIDDLE.issue("a.b.test", days=(-20, 70))
    entries = [entry(wild, "*.b.test"), entry(old, "a.b.test"), entry(new, "a.b.test")]
    held = holdings((host("a.b.test"),), stored(tmp_path, *entries), None)
    expected = [item.certificate.serial_number for item in (new, old, wild)]
    assert [int(item.certificate.serial, 16) for item in held.stored_for("a.b.test")] == expected


@pytest.mark.parametrize(
    "pem",
    [
        b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n\xff\xfe\n-----END CERTIFICATE-----\n",
        ROOT.pem.replace(b"CERTIFICATE", b"PUBLIC KEY") + b"-----BEGIN CERTIFICATE-----",
    ],
    ids=["short", "cut", "not text", "a key, then nothing"],  # each worker of xdist has another ROOT
)
def test_an_entry_that_is_no_certificate_stands_apart(tmp_path: Path, pem: bytes) -> None:
    good = MIDDLE.issue("good.test")
    held = holdings((), stored(tmp_path, entry(pem, "bad.test"), entry(good, "good.test")), None)
    assert [item.main for item in held.unreadable] == ["bad.test"]
    assert [item.names for item in held.listed] == [("good.test",)]


def test_a_broken_authority_behind_a_good_certificate_is_no_matter_here(tmp_path: Path) -> None:
    pem = MIDDLE.issue("a.test").alone().pem + b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    assert len(holdings((), stored(tmp_path, entry(pem, "a.test")), None).listed) == 1


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (AddressSeen("192.0.2.1", connect=Failure(Trouble.REFUSED, Phase.CONNECT)), "connection refused"),
        (AddressSeen("192.0.2.1", connect=Failure(Trouble.TIMEOUT, Phase.CONNECT, seconds=9)), "no answer within 9 s"),
        (AddressSeen("10.0.0.1", tls=TlsSeen(failure=Failure(Trouble.NOT_TLS, Phase.TLS))), "what answered is not TLS"),
        (AddressSeen("10.0.0.1", not_public=True), NOT_PUBLIC),
        (AddressSeen("192.0.2.1"), "it was not checked"),
    ],
)  # fmt: skip
def test_why_nothing_was_seen(seen: AddressSeen, why: str) -> None:
    endpoint = host("a.test")
    (served,) = holdings((endpoint,), None, [Observation(endpoint, addresses=(seen,))]).served or ()
    assert (served.certificate, served.why) == (None, why)


def test_json_has_every_figure_and_no_key(tmp_path: Path) -> None:
    own = MIDDLE.issue("a.test", days=(-30, 60))
    endpoint = host("a.test")
    held: Holdings = holdings((endpoint,), stored(tmp_path, entry(own, "a.test")), [sends(endpoint, own)])
    shown = held.listed[0].as_json(NOW)
    assert shown["names"] == ["a.test"]
    assert shown["issuer"] == "CertificateStore R1"
    assert shown["not_after"] == own.certificate.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert shown["days_left"] == pytest.approx(60, abs=0.1)
    assert shown["share_left"] == pytest.approx(0.6667, abs=0.01)
    assert (shown["stored"], shown["resolver"]) == (True, "letsencrypt")
    assert shown["served"] == [{"host": "a.test", "address": "192.0.2.1"}]
    assert own.key_pem.decode().splitlines()[1] not in json.dumps(shown)
