"""A zone file is read back before it replaces the old one: what would be lost or slipped in leaves it as it is."""

from __future__ import annotations

import pytest

from edgegen.core.errors import OutsideError
from edgegen.dns import zonefile
from edgegen.dns.api.form import to_api
from edgegen.dns.diff import diff
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.normal import normal
from edgegen.dns.plan import Action, Existing
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.dns.sync import sync
from edgegen.records import Record, RecordType
from tests.dns.support import ZONE, rec, scene

BY_HAND = b"""$ORIGIN example.com.
$TTL 300
@ IN SOA ns1.example.net. admin.example.com. 7 7200 900 1209600 300
@ IN NS ns1.example.net.
@ 60 IN MX 5 old.example.net.
"""
WANTED = [rec("TXT", f"x.{ZONE}", "hello"), rec("A", f"x.{ZONE}", "192.0.2.1", 300)]


class Disk:
    """One file that starts with what somebody wrote."""

    def __init__(self, text: bytes | None) -> None:
        self.text = text
        self.writes = 0

    def sync(self, wanted: list[Record]) -> int:
        provider = ZonefileProvider(lambda _: self.text, self.write)
        return sync([ZoneTask(provider, ZONE, tuple(wanted))], Choices("house")).made

    def write(self, _: str, text: bytes) -> None:
        self.text, self.writes = text, self.writes + 1


def refused(disk: Disk, wanted: list[Record]) -> str:
    before = disk.text
    with pytest.raises(OutsideError) as caught:
        disk.sync(wanted)
    assert caught.value.exit_code == 4
    assert (disk.text, disk.writes) == (before, 0)
    return str(caught.value)


def test_what_is_right_is_written() -> None:
    for text in (BY_HAND, None):
        disk = Disk(text)
        assert disk.sync(WANTED) == 2
        assert (disk.sync(WANTED), disk.writes) == (0, 1)


def test_a_ttl_that_the_file_can_not_keep() -> None:
    """Somebody's MX of 60 seconds stands at the name: a zone file has one ttl for both, and would never be in step."""
    said = refused(Disk(BY_HAND), [rec("MX", ZONE, "new.example.net", 600, priority=5)])
    assert "MX example.com would have another ttl" in said
    assert "was not changed" in said


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        ("x IN TXT broken (", "no longer be a zone file"),
        ("evil 60 IN A 192.0.2.66", "records that were not requested"),
        ("evil 60 IN SSHFP 1 1 0123456789abcdef0123456789abcdef01234567", "records that were not requested"),
    ],
)
def test_a_writer_that_slips_something_in(monkeypatch: pytest.MonkeyPatch, planted: str, said: str) -> None:
    honest = zonefile._record_line

    def line(item: Existing, text: str | None) -> str:
        return honest(item, text) + (f"\n{planted}" if item.record.type is RecordType.TXT else "")

    monkeypatch.setattr(zonefile, "_record_line", line)
    assert said in refused(Disk(BY_HAND), WANTED[:1])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("hello", "other", "TXT x.example.com would be read as something else"),
        ("o=house", "o=guest", "the comment of TXT x.example.com"),
    ],
)
def test_a_writer_that_writes_something_else(monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str) -> None:
    honest = zonefile._record_line
    monkeypatch.setattr(zonefile, "_record_line", lambda item, text: honest(item, text).replace(old, new))
    assert said in refused(Disk(BY_HAND), WANTED[:1])


def test_a_new_file_is_served_by_the_declared_name_server() -> None:
    disk = Disk(None)
    disk.sync([rec("NS", ZONE, "ns1.example.net"), rec("NS", f"sub.{ZONE}", "a.example.org")])
    assert disk.text is not None
    assert b"@ IN SOA ns1.example.net. hostmaster.example.com. " in disk.text
    assert b"IN NS ns1.example.com." not in disk.text
    only_below = Disk(None)
    only_below.sync([rec("NS", f"sub.{ZONE}", "a.example.org")])
    assert only_below.text is not None
    assert b"\n@ IN NS ns1.example.com. ; edgegen: a placeholder for" in only_below.text


def test_the_placeholder_goes_when_a_name_server_is_declared() -> None:
    """A name server refuses a file whose own server has no address in it: what edgegen made up must not stay."""
    disk = Disk(None)
    disk.sync(WANTED)
    assert disk.text is not None
    assert disk.text.count(b" IN NS ") == 1
    assert (disk.sync(WANTED), disk.writes) == (0, 1)
    disk.sync([*WANTED, rec("A", f"y.{ZONE}", "192.0.2.1")])
    assert disk.text.count(b" IN NS ns1.example.com. ; edgegen: a placeholder for") == 1
    assert disk.sync([*WANTED, rec("NS", ZONE, "ns1.example.net")]) == 1
    assert b"ns1.example.com." not in disk.text
    assert disk.text.count(b" IN NS ") == 1
    assert b"@ IN SOA ns1.example.net. hostmaster.example.com. 3 3600 " in disk.text
    assert (disk.sync([*WANTED, rec("NS", ZONE, "ns1.example.net")]), disk.writes) == (0, 3)


def test_the_servers_of_a_file_made_by_hand_are_its_own() -> None:
    disk = Disk(BY_HAND)
    disk.sync(WANTED)
    assert disk.text is not None
    assert b"a placeholder" not in disk.text
    assert b"@ IN SOA ns1.example.net. admin.example.com. 8 7200 " in disk.text
    without = Disk(BY_HAND.replace(b"@ IN NS ns1.example.net.\n", b""))
    without.sync(WANTED)
    assert without.text is not None
    assert b" IN NS " not in without.text
    assert b"@ IN SOA ns1.example.net. " in without.text


def test_a_cname_of_the_zone_itself_leaves_the_mail_of_others_alone() -> None:
    """Cloudflare flattens it: only addresses are in its way."""
    with scene() as s:
        s.state.seed(s.zone, type="MX", name=ZONE, content="mail.example.net", priority=5)
        s.state.seed(s.zone, type="TXT", name=ZONE, content='"by hand"')
        want = [rec("CNAME", ZONE, "a.example.net"), rec("CAA", ZONE, '0 issue "letsencrypt.org"')]
        assert s.sync(want).made == 2
        assert s.sync(want).total == 0
        assert s.state.oracle.wrong == []
        assert {kind for kind, _, _ in s.held()} == {"MX", "TXT", "CNAME", "CAA"}


@pytest.mark.parametrize(("name", "kind"), [(f"x.{ZONE}", "MX"), (ZONE, "A"), (ZONE, "CNAME")])
def test_what_stands_in_the_way_of_a_cname(name: str, kind: str) -> None:
    content = {"MX": "mail.example.net", "A": "192.0.2.9", "CNAME": "b.example.net"}[kind]
    there = [Existing("1", rec(kind, name, content, priority=5 if kind == "MX" else None))]
    made = diff(ZONE, [rec("CNAME", name, "a.example.net")], there, owner="house")
    assert made.of(Action.CONFLICT)


def test_no_service_at_all_is_sent_as_a_dot() -> None:
    assert to_api(normal(rec("MX", ZONE, ".", priority=0)), "")["content"] == "."
    assert to_api(normal(normal(rec("SRV", f"_x._tcp.{ZONE}", "0 0 .", priority=0))), "")["data"]["target"] == "."
    with scene() as s:
        want = [rec("MX", ZONE, ".", priority=0), rec("SRV", f"_x._tcp.{ZONE}", "0 0 .", priority=0)]
        assert s.sync(want).made == 2
        assert s.sync(want).total == 0
