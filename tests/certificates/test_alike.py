"""`verify` and `cert list` grade one certificate alike, and the local authority renews when it is due."""

from __future__ import annotations

import pytest

from edgegen.certificates.findings import Rules, findings
from edgegen.certificates.held import Holdings, Listed
from edgegen.certificates.issuing import authority, is_current, leaf, new_key
from edgegen.certificates.names import covers
from edgegen.certificates.store import CertificateStore
from edgegen.core.finding import Severity
from edgegen.core.grade import grade
from edgegen.verify.checks.certificate_expiry import CHECK
from tests.verify.checks.making import HOST, NOW, certificate, days, endpoint, judged, observation, tls

# Whole life and days left -> how bad it is. The first row stood for LOW in one command and HIGH in the other.
TABLE = [
    (398, 30, Severity.LOW), (398, 14.1, Severity.LOW), (398, 13.9, Severity.MEDIUM), (398, 6.9, Severity.HIGH),
    (398, 133, None), (398, 132, Severity.LOW), (90, 31, None), (90, 29, Severity.LOW), (90, 8.9, Severity.MEDIUM),
    (90, 6.9, Severity.HIGH), (45, 16, None), (45, 14, Severity.LOW), (45, 6.9, Severity.HIGH),
    (6.67, 3, None), (6.67, 2.1, Severity.LOW), (6.67, 0.6, Severity.HIGH), (3650, 100, Severity.LOW),
    (3650, 13, Severity.MEDIUM), (3650, 5, Severity.HIGH),
]  # fmt: skip


@pytest.mark.parametrize(("life", "left", "severity"), TABLE)
def test_both_commands_grade_alike(life: float, left: float, severity: Severity | None) -> None:
    own = certificate(not_before=NOW + days(left - life), not_after=NOW + days(left))
    by_verify = [item for item in judged(CHECK, observation(tls=tls(leaf=own))) if item.verdict == "cert-expiring"]
    held = Holdings((endpoint(),), CertificateStore("acme.json", 0o600), (Listed(own, "letsencrypt", (HOST,)),))
    by_list = [item for item in findings(held, Rules(NOW)) if item.name == "certificate-life"]
    assert [item.severity for item in by_verify] == ([severity] if severity else [])
    assert [item.severity for item in by_list if item.verdict != "ok"] == ([severity] if severity else [])
    assert [grade(item) for item in by_verify or by_list] == [grade(item) for item in by_list]


@pytest.mark.parametrize(("age", "current"), [(0, True), (264, True), (265, False)])
def test_the_local_authority_renews_what_is_due(age: int, current: bool) -> None:
    root = authority("Test", [HOST], NOW, new_key(), 1)
    own = leaf(root, [HOST], NOW, new_key(), 2)
    assert is_current(own, root, [HOST], NOW + days(age)) is current


@pytest.mark.parametrize(
    ("names", "name", "does"),
    [
        (("a.test",), "a.test", True),
        (("*.test",), "a.test", False),
        (("*.a.test",), "a.test", False),
        (("*.a.test",), "b.a.test", True),
        (("*.test",), "b.a.test", False),
        (("a.test",), "b.a.test", False),
        (("*.",), "test", False),
        ((), "a.test", False),
    ],
)
def test_which_names_hold_for_a_host(names: tuple[str, ...], name: str, does: bool) -> None:
    assert covers(names, name) is does


def test_a_life_of_no_time_is_over() -> None:
    own = certificate(not_before=NOW, not_after=NOW)
    assert own.share_left(NOW) == 0.0
