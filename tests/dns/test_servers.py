"""What is said of a zone file that no name server would load, and of what it would."""

from __future__ import annotations

import pytest

from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.dns.servers import crowded, unserved
from edgegen.dns.sync import plan_zones
from edgegen.provider_names import PROVIDERS
from edgegen.records import Record
from tests.dns.support import ZONE, rec

NS, HERE = rec("NS", ZONE, "ns1.example.net"), rec("NS", ZONE, f"ns1.{ZONE}")
WWW = rec("A", f"www.{ZONE}", "192.0.2.1")
NONE = f"no record names the name servers of {ZONE}, and without them none loads its file: "
LOST = f"ns1.{ZONE} is a name server of {ZONE} without an address in its file, and so none loads it"
DECLARE = NONE + 'declare yours under `records`: `{type: NS, name: "@", content: ns1.example.net}`'
V4, V6, WILD = (
    rec("A", f"ns1.{ZONE}", "192.0.2.1"),
    rec("AAAA", f"ns1.{ZONE}", "2001:db8::1"),
    rec("A", f"*.{ZONE}", "192.0.2.1"),
)
UNSERVED: list[tuple[list[Record], list[str]]] = [
    ([], [DECLARE]),
    ([rec("NS", f"sub.{ZONE}", "ns1.example.net"), rec("A", f"ns2.{ZONE}", "192.0.2.1")], [DECLARE]),
    ([V4], []),
    ([NS], []),
    ([HERE], [LOST]),
    ([NS, HERE], [LOST]),
    ([HERE, rec("A", f"ns2.{ZONE}", "192.0.2.1"), rec("TXT", f"ns1.{ZONE}", "x")], [LOST]),
    ([HERE, V4], []),
    ([HERE, V6], []),
    ([HERE, WILD], []),
    ([rec("NS", ZONE, "ns1.notexample.com")], []),
]  # fmt: skip


@pytest.mark.parametrize(("records", "said"), UNSERVED)
def test_the_servers_of_a_zone(records: list[Record], said: list[str]) -> None:
    assert list(unserved(ZONE, records)) == said


def test_cnames_that_only_a_provider_can_answer() -> None:
    beside = [rec("CNAME", f"a.{ZONE}", "t.example.net"), rec("TXT", f"a.{ZONE}", "x")]
    assert list(crowded(ZONE, [*beside, rec("CNAME", ZONE, "t.example.net")])) == [
        f"a.{ZONE} is a CNAME next to other records, which a provider can answer, and no name server loads",
        f"{ZONE} is a CNAME of the zone itself, which a provider can answer, and no name server loads",
    ]
    assert not list(crowded(ZONE, [beside[0], rec("TXT", f"b.{ZONE}", "x"), rec("A", f"b.{ZONE}", "192.0.2.1"), NS]))


SOA = b"@ 300 IN SOA ns1.example.net. admin.example.com. 7 7200 900 1209600 300\n"
BY_HAND = SOA + b"@ 300 IN NS ns1.example.net.\n"


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        (None, [WWW], (DECLARE,)),
        (None, [V4], ()),
        (None, [WWW, NS], ()),
        (BY_HAND, [WWW], ()),
        (SOA, [WWW], (DECLARE,)),
        (SOA + b"@ 300 IN NS ns1\n", [WILD], ()),
        (SOA + b"@ 300 IN NS ns1\n", [], (LOST,)),
    ],
)
def test_a_plan_says_that_its_file_would_not_be_loaded(
    text: bytes | None, wanted: list[Record], said: tuple[str, ...]
) -> None:
    provider = ZonefileProvider(lambda _: text, lambda _path, _text: None)
    task = ZoneTask(provider, ZONE, tuple(wanted), capabilities=PROVIDERS["zonefile"].capabilities)
    warnings = plan_zones([task], Choices("house"))[0].warnings
    assert tuple(line for line in warnings if "a layout" not in line) == said
