"""A dashboard whose rule forgets the API."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.dashboard_table import dashboard

RULE = module(__name__)
CASES = (
    Case(
        dashboard("Host(`t.example.com`) && PathPrefix(`/dashboard`)"),
        ["8 medium the rule of `d` matches `/dashboard` and not `/api`"],
    ),
    Case(
        dashboard("PathPrefix(`/dashboard`)"),
        ["8 medium the rule of `d`"],
    ),
    Case(dashboard("Host(`t.example.com`)")),
    Case(dashboard("Host(`t.example.com`) && (PathPrefix(`/api`) || PathPrefix(`/dashboard`))")),
    Case(dashboard("PathPrefix(`/api`)")),
    Case(
        dashboard(
            "PathPrefix(`/dashboard`)",
            "traefik.http.routers.e.rule=PathPrefix(`/api`)",
            "traefik.http.routers.e.service=api@internal",
        )
    ),
    Case(dashboard("PathPrefix(`/dashboard`)", service="web")),
    Case(dashboard("Host(`${H}`) && PathPrefix(`/dashboard`)")),
    Case(dashboard("PathPrefix(`/dashboard`")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '_serves(rule, "/dashboard/")', '_serves(rule, "/api/")'), CASES)
    assert differences(with_fault(RULE, '"/api/overview"', '"/x"'), CASES)
