"""`strip-prefix`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "strip-prefix"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "prefixes": "/api"}, {"stripPrefix": {"prefixes": ["/api"]}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"prefixes": ["api"]}, "must start with `/`"),
        ({"prefixes": []}, "the list is empty"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
