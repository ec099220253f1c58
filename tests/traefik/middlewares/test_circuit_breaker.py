"""`circuit-breaker`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "circuit-breaker"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "expression": "NetworkErrorRatio() > 0.3", "check_period": 10, "response_code": 503},
        {"circuitBreaker": {"expression": "NetworkErrorRatio() > 0.3", "checkPeriod": "10s", "responseCode": 503}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"expression": ""}, "is none of NetworkErrorRatio()"),
        ({"expression": "NetworkErrorRatio( > 0.3"}, "`)` is missing"),
        ({"expression": "NetworkErrorRatio() > 0.3)"}, "`)` is not expected"),
        ({"expression": "NetworkErrorRatio() > 1"}, "needs a number with a point"),
        ({"expression": "LatencyAtQuantileMS(50) > 100"}, "needs a number with a point"),
        ({"expression": "LatencyAtQuantileMS(50.0)"}, "is compared to a number"),
        ({"expression": "ResponseCodeRatio(500, 600) > 0.5"}, "`,` is missing"),
        ({"expression": "NetworkErrorRatio() > 0.3 ; x"}, "`; x` is not expected"),
        ({"expression": "(" * 10_000}, "nested too deeply"),
        ({"expression": "NetworkErrorRatio() > 0.3", "check_period": "10 s"}, "is not a duration"),
        ({"expression": "NetworkErrorRatio() > 0.3", "response_code": 99}, "is not a status code"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
