"""`ip-allow-list`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "ip-allow-list"


def test_gives_traefiks_options() -> None:
    gives(
        {
            "kind": KIND,
            "source_range": "198.51.100.0/24",
            "ip_strategy": {"excluded_ips": ["192.0.2.1"], "ipv6_subnet": 64},
        },
        {
            "ipAllowList": {
                "sourceRange": ["198.51.100.0/24"],
                "ipStrategy": {"excludedIPs": ["192.0.2.1"], "ipv6Subnet": 64},
            }
        },
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"source_range": ["198.51.100.0/33"]}, "is not an address or a range"),
        ({"source_range": ["10.0.0.0/255.0.0.0"]}, "is not an address or a range"),
        ({"source_range": ["example.com"]}, "is not an address or a range"),
        ({"source_range": [3325256704]}, "put it in quotes"),
        ({"source_range": []}, "the list is empty"),
        ({"source_range": ["192.0.2.1"], "ip_strategy": {"ipv6_subnet": 0}}, "greater than or equal to 1"),
        ({"source_range": ["192.0.2.1"], "reject_status_code": 600}, "is not a status code"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
