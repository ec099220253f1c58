"""An image that changes under its name is worth a remark, and no more."""

from __future__ import annotations

import pytest

from edgegen.rules import unpinned_image
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  web: {image: nginx}
""",
        "services.web.image",
        "not pinned",
    ),
    (
        """\
services:
  web: {image: "nginx:latest"}
""",
        "services.web.image",
        "not pinned",
    ),
    (
        """\
services:
  web: {image: "my.example.com:5000/nginx"}
""",
        "services.web.image",
        "not pinned",
    ),
    (
        """\
services:
  hub: {kind: registry, host: r.example.com, users: [ci], image: registry}
""",
        "services.hub.image",
        "not pinned",
    ),
    (
        """\
edge: {image: traefik}
""",
        "edge.image",
        "not pinned",
    ),
    (
        """\
edge: {socket_proxy_image: "p:latest"}
""",
        "edge.socket_proxy_image",
        "not pinned",
    ),
]
NEAR_MISSES = [
    """\
services:
  web: {image: "nginx:1.27"}
""",
    """\
services:
  web: {image: "nginx@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
""",
    """\
services:
  web: {build: .}
""",
    """\
services:
  web: {image: "nginx:latest@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}
""",
    "",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(unpinned_image, spec)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(unpinned_image, spec) == list[Said]()
