"""`rate-limit`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "rate-limit"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "average": 100, "period": 60, "redis": {"endpoints": "redis:6379", "dial_timeout": "1s"}},
        {"rateLimit": {"average": 100, "period": "60s", "redis": {"endpoints": ["redis:6379"], "dialTimeout": "1s"}}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"average": 0}, "must be at least 1. Remove the middleware to disable it"),
        ({"average": "100"}, "is not a whole number"),
        ({"average": 2**63}, "larger than Traefik can count"),
        ({"average": 1, "redis": {"endpoints": ["redis"]}}, "is not a server like redis:6379"),
        ({"average": 1, "redis": {"endpoints": ["redis:70000"]}}, "is not a port"),
        ({"average": 1, "redis": {"endpoints": []}}, "the list is empty"),
        ({"average": 1, "period": -1}, "put it in quotes"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
