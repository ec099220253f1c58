"""Which addresses and hosts are those of an example."""

from __future__ import annotations

import pytest

from edgegen.certificates.example_address import is_of_examples, is_real


@pytest.mark.parametrize("email", ["ops@example.com", "a@Example.ORG", "you@example.net"])
def test_of_examples(email: str) -> None:
    assert is_of_examples(email)


@pytest.mark.parametrize(
    "email", ["ops@commenthouse.com", "a@mail.example.com", "a@example.com.de", "", "example.com@x.de"]
)
def test_not_of_examples(email: str) -> None:
    assert not is_of_examples(email)


@pytest.mark.parametrize("host", ["www.commenthouse.com", "*.commenthouse.com", "example.com.de", "myexample.com"])
def test_real(host: str) -> None:
    assert is_real(host)


@pytest.mark.parametrize(
    "host",
    ["example.com", "www.example.com", "*.EXAMPLE.org", "a.localhost", "whoami", "192.0.2.1", "::1", "*", "r.test"],
)
def test_not_real(host: str) -> None:
    assert not is_real(host)
