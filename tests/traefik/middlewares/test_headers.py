"""`headers`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "headers"


def test_gives_traefiks_options() -> None:
    gives(
        {
            "kind": KIND,
            "custom_response_headers": {"Server": ""},
            "force_sts_header": True,
            "browser_xss_filter": True,
            "custom_browser_xss_value": "0",
        },
        {
            "headers": {
                "customResponseHeaders": {"Server": ""},
                "forceSTSHeader": True,
                "browserXssFilter": True,
                "customBrowserXSSValue": "0",
            }
        },
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "no header is named"),
        ({"custom_request_headers": {"X A": "b"}}, "is not the name of a header"),
        ({"custom_request_headers": {"X-A": "b\r\nX-B: c"}}, "line breaks"),
        ({"custom_request_headers": {"X-A\n": "b"}}, "is not the name of a header"),
        ({"custom_request_headers": {"X-A": True}}, "put it in quotes"),
        ({"sts_seconds": -1}, "is not a whole number from 0"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
