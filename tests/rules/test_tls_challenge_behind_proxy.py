"""TLS-ALPN can't pass a proxy that ends TLS."""

from __future__ import annotations

import pytest

from edgegen.rules import tls_challenge_behind_proxy
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
acme: {challenge: tls}
domains: {example.com: {proxied: true}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
        "acme.challenge",
        "`w.example.com` of web",
    ),
    (
        """\
acme: {challenge: tls}
domains: {example.com: {hosts: {b.example.com: {proxied: true}}}}
services:
  web: {image: "w:1", port: 80, host: w.example.com, aliases: [b.example.com]}
""",
        "acme.challenge",
        "`b.example.com`",
    ),
    (
        """\
acme: {challenge: tls}
domains: {example.com: {proxied: true}}
services:
  old: {kind: redirect, host: o.example.com, to: "https://w.example.net"}
""",
        "acme.challenge",
        "`o.example.com`",
    ),
    (
        """\
acme: {challenge: tls}
domains: {example.com: {proxied: true}}
edge: {dashboard: {host: t.example.com, users: [a]}}
""",
        "acme.challenge",
        "`t.example.com`",
    ),
]
NEAR_MISSES = [
    """\
acme: {challenge: http}
domains: {example.com: {proxied: true}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
    """\
acme: {challenge: dns}
domains: {example.com: {proxied: true}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
    """\
acme: {challenge: tls}
domains: {example.com: {proxied: false}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
    """\
acme: {challenge: tls}
domains: {example.com: {}, example.org: {proxied: true}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
    """\
acme: {challenge: tls}
domains: {example.com: {proxied: true}}
services:
  db: {image: "d:1"}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(tls_challenge_behind_proxy, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(tls_challenge_behind_proxy, spec) == list[Said]()
