"""What is said of certificates: by the share of their own lives, and where the store and the live hosts differ."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.certificates.certificate import CertificateSeen
from edgegen.certificates.findings import Rules, findings
from edgegen.certificates.held import Holdings, Listed, Served
from edgegen.certificates.store import CertificateStore, Stored
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.endpoints import Endpoint, Kind
from tests.verify.checks.making import ADDRESS, HOST, NOW, OTHER_ADDRESS, certificate, days, endpoint

STORE = CertificateStore("acme/acme.json", 0o600)
CLOUDFLARE = "104.16.1.1"


def life(left: float, whole: float = 90, **changes: Any) -> CertificateSeen:
    """A certificate for `whole` days, of which `left` are left."""
    return certificate(not_before=NOW + days(left - whole), not_after=NOW + days(left), **changes)


def stored(own: CertificateSeen | None = None, *hosts: str, resolver: str = "letsencrypt") -> Listed:
    return Listed(own or certificate(), resolver, hosts or (HOST,))


def sends(own: CertificateSeen | None, address: str = ADDRESS, host: str = HOST, why: str = "") -> Served:
    return Served(host, address, own, why)


def held(*listed: Listed, served: tuple[Served, ...] | None = None, hosts: Any = None, **changes: Any) -> Holdings:
    good: dict[str, Any] = {"hosts": hosts or (endpoint(),), "store": STORE, "listed": listed, "served": served}
    return Holdings(**{**good, **changes})


def judged(what: Holdings, warn_days: int | None = None) -> list[Finding]:
    return findings(what, Rules(NOW, warn_days))


def words(what: Holdings, name: str, warn_days: int | None = None) -> list[str]:
    return [item.verdict for item in judged(what, warn_days) if item.name == f"certificate-{name}"]


def bad(found: list[Finding]) -> list[str]:
    return [item.verdict for item in found if item.outcome is Outcome.FAIL and not item.is_remark]


@pytest.mark.parametrize(
    ("left", "whole", "word", "is_bad"),
    [
        (60, 90, "ok", False),
        (30.1, 90, "ok", False),
        (29.9, 90, "overdue", False),
        (9.1, 90, "overdue", False),
        (8.9, 90, "ending", True),
        (-0.01, 90, "expired", True),
        (-400, 90, "expired", True),
        # 45 and 6 days: never a fixed number of days
        (20, 45, "ok", False),
        (14.9, 45, "overdue", False),
        (4.4, 45, "ending", True),
        (3, 6.67, "ok", False),
        (2.1, 6.67, "overdue", False),
        (0.6, 6.67, "ending", True),
        # ten years: a tenth of that is more than anybody needs to renew it
        (1300, 3650, "ok", False),
        (100, 3650, "overdue", False),
        (13.9, 3650, "ending", True),
        # not begun
        (90.5, 90, "not-yet-valid", True),
    ],
)
def test_by_its_own_life(left: float, whole: float, word: str, is_bad: bool) -> None:
    found = judged(held(stored(life(left, whole))))
    (own,) = (item for item in found if item.name == "certificate-life")
    assert own.verdict == word
    assert bad(found) == ([word] if is_bad else [])


@pytest.mark.parametrize(
    ("left", "warn", "word"),
    [
        (60, 60, "ok"), (59.9, 60, "ending"), (20, 14, "overdue"), (8.9, 5, "overdue"), (4.9, 5, "ending"),
        (0.5, 0, "overdue"), (-0.5, 0, "expired"), (80, 365, "ending"),
    ],
)  # fmt: skip
def test_by_a_number_of_days(left: float, warn: int, word: str) -> None:
    assert words(held(stored(life(left))), "life", warn) == [word]


def test_the_message_says_how_much_is_left_and_until_when() -> None:
    (own,) = (item for item in judged(held(stored(life(27)))) if item.name == "certificate-life")
    assert own.message == "it should have been renewed: 27 days (30% of its life) are left, until 2026-07-28"
    assert "edgegen logs traefik" in own.hint


def test_one_that_nobody_will_miss_is_a_remark() -> None:
    """A host left the spec, or the store keeps an old one beside the new: neither is sent."""
    old, new = life(-5, fingerprint="01" * 32), life(85, fingerprint="02" * 32)
    replaced = held(stored(old), stored(new), served=(sends(new),))
    assert words(replaced, "life") == ["expired", "ok"]
    assert bad(judged(replaced)) == []
    left = held(stored(new), Listed(life(-5, fingerprint="03" * 32, names=("gone.example.com",)), "letsencrypt"))
    assert bad(judged(left)) == []
    assert bad(judged(left, 10)) == ["expired"]  # a number of days means every one


def test_an_expired_one_that_is_still_sent_is_bad() -> None:
    old, new = life(-5, fingerprint="01" * 32), life(85, fingerprint="02" * 32)
    seen = held(Listed(old, "letsencrypt", (HOST,), (sends(old),)), stored(new), served=(sends(old),))
    assert bad(judged(seen)) == ["expired"]


@pytest.mark.parametrize(
    ("own", "address", "word"),
    [
        (certificate(), ADDRESS, "ok"),
        (certificate(), CLOUDFLARE, "ok"),
        (life(30, fingerprint="01" * 32), ADDRESS, "older"),
        (life(89, fingerprint="01" * 32), ADDRESS, "newer"),
        (certificate(fingerprint="01" * 32), ADDRESS, "other"),
        (certificate(fingerprint="01" * 32, names=("else.example.net",)), ADDRESS, "other"),
        (certificate(fingerprint="01" * 32, issuer="CN=WE1", names=("*.example.com",)), CLOUDFLARE, "proxied"),
        (certificate("TRAEFIK DEFAULT CERT", names=("abc.traefik.default",)), ADDRESS, "default-certificate"),
        (certificate(fingerprint="01" * 32), "edge.internal", "other"),
        (None, ADDRESS, "not-seen"),
    ],
)
def test_how_what_is_sent_stands_to_what_is_stored(own: CertificateSeen | None, address: str, word: str) -> None:
    assert words(held(stored(), served=(sends(own, address),)), "served") == [word]


def test_addresses_that_differ_are_named() -> None:
    other = life(30, fingerprint="01" * 32)
    found = judged(held(stored(), served=(sends(certificate()), sends(other, OTHER_ADDRESS))))
    told = {item.verdict: item.message for item in found if item.name == "certificate-served"}
    assert told["ok"].endswith(f"({ADDRESS})")
    assert told["older"].endswith(f"({OTHER_ADDRESS})")


def test_traefiks_default_certificate_is_bad_and_its_life_is_no_matter() -> None:
    default = life(-1, common_name="TRAEFIK DEFAULT CERT", names=("abc.traefik.default",))
    found = judged(held(Listed(default, "", (), (sends(default),)), stored(), served=(sends(default),)))
    assert bad(found) == ["default-certificate"]
    without = held(Listed(default, "", (), (sends(default),)), served=(sends(default),))
    assert words(without, "life") == []
    assert bad(judged(without)) == ["default-certificate"]  # one cause, said once


@pytest.mark.parametrize(
    ("served", "word", "severity"),
    [
        (None, "not-stored", Severity.MEDIUM),
        ((), "not-stored", Severity.MEDIUM),
        ((sends(None),), "not-stored", Severity.MEDIUM),
        ((sends(certificate()),), "elsewhere", Severity.LOW),
        ((sends(certificate()), sends(None, OTHER_ADDRESS)), "not-stored", Severity.MEDIUM),
    ],
)
@pytest.mark.parametrize("store", [STORE, None])
def test_a_host_that_the_store_does_not_know(
    served: Any, word: str, severity: Severity, store: CertificateStore | None
) -> None:
    found = [item for item in judged(held(served=served, store=store)) if item.name == "certificate-stored"]
    assert [(item.verdict, item.severity) for item in found] == [(word, severity)]


def test_a_wildcard_of_the_store_will_do() -> None:
    wild = stored(certificate("*.example.com"), HOST)
    assert words(held(wild), "stored") == ["ok"]
    deep = endpoint("a.b.example.com")
    assert words(held(wild, hosts=(deep,)), "stored") == ["not-stored"]


def test_a_service_with_its_own_certificate_is_not_the_stores_matter() -> None:
    assert judged(held(hosts=(endpoint(kind=Kind.TCP),), served=(sends(certificate()),))) == []


def test_no_host_needs_it() -> None:
    gone = Listed(certificate("gone.example.com"), "letsencrypt")
    assert words(held(stored(), gone), "unused") == ["unused"]
    assert bad(judged(held(stored(), gone))) == []
    assert words(held(stored()), "unused") == []


@pytest.mark.parametrize(
    ("store", "word"),
    [
        (CertificateStore("acme/acme.json", 0o600, trouble="is not complete JSON"), "broken"),
        (CertificateStore("acme/acme.json", 0o644), "mode"),
        (CertificateStore("acme/acme.json", 0o640), "mode"),
        (STORE, None),
        (None, None),
    ],
)
def test_the_store_itself(store: CertificateStore | None, word: str | None) -> None:
    found = judged(held(stored(), store=store))
    assert [item.verdict for item in found if item.name == "certificate-store"] == ([word] if word else [])
    assert bad(found) == ([word] if word else [])


def test_a_broken_store_is_told_once_and_not_for_each_host() -> None:
    broken = CertificateStore("acme/acme.json", 0o600, trouble="is not complete JSON")
    hosts = tuple(endpoint(f"h{number}.example.com") for number in range(5))
    assert [item.verdict for item in judged(held(store=broken, hosts=hosts))] == ["broken"]


def test_an_entry_that_can_not_be_read() -> None:
    entry = Stored("letsencrypt", "bad.example.com", ("www.bad.example.com",), trouble="its certificate is not base64")
    (found,) = (item for item in judged(held(stored(), unreadable=(entry,))) if item.verdict == "entry")
    assert (found.subject, found.severity) == ("bad.example.com, www.bad.example.com", Severity.MEDIUM)


def test_findings_point_to_the_spec() -> None:
    hosts: tuple[Endpoint, ...] = (endpoint(),)
    assert {str(item.where) for item in judged(held(hosts=hosts, served=()))} == {"edge.yaml:14:7"}


def test_nobody_looked_is_not_could_not_see() -> None:
    assert words(held(stored(), served=None), "served") == []
    assert words(held(stored(), served=()), "served") == ["not-seen"]


def test_a_store_of_another_project_is_not_judged_here() -> None:
    """With `edge.use` the certificates lie in the other project's folder."""
    seen = (sends(certificate()),)
    assert words(held(served=seen, store=None), "stored") == ["elsewhere"]
    assert words(held(served=seen, store=None, kept_by="commenthouse"), "stored") == []
    assert words(held(served=seen, store=None, kept_by="commenthouse"), "served") != []


