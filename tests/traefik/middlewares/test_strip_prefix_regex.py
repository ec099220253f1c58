"""`strip-prefix-regex`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "strip-prefix-regex"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "regex": ["/[a-z]+"]}, {"stripPrefixRegex": {"regex": ["/[a-z]+"]}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"regex": ["(?<!x)"]}, "look-around"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
