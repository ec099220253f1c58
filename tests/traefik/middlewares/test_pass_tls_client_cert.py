"""`pass-tls-client-cert`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "pass-tls-client-cert"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "pem": True, "info": {"not_after": True, "issuer": {"common_name": True}}},
        {"passTLSClientCert": {"pem": True, "info": {"notAfter": True, "issuer": {"commonName": True}}}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"info": {"issuer": {"organizational_unit": True}}}, "Extra inputs"),
        ({"pem": 1}, "neither true nor false"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
