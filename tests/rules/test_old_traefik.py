"""A Traefik that Docker Engine 29 refuses is refused here."""

from __future__ import annotations

import pytest

from edgegen.rules import old_traefik
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
edge: {image: "traefik:v3.1"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
    (
        """\
edge: {image: "traefik:3.6.0"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
    (
        """\
edge: {image: "traefik:v2.11"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
    (
        """\
edge: {image: "traefik:2"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
    (
        """\
edge: {image: "ghcr.io/acme/traefik:v3.5.4"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
    (
        """\
edge: {image: "traefik:v3.5-alpine"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
    (
        """\
edge: {image: "traefik:v3.1@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
""",
        "edge.image",
        "can't talk to Docker Engine 29",
    ),
]
NEAR_MISSES = [
    """\
edge: {image: "traefik:v3.7"}
""",
    """\
edge: {image: "traefik:v3.6.1"}
""",
    """\
edge: {image: "traefik:v3.6"}
""",
    """\
edge: {image: "traefik:v3"}
""",
    """\
edge: {image: "traefik:3.7.15"}
""",
    """\
edge: {image: "traefik:v4.0"}
""",
    """\
edge: {image: "my.example.com:5000/traefik:v3.7"}
""",
    """\
edge: {image: "traefik@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
""",
    """\
edge: {image: "traefik:edge"}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(old_traefik, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(old_traefik, spec) == list[Said]()
