"""`replace-path`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "replace-path"


def test_gives_traefiks_options() -> None:
    gives({"kind": KIND, "path": "/a"}, {"replacePath": {"path": "/a"}})


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"path": "a"}, "must start with `/`"),
        ({"path": "/a\nb"}, "line breaks"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
