"""`forward-auth`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "forward-auth"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "address": "http://auth:9000"},
        {"forwardAuth": {"address": "http://auth:9000", "trustForwardHeader": False, "maxResponseBodySize": 1_048_576}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"address": "auth:9000"}, "is not a URL"),
        ({"address": "http://a b/"}, "is not a URL"),
        ({"address": "http://[::1/verify"}, "the host or the port of this URL is wrong"),
        ({"address": "http://auth:99999/verify"}, "ports go from 1 to 65535"),
        ({"address": "http://auth:0"}, "ports go from 1 to 65535"),
        ({"address": "http://auth:90x"}, "ports go from 1 to 65535"),
        ({"address": "http://"}, "the host or the port of this URL is wrong"),
        ({"address": "http://auth", "auth_response_headers": ["X User"]}, "is not the name of a header"),
        ({"address": "http://auth", "max_body_size": -2}, "is not a number of bytes"),
        ({"address": "http://auth", "auth_response_headers_regex": "(?=x)"}, "look-around"),
        ({"address": "http://auth", "tls": {"cert": "c.pem"}}, "belong together"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
