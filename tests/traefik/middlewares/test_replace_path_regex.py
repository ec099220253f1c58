"""`replace-path-regex`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "replace-path-regex"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "regex": "^/a/(.*)", "replacement": "/$1"},
        {"replacePathRegex": {"regex": "^/a/(.*)", "replacement": "/$1"}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"regex": "[", "replacement": "/"}, "is not a regular expression"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
