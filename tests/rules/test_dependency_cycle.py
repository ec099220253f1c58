"""Nothing waits for itself."""

from __future__ import annotations

import pytest

from edgegen.rules import dependency_cycle
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  a: {image: "w:1", depends_on: [a]}
""",
        "services.a.depends_on",
        "a -> a",
    ),
    (
        """\
services:
  a: {image: "w:1", depends_on: [b]}
  b: {image: "w:1", depends_on: [a]}
""",
        "services.a.depends_on",
        "a -> b -> a",
    ),
    (
        """\
services:
  x: {image: "w:1", depends_on: [a]}
  a: {image: "w:1", depends_on: [b]}
  b: {image: "w:1", depends_on: {c: {condition: service_started}}}
  c: {image: "w:1", depends_on: [a]}
""",
        "services.a.depends_on",
        "a -> b -> c -> a",
    ),
]
NEAR_MISSES = [
    """\
services:
  a: {image: "w:1", depends_on: [b]}
  b: {image: "w:1"}
""",
    """\
services:
  a: {image: "w:1", depends_on: [b, c]}
  b: {image: "w:1", depends_on: [d]}
  c: {image: "w:1", depends_on: [d]}
  d: {image: "w:1"}
""",
    """\
services:
  a: {image: "w:1", depends_on: [hub]}
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(dependency_cycle, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(dependency_cycle, spec) == list[Said]()
