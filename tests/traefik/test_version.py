"""Which Traefik an image is, and what it has."""

from __future__ import annotations

import pytest

from edgegen.traefik.version import NEWEST, Version, is_at_least, version_of

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("traefik:v3.7.15", Version(3, 7, 15)),
        ("traefik:3.6.2", Version(3, 6, 2)),
        ("traefik:v3.7", Version(3, 7, NEWEST)),
        ("traefik:3.6", Version(3, 6, NEWEST)),
        ("traefik:v3", Version(3, NEWEST, NEWEST)),
        ("traefik:v3.6.2-alpine", Version(3, 6, 2)),
        ("traefik:v3.7.0-rc.1", Version(3, 7, 0)),
        ("docker.io/library/traefik:v3.6.2", Version(3, 6, 2)),
        ("my.example.com:5000/mirror/traefik:v3.6.2", Version(3, 6, 2)),
        ("rancher/mirrored-library-traefik:3.6.2", Version(3, 6, 2)),
        (f"traefik:v3.6.2@{DIGEST}", Version(3, 6, 2)),
        (f"traefik@{DIGEST}", None),
        ("traefik", None),
        ("traefik:latest", None),
        ("traefik:edge", None),
        ("my.example.com:5000/traefik", None),
        ("traefik:1", Version(1, NEWEST, NEWEST)),
        ("docker.io/library/traefik:v1.6.2", Version(1, 6, 2)),
        ("my.example.com:5000/mirror/traefik:1.7.34", Version(1, 7, 34)),
        ("ghcr.io/acme/traefik:1", None),
        ("ghcr.io/acme/traefik:1.2.3", None),
        ("ghcr.io/acme/traefik:0.9", None),
        ("acme/front-door:1.2.3", None),
        ("acme/mytraefik:1.2.3", None),
        ("traefik:3.6.2.1", None),
        ("traefik:v3.6beta", None),
        ("", None),
    ],
)
def test_the_version_of_an_image(image: str, version: Version | None) -> None:
    assert version_of(image) == version


QUERIES = (Version(3, 6, 19), Version(3, 7, 3))


@pytest.mark.parametrize(
    ("image", "has"),
    [
        ("traefik:3.6.1", False),
        ("traefik:3.6.18", False),
        ("traefik:3.6.19", True),
        ("traefik:3.6.20", True),
        ("traefik:3.6", True),
        ("traefik:3.7.0", False),
        ("traefik:3.7.2", False),
        ("traefik:3.7.3", True),
        ("traefik:3.7", True),
        ("traefik:3.8.0", True),
        ("traefik:3", True),
        ("traefik:4.0.0", True),
        ("traefik:latest", True),
    ],
)
def test_what_came_to_two_lines(image: str, has: bool) -> None:
    assert is_at_least(version_of(image), *QUERIES) is has
    assert is_at_least(version_of(image), *reversed(QUERIES)) is has


def test_versions_are_written_as_tags_are() -> None:
    assert [str(version) for version in (Version(3), Version(3, 6), Version(3, 6, 0))] == ["3", "3.6", "3.6.0"]
