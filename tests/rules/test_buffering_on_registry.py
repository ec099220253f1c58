"""Buffering is found in place, by name, and inside chains."""

from __future__ import annotations

import pytest

from edgegen.rules import buffering_on_registry
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci], middlewares: [{kind: buffering, max_request_body_bytes: 5}]}
""",
        "services.hub.middlewares[0]",
        "stores whole layers",
    ),
    (
        """\
middlewares: {b: {kind: buffering, max_request_body_bytes: 5}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci], middlewares: [secure-headers, b]}
""",
        "services.hub.middlewares[1]",
        "stores whole layers",
    ),
    (
        """\
middlewares:
  b: {kind: buffering, max_request_body_bytes: 5}
  c: {kind: chain, middlewares: [b]}
  d: {kind: chain, middlewares: [secure-headers, c]}
services:
  hub: {kind: registry, host: r.example.com, users: [ci], middlewares: [d]}
""",
        "services.hub.middlewares[0]",
        "stores whole layers",
    ),
    (
        """\
middlewares: {b: {kind: buffering, max_request_body_bytes: 5}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci], middlewares: [{kind: chain, middlewares: [b]}]}
""",
        "services.hub.middlewares[0]",
        "stores whole layers",
    ),
    (
        """\
middlewares: {b: {kind: buffering, max_request_body_bytes: 5}}
services:
  mirror: {kind: registry-cache, host: m.example.com, upstream: "https://up.example.net", users: [ci], middlewares: [b]}
""",
        "services.mirror.middlewares[0]",
        "stores whole layers",
    ),
]
NEAR_MISSES = [
    """\
middlewares: {b: {kind: buffering, max_request_body_bytes: 5}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
  web: {image: "w:1", port: 80, host: w.example.com, middlewares: [b]}
""",
    """\
middlewares: {buffering: {kind: compress}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci], middlewares: [buffering]}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(buffering_on_registry, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(buffering_on_registry, spec) == list[Said]()
