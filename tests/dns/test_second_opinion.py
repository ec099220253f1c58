"""octoDNS, which nobody here wrote, reads the zone that edgegen wrote, and plans no change for the same records."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from octodns.record import Record as OctoRecord
from octodns.zone import Zone as OctoZone
from octodns_cloudflare import CloudflareProvider

from tests.dns.support import ZONE, rec, scene
from tests.fakes.cloudflare import TOKEN, Threaded

AUTO: dict[str, Any] = {"ttl": 300, "auto-ttl": True}
PROXIED: dict[str, Any] = {"ttl": 300, "proxied": True}
SERVICE = {"priority": 0, "weight": 1, "port": 993, "target": "mail.example.net."}
WANT = [
    rec("A", ZONE, "192.0.2.1"),
    rec("A", f"www.{ZONE}", "192.0.2.1", 300),
    rec("A", f"www.{ZONE}", "192.0.2.2", 300),
    rec("AAAA", f"six.{ZONE}", "2001:0DB8::1"),
    rec("A", f"p.{ZONE}", "192.0.2.1", 300, proxied=True),
    rec("A", f"*.wild.{ZONE}", "192.0.2.1"),
    rec("A", f"bücher.{ZONE}", "192.0.2.1"),
    rec("CNAME", f"alias.{ZONE}", "Target.Example.NET."),
    rec("MX", ZONE, "mail.example.net", 3600, priority=10),
    rec("TXT", ZONE, "v=spf1 -all"),
    rec("TXT", f"q.{ZONE}", 'say "hi"'),
    rec("TXT", f"long.{ZONE}", "x" * 400),
    rec("SRV", f"_imaps._tcp.{ZONE}", "1 993 mail.example.net", priority=0),
    rec("CAA", ZONE, '0 issue "letsencrypt.org"'),
]
"""What edgegen is asked for; below the same in octoDNS's words, written by hand."""
SAME: list[tuple[str, dict[str, Any]]] = [
    ("", {"type": "A", "values": ["192.0.2.1"], **AUTO}),
    ("www", {"type": "A", "values": ["192.0.2.1", "192.0.2.2"], "ttl": 300}),
    ("six", {"type": "AAAA", "values": ["2001:db8::1"], **AUTO}),
    ("p", {"type": "A", "values": ["192.0.2.1"], **PROXIED}),
    ("*.wild", {"type": "A", "values": ["192.0.2.1"], **AUTO}),
    ("xn--bcher-kva", {"type": "A", "values": ["192.0.2.1"], **AUTO}),
    ("alias", {"type": "CNAME", "value": "target.example.net.", **AUTO}),
    ("", {"type": "MX", "values": [{"preference": 10, "exchange": "mail.example.net."}], "ttl": 3600}),
    ("", {"type": "TXT", "values": ["v=spf1 -all"], **AUTO}),
    ("q", {"type": "TXT", "values": ['say \\"hi\\"'], **AUTO}),  # octoDNS keeps the escapes of what it reads
    ("long", {"type": "TXT", "values": ["x" * 400], **AUTO}),
    ("_imaps._tcp", {"type": "SRV", "values": [SERVICE], **AUTO}),
    ("", {"type": "CAA", "values": [{"flags": 0, "tag": "issue", "value": "letsencrypt.org"}], **AUTO}),
]  # fmt: skip


def with_mark(name: str, data: dict[str, Any]) -> dict[str, Any]:
    """octoDNS compares comments too: the mark, written down a second time."""
    full = f"{name}.{ZONE}" if name else ZONE
    key = hashlib.sha256(f"{data['type']}{chr(0)}{full}".encode()).hexdigest()[:10]
    special = {word: data[word] for word in ("auto-ttl", "proxied") if word in data}
    plain = {word: value for word, value in data.items() if word not in special}
    return {**plain, "octodns": {"cloudflare": {**special, "comment": f"edgegen;v1;o=house;k={key}"}}}


def octo_plan(url: str, wanted: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    provider = CloudflareProvider("second", token=TOKEN, api_url=url, pagerules=False, min_ttl=60)
    desired = OctoZone(f"{ZONE}.", [])
    for name, data in wanted:
        desired.add_record(OctoRecord.new(desired, name, with_mark(name, data)))
    plan = provider.plan(desired)
    return list(plan.changes) if plan else []


def test_octodns_plans_no_change() -> None:
    with scene() as s, Threaded(s.state) as served:
        assert s.sync(WANT).made == len(WANT)
        writes = s.writes()
        assert octo_plan(served.url, SAME) == []
        assert s.writes() == writes


@pytest.mark.parametrize("name", ["www", "alias", "q", "_imaps._tcp"])
def test_octodns_would_see_a_difference(name: str) -> None:
    """The opinion is one: a record that is left out of its wishes is a change."""
    with scene() as s, Threaded(s.state) as served:
        s.sync(WANT)
        assert len(octo_plan(served.url, [row for row in SAME if row[0] != name])) == 1
