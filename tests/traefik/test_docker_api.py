"""What Docker Engine 29 takes, as both projects' release notes say."""

from __future__ import annotations

import pytest

from edgegen.traefik.docker_api import is_too_old, negotiates
from edgegen.traefik.version import Version


@pytest.mark.parametrize(
    ("version", "fine"),
    [
        (Version(1, 7, 34), False),
        (Version(2, 11, 30), False),
        (Version(2, 11, 31), True),
        (Version(2, 11), True),
        (Version(2, 10), False),
        (Version(3, 6, 0), False),
        (Version(3, 6, 1), True),
        (Version(3, 5), False),
        (Version(3), True),
    ],
)
def test_a_traefik(version: Version, fine: bool) -> None:
    assert negotiates(version) is fine


@pytest.mark.parametrize(
    ("api", "old"),
    [("1.24", True), ("1.43", True), ("1.44", False), ("1.52", False), ("2.0", False), ("0.9", True)]
    + [(text, False) for text in ("", "1", "1.", ".4", "v1.24", "1.24.1", "1.²", "1.99999")],
)
def test_a_version_of_the_api(api: str, old: bool) -> None:
    assert is_too_old(api) is old
