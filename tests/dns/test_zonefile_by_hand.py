"""A zone file that a person wrote: its records are kept, and the file is copied before it is replaced."""

from __future__ import annotations

import dns.zone
import pytest

from edgegen.core.errors import OutsideError
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.dns.sync import plan_zones, sync
from edgegen.provider_names import PROVIDERS
from edgegen.records import Record
from tests.dns.support import ZONE, rec

FILE = f"dns/{ZONE}.zone"
BY_HAND = b"""; kept by Alice
$TTL 1h
$ORIGIN com.
example IN SOA ns1.example.net. alice\\.smith.example.com. ( 2026112901 ; serial
  2h 15m 2w 5m )
  NS ns1.example.net.
$ORIGIN example.com.
; --- mail ---
@ MX 10 mail
mail 300 A 192.0.2.10
 AAAA 2001:db8::10
Old\\.dot TXT "a;b" "c \\"q\\" \\\\ \\009tab"
$GENERATE 1-3 gen$ A 192.0.2.$
_443._tcp.mail TLSA 3 1 1 aabbccddaabbccddaabbccddaabbccddaabbccddaabbccddaabbccddaabbccdd
svc HTTPS 1 . alpn="h2,h3"
unk TYPE65400 \\# 3 010203
"""
REMARK = (
    f"{FILE} has comments or a layout that edgegen does not keep: it is replaced as a whole, and copied to {FILE}.bak "
    "before"
)
WWW, MORE = rec("A", f"www.{ZONE}", "192.0.2.1"), rec("A", f"more.{ZONE}", "192.0.2.1")


class Folder:
    """A project's files."""

    def __init__(self, **files: bytes) -> None:
        self.files = dict(files)

    def task(self, *wanted: Record) -> ZoneTask:
        provider = ZonefileProvider(self.files.get, self.files.__setitem__)
        return ZoneTask(provider, ZONE, wanted, capabilities=PROVIDERS["zonefile"].capabilities)

    def sync(self, *wanted: Record) -> tuple[str, ...]:
        return sync([self.task(*wanted)], Choices("house")).warnings

    def plan(self, *wanted: Record) -> tuple[str, ...]:
        return plan_zones([self.task(*wanted)], Choices("house"))[0].warnings


def folder(text: bytes = BY_HAND, **more: bytes) -> Folder:
    return Folder(**{FILE: text, **more})


def read(text: bytes) -> set[str]:
    """What a name server would serve, without the serial."""
    found = dns.zone.from_text(text.decode(), f"{ZONE}.", relativize=False)
    return {
        f"{name} {ttl} {rdata}".replace("2026112902", "2026112901").lower()
        for name, ttl, rdata in found.iterate_rdatas()
    }


def test_every_record_is_kept_and_so_is_the_file() -> None:
    here = folder()
    assert here.plan(WWW) == (REMARK,)
    assert here.files == {FILE: BY_HAND}
    assert here.sync(WWW) == (REMARK,)
    assert here.files[f"{FILE}.bak"] == BY_HAND
    assert read(here.files[FILE]) - read(BY_HAND) == {f"www.{ZONE}. 300 192.0.2.1"}
    assert read(BY_HAND) <= read(here.files[FILE])
    assert (here.sync(WWW), here.sync(WWW, MORE)) == ((), ())
    assert set(here.files) == {FILE, f"{FILE}.bak"}


def test_nothing_is_said_and_kept_where_nothing_is_written() -> None:
    here = folder(BY_HAND + b"www 300 A 192.0.2.1\n")
    assert here.sync(rec("A", WWW.name, WWW.content, 300)) == ()
    assert set(here.files) == {FILE}


def test_no_other_file_is_replaced_by_the_copy() -> None:
    here = folder(**{f"{FILE}.bak": b"Alice's own copy"})
    here.sync(WWW)
    assert here.files[f"{FILE}.bak"] == b"Alice's own copy"
    assert here.files[f"{FILE}.bak2"] == BY_HAND
    here.files[FILE] = BY_HAND
    here.sync(WWW)
    assert set(here.files) == {FILE, f"{FILE}.bak", f"{FILE}.bak2"}


@pytest.mark.parametrize("edit", [b"; a remark\n", b"\n", b"mail 60 IN A 192.0.2.10\n"])
def test_what_a_person_added_later_is_kept_too(edit: bytes) -> None:
    here = folder(b"")
    del here.files[FILE]
    here.sync(WWW, rec("NS", ZONE, "ns1.example.net"))
    here.files[FILE] += edit
    edited = here.files[FILE]
    assert here.sync(WWW, MORE, rec("NS", ZONE, "ns1.example.net")) == (REMARK,)
    assert here.files[f"{FILE}.bak"] == edited


def test_a_file_that_is_not_written_is_not_copied() -> None:
    here = folder(BY_HAND.replace(b"@ MX 10 mail", b"@ 60 MX 10 mail"))
    with pytest.raises(OutsideError, match="another ttl"):
        here.sync(rec("MX", ZONE, "new.example.net", 600, priority=5))
    assert set(here.files) == {FILE}
