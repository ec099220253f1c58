"""`encoded-characters`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "encoded-characters"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "allow_encoded_slash": True, "allow_encoded_hash": False},
        {"encodedCharacters": {"allowEncodedSlash": True, "allowEncodedHash": False}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"allow_encoded_slash": "yes"}, "neither true nor false"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
