"""`buffering`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "buffering"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "max_request_body_bytes": 0, "retry_expression": "Attempts() < 2"},
        {"buffering": {"maxRequestBodyBytes": 0, "retryExpression": "Attempts() < 2"}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_request_body_bytes": -1}, "is not a whole number from 0"),
        ({"mem_request_body_bytes": 2**63}, "is not a whole number from 0"),
        ({"retry_expression": "Attempt() < 2"}, "is none of IsNetworkError(), Attempts(), ResponseCode()"),
        ({"retry_expression": "Attempts() < 2.5"}, "needs a whole number"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
