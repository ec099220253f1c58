"""`in-flight-req`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "in-flight-req"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "amount": 10}, {"inFlightReq": {"amount": 10}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"amount": 0}, "must be at least 1. Remove the middleware to disable it"),
        ({"amount": True}, "is not a whole number"),
        (
            {"amount": 1, "source_criterion": {"request_host": True, "request_header_name": "X-A"}},
            "a source has one of",
        ),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
