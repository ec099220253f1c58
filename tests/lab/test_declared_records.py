"""What edgegen accepts of random declared records, a name server loads: BIND's own named-checkzone reads the file.

`EDGEGEN_EXAMPLES` sets how many lists of records are tried; 1,000 for the whole of it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings

from edgegen.dns.plan import Existing
from edgegen.dns.servers import crowded, unserved
from edgegen.dns.zonefile import ZoneText, record_id, render
from edgegen.records import Record
from tests.dns.declared import ZONE, Item, sample
from tests.dns.support import rec
from tests.dns.test_declared_records import LISTS, SETTINGS, Disk, accepted

EXAMPLES = int(os.environ.get("EDGEGEN_EXAMPLES") or 100)


def refusal(text: bytes, folder: Path) -> str:
    """What named-checkzone has against a zone; "" where it would be loaded. Names elsewhere are not asked for."""
    file = folder / "zone"
    file.write_bytes(text)
    command = ["named-checkzone", "-i", "local", "-k", "fail", "-m", "ignore", "-r", "fail", "-D", "-o", "/dev/null"]
    ran = subprocess.run([*command, ZONE, str(file)], capture_output=True, text=True, check=False, timeout=60)
    return "" if ran.returncode == 0 else ran.stdout + ran.stderr


def published(items: list[Item]) -> bytes | None:
    """The zone file of a list of records; None where it is refused."""
    wanted = accepted(sample(items, "zonefile"))
    if wanted is None:
        return None
    disk = Disk()
    disk.sync(wanted)
    return disk.text


@settings(SETTINGS, max_examples=EXAMPLES)
@given(items=LISTS)
def test_a_name_server_loads_what_was_accepted(tmp_path_factory: pytest.TempPathFactory, items: list[Item]) -> None:
    text = published(items)
    if text is not None:
        said = refusal(text, tmp_path_factory.getbasetemp())
        assert said == "", f"{said}\n{text.decode()}"


@pytest.mark.parametrize(
    "line",
    [
        "x IN CNAME a.example.net.\nx IN A 192.0.2.1",
        "@ IN CNAME a.example.net.",
        "x IN MX 10 10 mail.example.net.",
        "@ IN NS ns.example.com.",
        "@ IN NS ns.example.com.\nns IN CNAME a.example.net.",
        "a_b IN A 192.0.2.1",
        "*.x IN NS ns.example.net.",
        f"{'x' * 64} IN A 192.0.2.1",
    ],
)
def test_what_is_refused_by_edgegen_is_refused_by_a_name_server(tmp_path: Path, line: str) -> None:
    """The judge judges: each of these would have been written before records were checked."""
    head = f"$ORIGIN {ZONE}.\n$TTL 300\n@ IN SOA ns1.example.net. a.example.net. 1 3600 900 1209600 300\n"
    head += "@ IN NS ns1.example.net.\n"
    assert refusal(head.encode(), tmp_path) == ""
    assert refusal(f"{head}{line}\n".encode(), tmp_path) != ""


_OUT, _IN = rec("NS", ZONE, "ns1.example.net"), rec("NS", ZONE, f"ns1.{ZONE}")
_HERE = rec("A", f"ns1.{ZONE}", "192.0.2.1")


@pytest.mark.parametrize(
    "records",
    [
        [],
        [_HERE],
        [_OUT],
        [_IN],
        [_IN, _HERE],
        [_OUT, _IN],
        [_IN, rec("AAAA", f"ns1.{ZONE}", "2001:db8::1")],
        [_IN, rec("A", f"*.{ZONE}", "192.0.2.1")],
        [_OUT, rec("CNAME", f"a.{ZONE}", "t.example.net"), rec("TXT", f"a.{ZONE}", "x")],
        [_OUT, rec("CNAME", ZONE, "t.example.net")],
        [_OUT, rec("CNAME", f"a.{ZONE}", "t.example.net"), rec("TXT", f"b.{ZONE}", "x")],
    ],
)
def test_a_name_server_refuses_the_files_that_a_warning_says_it_refuses(tmp_path: Path, records: list[Record]) -> None:
    text = render(ZONE, ZoneText((), (), None, 0), [Existing(record_id(item), item) for item in records])
    warned = [*unserved(ZONE, records), *crowded(ZONE, records)]
    assert bool(refusal(text, tmp_path)) == bool(warned), text.decode()
