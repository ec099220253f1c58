"""`grpc-web`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "grpc-web"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "allow_origins": ["*"]}, {"grpcWeb": {"allowOrigins": ["*"]}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"allow_origins": []}, "the list is empty"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
