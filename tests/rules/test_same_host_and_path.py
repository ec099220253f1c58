"""One host and path is one service's."""

from __future__ import annotations

import pytest

from edgegen.rules import same_host_and_path
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  two: {image: "w:1", port: 80, host: w.example.com}
""",
        "services.two.host",
        "already served by `web`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  two: {image: "w:1", port: 80, host: W.EXAMPLE.com.}
""",
        "services.two.host",
        "already served by `web`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  two: {image: "w:1", port: 80, host: w.example.com, path: /}
""",
        "services.two.host",
        "already served",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, path: /a}
  two: {image: "w:1", port: 80, host: w.example.com, path: /a/}
""",
        "services.two.host",
        "`w.example.com/a`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  two: {image: "w:1", port: 80, host: v.example.com, aliases: [w.example.com]}
""",
        "services.two.aliases[0]",
        "already served by `web`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, aliases: [w.example.com]}
""",
        "services.web.aliases[0]",
        "named twice in `web`",
    ),
    (
        """\
services:
  old: {kind: redirect, host: o.example.com, aliases: [r.example.com], to: "https://x.example.net"}
  hub: {kind: registry, host: r.example.com, users: [ci]}
""",
        "services.hub.host",
        "already served by `old`",
    ),
    (
        """\
edge: {dashboard: {host: w.example.com, users: [a]}}
services:
  web: {image: "w:1", port: 80, host: w.example.com}
""",
        "edge.dashboard.host",
        "already served by `web`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: bücher.example.com}
  two: {image: "w:1", port: 80, host: xn--bcher-kva.example.com}
""",
        "services.two.host",
        "already served by `web`",
    ),
    (  # an alias is redirected whole, whatever the path of its service
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, path: /a, aliases: [x.example.com]}
  two: {image: "w:1", port: 80, host: v.example.com, path: /b, aliases: [x.example.com]}
""",
        "services.two.aliases[0]",
        "`x.example.com` is already served by `web`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, path: /a, aliases: [x.example.com]}
  two: {image: "w:1", port: 80, host: x.example.com}
""",
        "services.two.host",
        "`x.example.com` is already served by `web`",
    ),
]
NEAR_MISSES = [
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, aliases: [x.example.com]}
  two: {image: "w:1", port: 80, host: x.example.com, path: /api}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, aliases: [x.example.com]}
  two: {image: "w:1", port: 80, host: w.example.com, path: /api, aliases: [x.example.com]}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  two: {image: "w:1", port: 80, host: v.example.com}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  two: {image: "w:1", port: 80, host: w.example.com, path: /api}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  db: {image: "w:1"}
  db2: {image: "w:1"}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: w.example.com}
  pg: {kind: tcp, image: "p:1", host: w.example.com, port: 5432, entrypoint: pg, listen: 5432}
""",
    """\
services:
  pg: {kind: tcp, image: "p:1", host: w.example.com, port: 5432, entrypoint: pg, listen: 5432}
  my: {kind: tcp, image: "p:1", host: w.example.com, port: 3306, entrypoint: my, listen: 3306}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(same_host_and_path, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


def test_each_mistake_is_told_once() -> None:
    spec = """\
services:
  web: {image: "w:1", port: 80, hosts: [w.example.com, W.example.com], paths: [/x, /y, /x/]}
"""
    found = said(same_host_and_path, spec)
    assert {(item.path, item.message.split(" ")[0]) for item in found} == {
        ("services.web.paths", "`/x/`"),
        ("services.web.hosts[1]", "`w.example.com`"),
    }
    assert len(found) == 2


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(same_host_and_path, spec) == list[Said]()
