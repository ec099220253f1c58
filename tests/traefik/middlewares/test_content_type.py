"""`content-type`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "content-type"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND}, {"contentType": {}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"auto_detect": True}, "Extra inputs"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
