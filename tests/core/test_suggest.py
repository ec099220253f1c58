from __future__ import annotations

import pytest

from edgegen.core.suggest import suggest

WORDS = ["registry", "registry-cache", "container", "redirect", "certresolver", "depends_on", "image"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("registy", "registry"),
        ("certresolvers", "certresolver"),
        ("depends-on", "depends_on"),
        ("IMAGE", "image"),
        ("registry_cache", "registry-cache"),
        ("imgae", "image"),
        ("zzz", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_the_word_that_was_meant(word: str, expected: str | None) -> None:
    assert suggest(word, WORDS) == expected


def test_the_order_of_the_candidates_does_not_matter() -> None:
    assert suggest("ab", ["abd", "abc"]) == suggest("ab", ["abc", "abd"]) == "abc" or suggest("ab", []) is None
