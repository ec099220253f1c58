"""`errors`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "errors"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "status": "404", "service": "pages", "status_rewrites": {418: 404}},
        {"errors": {"status": ["404"], "service": "pages", "statusRewrites": {"418": 404}}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"status": ["5xx"], "service": "pages"}, "is not a status code or a range"),
        ({"status": ["599-500"], "service": "pages"}, "ends before it begins"),
        ({"status": ["404\n"], "service": "pages"}, "is not a status code"),
        ({"status": [], "service": "pages"}, "the list is empty"),
        ({"status": ["404"], "service": "pages", "query": "x"}, "must start with `/`"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
