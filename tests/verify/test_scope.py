"""Which addresses belong to the internet, and which a probe may connect to."""

from __future__ import annotations

import pytest

from edgegen.system.internet import is_from_dns64, is_public, special
from edgegen.verify.scope import may_connect
from tests.verify.checks.making import endpoint, stranger

PUBLIC = [
    "157.245.51.137", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "169.253.0.1",
    "9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.1", "192.169.0.1", "198.20.0.0", "223.255.255.255",
    "2606:4700::1111", "2a03:b0c0::1", "2001:4860:4860::8888", "2001:200::1", "3ffe::1",
    "::ffff:157.245.51.137", "64:ff9b::157.245.51.137", "2002:9df5:3389::1",
]  # fmt: skip
PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.0.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "100::1",
    "2001:db8::1", "2001::1", "3fff::1", "4000::1", "5f00::1", "64:ff9b:1::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "::10.0.0.1",
    "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "2002:0a00:0001::1", "2002:7f00:1::",
    "2002:c0a8:101::1", "", "www.example.com", "127.1", "0x7f.0.0.1", "2130706433",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet(address: str) -> None:
    assert is_public(address)
    assert may_connect(stranger(), address, False, "")


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not(address: str) -> None:
    assert not is_public(address)
    assert not may_connect(stranger(), address, False, "")
    assert may_connect(stranger(), address, True, "")


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "carrier"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("64:ff9b::7f00:1", "127.0.0.1"),
        ("fd00::1", "ULA"),
    ],
)
def test_what_it_is_is_said(address: str, what: str) -> None:
    assert what in special(address)


def test_what_the_spec_or_the_user_names_may_be_connected_to() -> None:
    named = endpoint(ipv4=("10.0.0.1",), ipv6=("fd00:0::1",))
    assert may_connect(named, "10.0.0.1", False, "")
    assert may_connect(named, "fd00::1", False, "")
    assert not may_connect(named, "10.0.0.2", False, "")
    assert not may_connect(named, "::ffff:10.0.0.1", False, "")
    assert may_connect(stranger(), "127.0.0.1", False, "127.0.0.1")
    assert may_connect(stranger(), "::1", False, "0:0:0:0:0:0:0:1")
    assert not may_connect(stranger(), "127.0.0.2", False, "127.0.0.1")


def test_a_private_address_in_place_of_a_name_is_no_leave() -> None:
    assert not may_connect(stranger("169.254.169.254"), "169.254.169.254", False, "")


def test_what_a_resolver_makes_of_an_ipv4_address() -> None:
    assert is_from_dns64("64:ff9b::192.0.2.10")
    assert not any(map(is_from_dns64, ("64:ff9b:1::1", "::ffff:192.0.2.10", "2001:db8::1", "192.0.2.10", "nonsense")))