def test_a_store_that_nobody_could_read() -> None:
    away = held(store=None, served=(sends(certificate()),), unseen="Traefik runs on the node `two`")
    found = {item.name: item for item in judged(away)}
    stored_finding = found["certificate-stored"]
    assert (stored_finding.outcome, stored_finding.verdict) == (Outcome.UNKNOWN, "not-seen")
    assert stored_finding.message == "not checked: Traefik runs on the node `two`"
    sent = found["certificate-served"]
    assert (sent.outcome, sent.message) == (
        Outcome.PASS, "it sends a certificate that could not be compared with the store",
    )  # fmt: skip
    assert bad(judged(away)) == []


def test_a_default_certificate_is_bad_whatever_the_store_holds() -> None:
    default = certificate("TRAEFIK DEFAULT CERT", names=("abc.traefik.default",))
    away = held(store=None, served=(sends(default),), unseen="why")
    assert bad(judged(away)) == ["default-certificate"]


@pytest.mark.parametrize("restart", ["docker compose restart traefik", "docker service update --force shop_traefik"])
def test_how_traefik_is_restarted_is_what_runs_it_that_says(restart: str) -> None:
    older, newer = life(30, fingerprint="01" * 32), life(60, fingerprint="02" * 32)
    hosts = (replace(endpoint(), restart=restart),)
    found = judged(held(stored(newer), served=(sends(older),), hosts=hosts))
    hint = next(item.hint for item in found if item.verdict == "older")
    assert f"(`{restart}`)" in hint
    assert "edgegen down" not in hint


STAGING = certificate(issuer="CN=(STAGING) Riddling Rhubarb R12,O=(STAGING) Let's Encrypt,C=US")


@pytest.mark.parametrize(
    ("ca", "word"),
    [
        ("letsencrypt", "staging"),
        ("zerossl", "staging"),
        ("letsencrypt-staging", "ok"),
        ("https://acme-staging-v02.api.letsencrypt.org/directory", "ok"),
    ],
)
def test_a_staging_certificate_stays_in_the_store_after_the_switch(ca: str, word: str) -> None:
    """Traefik asks for no other one as long as it is valid."""
    host = endpoint(ca=ca)
    found = judged(held(stored(STAGING), hosts=(host,)))
    (own,) = (item for item in found if item.name == "certificate-stored")
    assert (own.verdict, own.outcome is Outcome.FAIL) == (word, word == "staging")
    assert bad(found) == (["staging"] if word == "staging" else [])
    # The one that Traefik sends is the one that counts.
    newer = life(80, names=(HOST,))
    assert words(held(stored(STAGING), stored(newer), hosts=(host,)), "stored") == ["ok"]
