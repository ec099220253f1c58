"""Wildcards need DNS-01."""

from __future__ import annotations

import pytest

from edgegen.rules import wildcard_without_dns_challenge
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  web: {image: "w:1", port: 80, host: "*.example.com"}
""",
        "services.web.host",
        "only issued by the DNS challenge",
    ),
    (
        """\
acme: {challenge: tls}
services:
  web: {image: "w:1", port: 80, host: "*.example.com"}
""",
        "services.web.host",
        "`*.example.com`",
    ),
    (
        """\
services:
  nas: {kind: external, host: n.example.com, url: "http://192.0.2.1"}
  web: {image: "w:1", port: 80, host: "*.a.example.com"}
""",
        "services.web.host",
        "`*.a.example.com`",
    ),
]
NEAR_MISSES = [
    """\
acme: {challenge: dns}
services:
  web: {image: "w:1", port: 80, host: "*.example.com"}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: star.example.com}
""",
    """\
domains: {example.com: {hosts: {"*.example.com": {ttl: 60}}}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(wildcard_without_dns_challenge, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(wildcard_without_dns_challenge, spec) == list[Said]()
