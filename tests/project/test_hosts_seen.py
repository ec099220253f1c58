"""The hosts of a project on one page: DNS and the stored certificate, side by side, and what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.held import Holdings, Listed
from edgegen.endpoints import Endpoint
from edgegen.lookup import Reply, Server, Status
from edgegen.project.hosts_seen import HostSeen, joined

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RESOLVER = Server("192.0.2.53")
SHOP = Endpoint("web", "www.shop.test", ipv4=("192.0.2.1",), ipv6=())


def answering(**addresses: list[str]) -> object:
    """A resolver: type -> what it answers; nothing for a type that is not named."""

    def ask(wanted: Sequence[tuple[str, str]]) -> list[Reply]:
        return [
            Reply(RESOLVER, Status.ANSWER, tuple(addresses[kind]))
            if addresses.get(kind)
            else Reply(RESOLVER, Status.NODATA)
            for _, kind in wanted
        ]

    return ask


def seen(host: Endpoint = SHOP, **addresses: list[str]) -> HostSeen:
    (found,) = joined(Holdings((host,)), answering(**addresses))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("host", "addresses", "dns", "text"),
    [
        (SHOP, {"A": ["192.0.2.1"]}, "ok", "192.0.2.1"),
        (SHOP, {"A": ["192.0.2.9"]}, "differs", "192.0.2.9 (edge.yaml: 192.0.2.1)"),
        (SHOP, {"A": ["192.0.2.1"], "AAAA": ["::1"]}, "differs", "192.0.2.1, ::1 (edge.yaml: 192.0.2.1)"),
        (SHOP, {}, "none", "no address"),
        (replace(SHOP, ipv4=None, ipv6=None), {"A": ["192.0.2.9"]}, "ok", "192.0.2.9"),
        (replace(SHOP, proxied=True), {"A": ["104.16.0.1"]}, "ok", "104.16.0.1"),
    ],
)
def test_what_dns_answers(host: Endpoint, addresses: dict[str, list[str]], dns: str, text: str) -> None:
    found = seen(host, **addresses)
    assert (found.dns, found.dns_text()) == (dns, text)


def test_a_resolver_that_is_silent_says_nothing_about_the_name() -> None:
    (found,) = joined(Holdings((SHOP,)), lambda wanted: [Reply(RESOLVER, Status.TIMEOUT) for _ in wanted])
    assert (found.dns, found.dns_text()) == ("unknown", "unknown: timeout")
    assert joined(Holdings(()), lambda _: pytest.fail("nobody is asked about nothing")) == ()


def test_the_stored_certificate_and_a_store_that_nobody_could_read() -> None:
    assert seen(A=["192.0.2.1"]).certificate_text(NOW) == "none yet"
    (found,) = joined(Holdings((SHOP,), unseen="node `two` was not reached"), answering())  # type: ignore[arg-type]
    assert found.certificate_text(NOW) == "unknown: node `two` was not reached"
    assert found.as_json(NOW)["certificate_unknown"] == "node `two` was not reached"


def test_a_certificate_that_another_projects_edge_stores_is_not_missing() -> None:
    (found,) = joined(Holdings((SHOP,), kept_by="hub"), answering())  # type: ignore[arg-type]
    assert found.certificate_text(NOW) == "unknown: the edge of project `hub` stores it"
    assert found.as_json(NOW)["certificate_unknown"] == "the edge of project `hub` stores it"


CERTIFICATE = CertificateSeen(
    subject="CN=www.shop.test", issuer="CN=Lab", common_name="www.shop.test", issuer_name="Lab CA",
    names=("www.shop.test",), not_before=datetime(2025, 12, 1, tzinfo=UTC), not_after=datetime(2026, 1, 31, tzinfo=UTC),
    serial="1", fingerprint="f", key="EC secp256r1", key_bits=256, signature="sha256",
)  # fmt: skip


def test_a_certificate_of_the_host() -> None:
    listed = Listed(CERTIFICATE, "letsencrypt")
    (found,) = joined(Holdings((SHOP,), listed=(listed,)), answering())  # type: ignore[arg-type]
    assert found.certificate == listed
    assert found.certificate_text(NOW) == "Lab CA, until 2026-01-31 (30 days)"
    assert found.as_json(NOW)["certificate"]["names"] == ["www.shop.test"]
