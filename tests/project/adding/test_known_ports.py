"""The ports of well-known images, in all spellings of their names."""

from __future__ import annotations

import pytest

from edgegen.core.names import ImageRef
from edgegen.project.adding.known_ports import PORTS, known_port


@pytest.mark.parametrize(
    ("image", "port"),
    [
        ("nginx:1.27", 80),
        ("docker.io/library/nginx:1.27-alpine", 80),
        ("library/ghost:5", 2368),
        (f"docker.io/grafana/grafana@sha256:{'a' * 64}", 3000),
        (f"grafana/grafana:11.2.0@sha256:{'a' * 64}", 3000),
        ("wordpress:6.8-php8.3-fpm", None),
        ("nextcloud:30-fpm-alpine", None),
        ("example.com:5000/nginx:1.27", None),
        ("ghcr.io/acme/nginx:1", None),
    ],
)
def test_ports(image: str, port: int | None) -> None:
    assert known_port(ImageRef.parse(image)) == port


def test_the_names_are_images() -> None:
    for name, port in PORTS.items():
        assert ImageRef.parse(f"{name}:1") == f"{name}:1"
        assert 1 <= port <= 65535
