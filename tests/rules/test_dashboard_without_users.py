"""The dashboard asks who is there."""

from __future__ import annotations

import pytest

from edgegen.rules import dashboard_without_users
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
edge: {dashboard: {host: t.example.com}}
""",
        "edge.dashboard",
        "anyone could read",
    ),
    (
        """\
edge: {dashboard: {host: t.example.com, users: []}}
""",
        "edge.dashboard",
        "anyone could read",
    ),
]
NEAR_MISSES = [
    """\
edge: {dashboard: {host: t.example.com, users: [admin]}}
""",
    "",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(dashboard_without_users, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(dashboard_without_users, spec) == list[Said]()
