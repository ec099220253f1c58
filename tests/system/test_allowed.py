"""Which lists of addresses can only mean clients behind a proxy."""

from __future__ import annotations

import pytest

from edgegen.system.allowed import means_clients, networks

PROXIES = networks(["173.245.48.0/20", "2400:cb00::/32"])


@pytest.mark.parametrize("words", [["8.8.8.8"], ["198.51.100.0/24", "2001:4860::/32"], ["203.0.113.9/32"]])
def test_clients(words: list[str]) -> None:
    assert means_clients(words, PROXIES)


@pytest.mark.parametrize(
    "words",
    [
        [], ["8.8.8.8", "x"], ["8.8.8.8", "10.1.2.3"], ["127.0.0.1"], ["192.168.0.0/16"], ["fd00::/8"], ["0.0.0.0/0"],
        ["8.0.0.0/5"], ["::/0"], ["173.245.49.1"], ["173.0.0.0/8"], ["8.8.8.8", "2400:cb00:1::/48"], ["100.64.0.9"],
    ],
)  # fmt: skip
def test_what_may_be_something_else(words: list[str]) -> None:
    assert not means_clients(words, PROXIES)
