"""What says nothing is refused: Traefik would drop the whole container, or leave every dynamic file unread."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.traefik.middlewares import parse_middleware
from tests.traefik.middlewares.checks import refuses

ADDRESS = {"kind": "forward-auth", "address": "http://auth:9000"}

NOTHING: list[tuple[dict[str, Any], str]] = [
    ({"kind": "buffering"}, "no option is set"),
    ({"kind": "encoded-characters"}, "no option is set"),
    ({"kind": "pass-tls-client-cert"}, "no option is set"),
    ({"kind": "pass-tls-client-cert", "info": {}}, "no option is set"),
    ({"kind": "pass-tls-client-cert", "info": {"subject": {}}}, "no option is set"),
    ({"kind": "rate-limit", "average": 1, "source_criterion": {}}, "no option is set"),
    ({"kind": "rate-limit", "average": 1, "source_criterion": {"ip_strategy": {}}}, "no option is set"),
    ({**ADDRESS, "tls": {}}, "no option is set"),
    ({"kind": "headers", "custom_response_headers": {}}, "is empty"),
    ({"kind": "headers", "frame_deny": True, "allowed_hosts": []}, "is empty"),
    ({"kind": "basic-auth", "users": []}, "is empty"),
    (
        {"kind": "ip-allow-list", "source_range": ["192.0.2.1"], "reject_status_code": 493},
        "not a registered status code",
    ),
    ({"kind": "retry", "attempts": 2, "disable_retry_on_network_error": True}, "add a `status`"),
    ({"kind": "compress", "encodings": ["gzip"], "default_encoding": "br"}, "is not among `encodings`"),
]
ENOUGH: list[dict[str, Any]] = [
    {"kind": "compress"},
    {"kind": "content-type"},
    {"kind": "secure-headers"},
    {"kind": "buffering", "max_request_body_bytes": 0},
    {"kind": "encoded-characters", "allow_encoded_slash": False},
    {"kind": "pass-tls-client-cert", "info": {"subject": {"country": True}}},
    {"kind": "rate-limit", "average": 1, "source_criterion": {"ip_strategy": {"depth": 0}}},
    {**ADDRESS, "tls": {"insecure_skip_verify": True}},
    {"kind": "ip-allow-list", "source_range": ["192.0.2.1"], "reject_status_code": 404},
    {"kind": "retry", "attempts": 2, "disable_retry_on_network_error": True, "status": ["502"]},
    {"kind": "compress", "encodings": ["gzip", "br"], "default_encoding": "br"},
    {"kind": "compress", "default_encoding": "br"},
]


@pytest.mark.parametrize(("data", "sentence"), NOTHING)
def test_what_says_nothing_is_refused(data: dict[str, Any], sentence: str) -> None:
    refuses(data, sentence)


@pytest.mark.parametrize("data", ENOUGH)
def test_what_says_enough_is_not(data: dict[str, Any]) -> None:
    assert parse_middleware(data).kind == data["kind"]
