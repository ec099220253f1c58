"""Which addresses are public: IANA's special-purpose registries row by row, and every reader says the same."""

from __future__ import annotations

import ipaddress

import pytest

from edgegen.dns.own_address import own_addresses
from edgegen.spec.published_address import never_proxied
from edgegen.system.internet import is_public, spelled
from edgegen.verify.scope import may_connect
from tests.verify.checks.making import stranger

# iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry: block, "Globally Reachable".
# "N/A" rows (Teredo, 6to4) and IPv4-mapped addresses lead to the IPv4 address inside, which decides.
REGISTRY = [
    ("0.0.0.0/8", False), ("0.0.0.0/32", False), ("10.0.0.0/8", False), ("100.64.0.0/10", False),
    ("127.0.0.0/8", False), ("169.254.0.0/16", False), ("172.16.0.0/12", False), ("192.0.0.0/24", False),
    ("192.0.0.0/29", False), ("192.0.0.8/32", False), ("192.0.0.9/32", True), ("192.0.0.10/32", True),
    ("192.0.0.170/32", False), ("192.0.0.171/32", False), ("192.0.2.0/24", False), ("192.31.196.0/24", True),
    ("192.52.193.0/24", True), ("192.168.0.0/16", False), ("192.175.48.0/24", True), ("198.18.0.0/15", False),
    ("198.51.100.0/24", False), ("203.0.113.0/24", False), ("240.0.0.0/4", False), ("255.255.255.255/32", False),
    ("::1/128", False), ("::/128", False), ("64:ff9b:1::/48", False), ("100::/64", False), ("100:0:0:1::/64", False),
    ("2001:1::1/128", True), ("2001:1::2/128", True), ("2001:1::3/128", True), ("2001:2::/48", False),
    ("2001:3::/32", True), ("2001:4:112::/48", True), ("2001:10::/28", False), ("2001:20::/28", True),
    ("2001:30::/28", True), ("2001:db8::/32", False), ("2620:4f:8000::/48", True), ("3fff::/20", False),
    ("5f00::/16", False), ("fc00::/7", False), ("fe80::/10", False),
]  # fmt: skip
# RFC 6052: 64:ff9b::/96 is globally reachable, and stands for the IPv4 address in its last 32 bits.
NAT64 = [("64:ff9b::9df5:3389", True), ("64:ff9b::a00:1", False), ("64:ff9b::c000:9", True)]
WIDER = {"192.0.0.0/24": "192.0.0.1", "2001:2::/48": "2001:2::1"}


def addresses() -> list[tuple[str, bool]]:
    """The first and the last address of each block; of one that holds others, an address that is in none of them."""
    rows = []
    for text, public in REGISTRY:
        block = ipaddress.ip_network(text)
        rows += [(WIDER.get(text, str(block[0])), public)]
        rows += [(str(block[-1]), public)] if text != "192.0.0.0/24" else []
    return [*rows, *NAT64]


@pytest.mark.parametrize(("address", "public"), addresses())
def test_the_registry_decides_for_every_reader(address: str, public: bool) -> None:
    assert is_public(address) is public
    assert may_connect(stranger(), address, False, "") is public
    version = ipaddress.ip_address(address).version
    try:
        found = own_addresses([version], servers={version: ()}, fetch=lambda _: f"ip={address}\n")
    except Exception as error:
        assert not public, error
    else:
        assert public and found == {version: address}
    documentation = address.startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "3fff:"))
    discard = ipaddress.ip_address(address) in ipaddress.ip_network(
        "100::/64"
    )  # Cloudflare's, for a name without a server
    assert (never_proxied(address) is None) is (public or documentation or discard)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2001:DB8::0:1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("www.example.com", "www.example.com"),
    ],
)
def test_an_address_has_one_spelling_on_every_python(text: str, canonical: str) -> None:
    assert spelled(text) == canonical
