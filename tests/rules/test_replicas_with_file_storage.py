"""One Traefik writes acme.json."""

from __future__ import annotations

import pytest

from edgegen.rules import replicas_with_file_storage
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
edge: {replicas: 2}
""",
        "edge.replicas",
        "2 Traefiks",
    ),
    (
        """\
edge: {replicas: 9}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
        "edge.replicas",
        "9 Traefiks",
    ),
]
NEAR_MISSES = [
    """\
edge: {replicas: 1}
""",
    "",
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, deploy: {replicas: 3}}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(replicas_with_file_storage, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(replicas_with_file_storage, spec) == list[Said]()
