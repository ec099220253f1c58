"""A zone in a BIND file: what is read, what is written, and that nothing else is lost."""

from __future__ import annotations

import dns.zone
import pytest

from edgegen.core.errors import SpecError
from edgegen.dns.diff import diff
from edgegen.dns.marker import marker
from edgegen.dns.normal import normal
from edgegen.dns.plan import Action
from edgegen.dns.provider import Batch, Patch, Post, Provider, Zone
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.records import Record, RecordType

ZONE = "example.com"
BY_HAND = b"""$ORIGIN example.com.
$TTL 3600
@ IN SOA ns1.example.net. admin.example.com. 2026010101 7200 900 1209600 300
@ IN NS ns1.example.net.
www 600 IN A 34.102.136.180 ; made by hand
@ IN MX 10 Mail.Example.NET.
_imaps._tcp IN SRV 0 1 993 mail.example.net.
txt IN TXT "one" "two;three \\"quoted\\""
ssh IN SSHFP 1 1 0123456789abcdef0123456789abcdef01234567
"""
RECORDS = [
    Record(ZONE, "example.com", RecordType.A, "192.0.2.1"),
    Record(ZONE, "*.example.com", RecordType.A, "192.0.2.2", 300),
    Record(ZONE, "v6.example.com", RecordType.AAAA, "2001:DB8:0::1"),
    Record(ZONE, "alias.example.com", RecordType.CNAME, "Target.Example.NET."),
    Record(ZONE, "example.com", RecordType.MX, "mail.example.net", priority=10),
    Record(ZONE, "_imaps._tcp.example.com", RecordType.SRV, "1 993 mail.example.net", priority=0),
    Record(ZONE, "example.com", RecordType.CAA, '0 issue "letsencrypt.org"'),
    Record(ZONE, "_dmarc.example.com", RecordType.TXT, 'v=DMARC1; p="none" \\ ü'),
    Record(ZONE, "long.example.com", RecordType.TXT, "x" * 700),
]


class Disk:
    """The project's folder as a dict."""

    def __init__(self, **files: bytes) -> None:
        self.files = dict(files)
        self.writes = 0

    def provider(self) -> ZonefileProvider:
        return ZonefileProvider(self.files.get, self.write)

    def write(self, path: str, content: bytes) -> None:
        self.files[path] = content
        self.writes += 1


def sync(provider: Provider, wanted: list[Record], *, adopt: tuple[str, ...] = (), prune: bool = False) -> list[str]:
    """One plan applied in the simplest way; gives the actions that were writes."""
    zone = provider.find_zone(ZONE)
    plan = diff(
        ZONE, [normal(r) for r in wanted], provider.list_zone(zone).records, owner="house", adopt=adopt, prune=prune
    )
    assert not plan.of(Action.CONFLICT), plan.of(Action.CONFLICT)
    posts = [Post(c.record, marker("house", c.record)) for c in plan.of(Action.CREATE)]
    patches = [
        Patch(c.existing.id, c.record, marker("house", c.record))
        for c in plan.of(Action.UPDATE, Action.ADOPT)
        if c.existing
    ]
    deletes = [c.existing.id for c in plan.of(Action.DELETE) if c.existing]
    if plan.writes:
        provider.apply_batch(zone, Batch(tuple(deletes), tuple(patches), tuple(posts)))
    return [c.action.value for c in plan.writes]


def test_the_second_run_is_empty_for_every_kind_of_record() -> None:
    disk = Disk()
    assert sync(disk.provider(), RECORDS) == ["create"] * len(RECORDS)
    assert sync(disk.provider(), RECORDS) == []
    assert disk.writes == 1


def test_another_parser_reads_what_was_written() -> None:
    disk = Disk()
    sync(disk.provider(), RECORDS)
    zone = dns.zone.from_text(disk.files["dns/example.com.zone"].decode(), origin="example.com.", relativize=False)
    txt = zone.find_rdataset("long.example.com.", "TXT")[0]
    assert [len(part) for part in txt.strings] == [255, 255, 190]
    dmarc = b"".join(zone.find_rdataset("_dmarc.example.com.", "TXT")[0].strings)
    assert dmarc.decode() == 'v=DMARC1; p="none" \\ ü'
    assert zone.find_rdataset("v6.example.com.", "AAAA")[0].address == "2001:db8::1"
    assert zone.find_rdataset("example.com.", "MX")[0].preference == 10


def test_what_was_made_by_hand_is_kept() -> None:
    disk = Disk(**{"dns/example.com.zone": BY_HAND})
    sync(disk.provider(), [Record(ZONE, "new.example.com", RecordType.A, "192.0.2.1")])
    before = dns.zone.from_text(BY_HAND.decode(), origin="example.com.", relativize=False)
    after = dns.zone.from_text(disk.files["dns/example.com.zone"].decode(), origin="example.com.", relativize=False)
    for name, rdataset in before.iterate_rdatasets():
        if rdataset.rdtype.name != "SOA":
            assert after.find_rdataset(name, rdataset.rdtype) == rdataset
    assert after.find_rdataset("example.com.", "SOA")[0].serial == 2026010102
    assert b"; made by hand" in disk.files["dns/example.com.zone"]


def test_a_record_made_by_hand_is_taken_over_only_when_told() -> None:
    wanted = [Record(ZONE, "www.example.com", RecordType.A, "157.245.51.137", 600)]
    disk = Disk(**{"dns/example.com.zone": BY_HAND})
    zone = Zone("dns/example.com.zone", ZONE)
    plan = diff(ZONE, wanted, disk.provider().list_zone(zone).records, owner="house")
    assert [c.reason.split(":")[0] for c in plan.of(Action.CONFLICT)] == [
        "A www.example.com -> 34.102.136.180 was not made by edgegen"
    ]
    assert sync(disk.provider(), wanted, adopt=("www.example.com",)) == ["update"]
    assert sync(disk.provider(), wanted) == []
    assert b"34.102.136.180" not in disk.files["dns/example.com.zone"]


def test_bytes_that_are_no_text_are_kept() -> None:
    odd = BY_HAND + b'odd 300 IN TXT "\\255\\000x"\n'
    disk = Disk(**{"dns/example.com.zone": odd})
    sync(disk.provider(), [Record(ZONE, "new.example.com", RecordType.A, "192.0.2.1")])
    after = dns.zone.from_text(disk.files["dns/example.com.zone"].decode(), origin="example.com.", relativize=False)
    assert after.find_rdataset("odd.example.com.", "TXT")[0].strings == (b"\xff\x00x",)


def test_pruned_records_go() -> None:
    disk = Disk()
    sync(disk.provider(), RECORDS)
    assert sync(disk.provider(), RECORDS[1:], prune=True) == ["delete"]
    assert sync(disk.provider(), RECORDS[1:], prune=True) == []


@pytest.mark.parametrize("text", [b"$INCLUDE /etc/passwd\n", b"nonsense\n", b"\xff\xfe", b"www IN A 1.2.3\n"])
def test_what_is_no_zone_file_is_refused(text: bytes) -> None:
    disk = Disk(**{"dns/example.com.zone": text})
    with pytest.raises(SpecError):
        disk.provider().list_zone(Zone("dns/example.com.zone", ZONE))
    assert disk.files == {"dns/example.com.zone": text}
