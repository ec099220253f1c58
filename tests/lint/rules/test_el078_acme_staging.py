"""Certificates that no browser trusts."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy("caserver=https://acme-staging-v02.api.letsencrypt.org/directory", "tlschallenge=true"),
        ["10 info `le` orders from a staging authority"],
    ),
    Case(proxy()),
    Case(proxy("caserver=https://acme-v02.api.letsencrypt.org/directory", "tlschallenge=true")),
    Case(proxy("caserver=${CA}", "tlschallenge=true")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '"staging" in', '"v02" in'), CASES)
