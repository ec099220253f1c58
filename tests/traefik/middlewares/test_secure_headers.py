"""`secure-headers`."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.traefik.middlewares import parse_middleware
from tests.traefik.middlewares.checks import gives, refuses

KIND = "secure-headers"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND},
        {
            "headers": {
                "stsSeconds": 63_072_000,
                "contentTypeNosniff": True,
                "customFrameOptionsValue": "SAMEORIGIN",
                "referrerPolicy": "strict-origin-when-cross-origin",
            }
        },
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"frame": "ALLOW"}, "'DENY' or 'SAMEORIGIN'"),
        ({"hsts_seconds": -1}, "is not a whole number from 0"),
        ({"preload": True}, "include_subdomains"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)


def test_preload_asks_for_subdomains_and_gets_them() -> None:
    found = {"stsSeconds": 1, "stsIncludeSubdomains": True, "stsPreload": True, "contentTypeNosniff": True}
    options = parse_middleware({"kind": KIND, "hsts_seconds": 1, "include_subdomains": True, "preload": True}).options()
    assert found.items() <= options.items()
