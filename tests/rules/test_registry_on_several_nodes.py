"""Several registries share S3, or are one."""

from __future__ import annotations

import pytest

from edgegen.rules import registry_on_several_nodes
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci], replicas: 2}
""",
        "services.hub.replicas",
        "2 registries",
    ),
    (
        """\
volumes: {blobs: {external: true}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci], replicas: 3, storage: {volume: blobs}}
""",
        "services.hub.replicas",
        "3 registries",
    ),
]
NEAR_MISSES = [
    """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
    """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci], replicas: 3, storage: {s3: {bucket: b, region: r}}}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(registry_on_several_nodes, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(registry_on_several_nodes, spec) == list[Said]()
