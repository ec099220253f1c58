"""`redirect-scheme`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "redirect-scheme"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "scheme": "https", "port": 8443, "permanent": True},
        {"redirectScheme": {"scheme": "https", "port": "8443", "permanent": True}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"scheme": "ftp"}, "'http' or 'https'"),
        ({"scheme": "https", "port": "99999"}, "is not a port"),
        ({"scheme": "https", "port": "0"}, "is not a port"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
