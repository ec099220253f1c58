"""`retry`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "retry"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "attempts": 3, "status": [502, "503-504"], "max_request_body_bytes": -1},
        {"retry": {"attempts": 3, "status": ["502", "503-504"], "maxRequestBodyBytes": -1}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"attempts": 0}, "must be at least 1. Remove the middleware to disable it"),
        ({"attempts": 1, "initial_interval": "fast"}, "is not a duration"),
        ({"attempts": 1, "status": ["600"]}, "is not a status code"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
