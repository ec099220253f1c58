"""One port and one name is one entrypoint's."""

from __future__ import annotations

import pytest

from edgegen.rules import entrypoint_conflict
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: pg, listen: 5432}
  b: {kind: tcp, image: "p:1", host: b.example.com, port: 1, entrypoint: pg, listen: 5433}
""",
        "services.b.entrypoint",
        "already listens on 5432",
    ),
    (
        """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: pg, listen: 5432}
  b: {kind: tcp, image: "p:1", host: b.example.com, port: 1, entrypoint: my, listen: 5432}
""",
        "services.b.listen",
        "already taken by the entrypoint `pg`",
    ),
    (
        """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: websecure, listen: 443}
""",
        "services.a.entrypoint",
        "`websecure`",
    ),
    (
        """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: x, listen: 443}
""",
        "services.a.listen",
        "443",
    ),
    (
        """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: x, listen: 8080}
""",
        "services.a.listen",
        "`traefik`",
    ),
    (
        """\
edge: {ports: {web: 443}}
""",
        "edge.ports",
        "443",
    ),
    (
        """\
edge: {ports: {web: 5432}}
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: x, listen: 5432}
""",
        "services.a.listen",
        "`web`",
    ),
    (
        """\
services:
  web: {image: "w:1", port: 80, host: w.example.com, ports: ["9000:80", "80:80"]}
""",
        "services.web.ports[1]",
        "port 80 of the host",
    ),
    (
        """\
edge: {bind: 192.0.2.1, http3: true}
services:
  web: {image: "w:1", ports: ["0.0.0.0:443:80/udp"]}
""",
        "services.web.ports[0]",
        "port 443 of the host",
    ),
    (
        """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: pg, listen: 5432}
  b: {image: "p:1", ports: ["[::1]:5432:5432"]}
""",
        "services.b.ports[0]",
        "port 5432 of the host",
    ),
]
NEAR_MISSES = [
    """\
edge: {bind: 192.0.2.1}
services:
  web: {image: "w:1", ports: [80, "127.0.0.1:80:80", "443:443/udp", "8080:80", "80-90:80"]}
""",
    """\
edge: {bind: "::1"}
services:
  web: {image: "w:1", ports: ["[::2]:80:80", "127.0.0.1:443:80"]}
""",
    """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: pg, listen: 5432}
  b: {kind: tcp, image: "p:1", host: b.example.com, port: 1, entrypoint: pg, listen: 5432}
""",
    """\
services:
  a: {kind: tcp, image: "p:1", host: a.example.com, port: 1, entrypoint: pg, listen: 5432}
  b: {kind: tcp, image: "p:1", host: b.example.com, port: 1, entrypoint: my, listen: 3306}
""",
    """\
edge: {ports: {web: 8000, websecure: 8443}}
""",
    """\
services:
  web: {image: "w:1", port: 8080, host: w.example.com}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(entrypoint_conflict, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(entrypoint_conflict, spec) == list[Said]()
