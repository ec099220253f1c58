"""`redirect-regex`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.traefik.middlewares.checks import gives, refuses

KIND = "redirect-regex"


def test_gives_traefiks_options() -> None:
    gives(
        {"kind": KIND, "regex": "^http://(.*)$", "replacement": "https://$1"},
        {"redirectRegex": {"regex": "^http://(.*)$", "replacement": "https://$1"}},
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"regex": "(", "replacement": "x"}, "is not a regular expression"),
        ({"regex": r"(a)\1", "replacement": "x"}, "back-references"),
        ({"regex": "a(?!b)", "replacement": "x"}, "look-around"),
        ({"regex": "(?<=a)b", "replacement": "x"}, "look-around"),
        ({"regex": "(?>a)", "replacement": "x"}, "atomic groups"),
        ({"regex": "a++", "replacement": "x"}, "repeated repetitions"),
        ({"regex": "(?P=name)", "replacement": "x"}, "back-references"),
        ({"regex": "a{1001}", "replacement": "x"}, "repeats more than 1000 times"),
        ({"regex": "a", "replacement": ""}, "the text is empty"),
    ],
)
def test_refuses(options: dict[str, Any], sentence: str) -> None:
    refuses({"kind": KIND, **options}, sentence)
