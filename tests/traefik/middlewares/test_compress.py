"""`compress`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "compress"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "encodings": ["br", "gzip"], "min_response_body_bytes": 0},
        {"compress": {"encodings": ["br", "gzip"], "minResponseBodyBytes": 0}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"encodings": ["deflate"]}, "'gzip', 'br' or 'zstd'"),
        ({"excluded_content_types": ["a/b"], "included_content_types": ["c/d"]}, "exclude each other"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
