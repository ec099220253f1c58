"""Words that differ by one letter, and words that don't."""

from __future__ import annotations

import pytest

from edgegen.lint.corrections import is_slip, is_slip_of_label


@pytest.mark.parametrize(
    "word", ["certresolvers", "certresolve", "certresolvr", "certreslover", "xertresolver", "certresolvet"]
)
def test_one_letter(word: str) -> None:
    assert is_slip(word, "certresolver")


@pytest.mark.parametrize("word", ["certresolver", "certresolverss", "certresovlre", "resolver", ""])
def test_more_than_one_letter(word: str) -> None:
    assert not is_slip(word, "certresolver")


def test_short_words_are_never_certain() -> None:
    assert not is_slip("rul", "rule")
    assert not is_slip("port", "post")


def test_labels_differ_in_one_word() -> None:
    meant = "traefik.http.routers.a.tls.certresolver"
    assert is_slip_of_label("traefik.http.routers.a.tls.certresolvers", meant)
    assert is_slip_of_label("traefik.http.router.a.tls.certresolver", meant)
    assert not is_slip_of_label("traefik.http.router.a.tls.certresolvers", meant)
    assert not is_slip_of_label("traefik.http.routers.a.certresolver", meant)
    assert not is_slip_of_label(meant, meant)
