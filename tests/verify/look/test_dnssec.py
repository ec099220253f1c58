"""DS records that a move to another provider left behind, seen through a resolver that does not check DNSSEC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from edgegen.endpoints import Endpoint
from edgegen.lookup import Server
from edgegen.net.deadline import Deadline
from edgegen.verify.look.dnssec import left_behind
from edgegen.verify.look.names import SharedNames, look_up
from edgegen.verify.look.resolvers import Resolvers
from edgegen.verify.settings import Settings
from tests.fakes.dns_server import FakeDns, on_one_port

# RFC 6605, section 6.1.
KEY = "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA=="
RIGHT = "55648 13 2 b4c8c1fe2e7477127b27115656ad6256f424625bf5c1e2770ce6d6e37df61d17"
OTHER = f"2371 13 2 {'ab' * 32}"
UNKNOWN = f"1 5 1 {'cd' * 20}"
OTHER_KEY = "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="
HOST = "www.example.net"
ZONE = f"""
{HOST}. 60 IN A 192.0.2.1
example.net. 60 IN NS ns1.example.net.
ns1.example.net. 60 IN A 127.0.0.2
example.net. 60 IN SOA ns1.example.net. host.example.net. 1 60 60 60 60
"""


@contextmanager
def running(ds: list[str], keys: list[str], **server: object) -> Iterator[tuple[FakeDns, FakeDns]]:
    """A resolver that has the DS records, and the zone's own server with its keys, on one port."""
    handed = "".join(f"example.net. 60 IN DS {one}\n" for one in ds)
    own = FakeDns(ZONE + "".join(f"example.net. 60 IN DNSKEY {one}\n" for one in keys), address="127.0.0.2", **server)
    resolver = FakeDns(ZONE + handed)
    with on_one_port(resolver, own):
        yield resolver, own


def said(ds: list[str], keys: list[str], **server: object) -> str:
    with running(ds, keys, **server) as (resolver, own):
        resolvers = Resolvers((Server("127.0.0.1", resolver.port),), Deadline.after(20), set())
        return left_behind("example.net", (Server("127.0.0.2", own.port),), resolvers, 1.0)


@pytest.mark.parametrize(
    ("ds", "keys"),
    [
        ([RIGHT], [KEY]),
        ([RIGHT], [OTHER_KEY, KEY]),
        ([OTHER, RIGHT], [KEY]),  # a rollover: one that fits is enough
        ([], [KEY]),
        ([], []),
        ([UNKNOWN], []),  # nobody checks an algorithm that it does not know
        ([RIGHT, UNKNOWN], [KEY]),
    ],
)
def test_fine(ds: list[str], keys: list[str]) -> None:
    assert said(ds, keys) == ""


def test_a_zone_that_is_not_signed_any_more() -> None:
    assert said([RIGHT], []) == "the DS record at the registrar names the key 55648, and the zone is not signed"


def test_a_zone_with_other_keys() -> None:
    trouble = said([OTHER, RIGHT], [OTHER_KEY])
    assert trouble == "the DS record at the registrar names the key 2371, 55648, and the zone has other keys"


@pytest.mark.parametrize("behave", [("SERVFAIL", []), ("REFUSED", [])])
def test_where_the_keys_can_not_be_seen_nothing_is_said(behave: tuple[str, list[str]]) -> None:
    assert said([OTHER], [], behave=lambda *_: behave) == ""
    assert said([OTHER], [], authoritative=False) == ""


def test_it_is_asked_once_for_all_hosts_of_a_zone() -> None:
    shared, found = SharedNames(), []
    with running([OTHER], []) as (resolver, own):
        settings = Settings(resolvers=(Server("127.0.0.1", resolver.port),), authority_port=own.port, timeout=20)
        for _ in range(3):
            names = look_up(Endpoint("web", HOST, zone="example.net"), settings, shared)
            found.append(names.dnssec_trouble)
        assert resolver.asked.count(("example.net.", "DS")) == own.asked.count(("example.net.", "DNSKEY")) == 1
        assert not look_up(Endpoint("web", HOST), settings, SharedNames()).dnssec_trouble  # no zone of a spec
    assert [bool(trouble) for trouble in found] == [True] * 3
