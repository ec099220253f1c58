"""`add-prefix`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "add-prefix"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "prefix": "/api"}, {"addPrefix": {"prefix": "/api"}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"prefix": "api"}, "must start with `/`"),
        ({}, "Field required"),
        ({"prefix": "/a", "prefx": "/b"}, "Extra inputs"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
