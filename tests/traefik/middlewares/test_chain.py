"""`chain`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "chain"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "middlewares": "office"}, {"chain": {"middlewares": ["office"]}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"middlewares": []}, "the list is empty"),
        ({"middlewares": [""]}, "the text is empty"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
