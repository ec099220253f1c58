"""A certificate store that others may read."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy(volumes='["./acme:/acme"]'),
        ["5 high `acme/acme.json` has mode 644: Traefik refuses it"],
        files={"acme/acme.json": "{}"},
    ),
    Case(
        proxy(volumes='["./a.json:/acme/acme.json"]'),
        ["5 high `a.json` has mode 640"],
        files={"a.json": ""},
        modes={"a.json": 416},
    ),
    Case(
        proxy(volumes='["./acme:/acme"]'),
        files={"acme/acme.json": "{}"},
        modes={"acme/acme.json": 384},
    ),
    Case(
        proxy(volumes='["./acme:/acme"]'),
        files={"acme/acme.json": "{}"},
        modes={"acme/acme.json": 448},
    ),
    Case(proxy(volumes='["./acme:/acme"]')),
    Case(
        proxy(),
        files={"acme/acme.json": "{}"},
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "0o077", "0o007"), CASES)
    assert differences(with_fault(RULE, "0o077", "0o777"), CASES)
