"""A registry behind Cloudflare's proxy is refused, wherever the proxy was switched on."""

from __future__ import annotations

import pytest

from edgegen.rules import registry_behind_proxy
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
domains: {example.com: {proxied: true}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
        "services.hub.host",
        "cuts uploads over 100 MB",
    ),
    (
        """\
domains: {example.com: {proxied: true}}
services:
  mirror: {kind: registry-cache, host: m.example.com, upstream: "https://up.example.net", users: [ci]}
""",
        "services.mirror.host",
        "cuts uploads over 100 MB",
    ),
    (
        """\
domains: {example.com: {hosts: {r.example.com: {proxied: true}}}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
        "services.hub.host",
        "`r.example.com`",
    ),
    (
        """\
domains: {example.com: {proxied: false}, r.example.com: {proxied: true}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
        "services.hub.host",
        "`r.example.com`",
    ),
    (
        """\
domains: {EXAMPLE.com.: {proxied: true}}
services:
  hub: {kind: registry, host: R.Example.com, users: [ci]}
""",
        "services.hub.host",
        "`r.example.com`",
    ),
]
NEAR_MISSES = [
    """\
domains: {example.com: {proxied: true, hosts: {r.example.com: {proxied: false}}}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
    """\
domains: {example.com: {proxied: true, hosts: {R.EXAMPLE.com: {proxied: false}}}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
    """\
domains: {example.com: {proxied: true}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
    """\
domains: {example.com: {}, example.org: {proxied: true}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
    """\
domains: {example.com: {}, ample.com: {proxied: true}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
    """\
domains: {example.com: {proxied: true}, r.example.com: {proxied: false}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(registry_behind_proxy, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(registry_behind_proxy, spec) == list[Said]()
