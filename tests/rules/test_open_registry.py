"""A registry asks for passwords, unless the spec says in so many words that it does not."""

from __future__ import annotations

import pytest

from edgegen.rules import open_registry
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  hub: {kind: registry, host: r.example.com}
""",
        "services.hub",
        "anyone could push",
    ),
    (
        """\
services:
  hub: {kind: registry, host: r.example.com, users: []}
""",
        "services.hub",
        "anyone could push",
    ),
    (
        """\
services:
  m: {kind: registry-cache, host: m.example.com, upstream: "https://up.example.net"}
""",
        "services.m",
        "has no users",
    ),
]
NEAR_MISSES = [
    """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
    """\
services:
  mirror: {kind: registry-cache, host: m.example.com, upstream: "https://up.example.net", users: [ci]}
""",
    """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci], anonymous: pull}
""",
    """\
services:
  hub: {kind: registry, host: r.example.com, anonymous: pull}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(open_registry, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(open_registry, spec) == list[Said]()
