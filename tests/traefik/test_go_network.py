from __future__ import annotations

import pytest

from edgegen.traefik.go_network import is_network


@pytest.mark.parametrize("text", ["192.0.2.1", "10.0.0.0/8", "10.1.2.3/8", "2001:db8::1", "2001:db8::/32"])
def test_addresses_and_networks(text: str) -> None:
    assert is_network(text)


@pytest.mark.parametrize(
    "text", ["", "192.168.1", "10.0.0.0/255.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8/8", "a"]
)
def test_what_go_refuses(text: str) -> None:
    assert not is_network(text)
