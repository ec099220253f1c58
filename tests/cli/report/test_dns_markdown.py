"""A plan in a pull request: names and contents of strangers stand in their cells as text, and do nothing."""

from __future__ import annotations

import html
import re

import pytest

from edgegen.cli.report.dns_markdown import code, markdown
from edgegen.cli.report.dns_plan import text
from edgegen.dns.jobs import PlannedZone, ZoneTask
from edgegen.dns.plan import Action, Change, Existing, ZonePlan
from edgegen.dns.provider import Listing, Zone
from edgegen.dns.providers.zonefile import ZonefileProvider
from edgegen.records import Record, RecordType

ZONE = "example.com"
HOSTILE = [
    "a | b | c",
    "a \\| b",
    "a \\\\| b",
    "`rm -rf`",
    "``` \n# heading",
    "x` | delete | A | `www",
    "</td></table><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[approve](https://evil.example)",
    "![](https://evil.example/pixel.png)",
    "https://evil.example",
    "@maintainer #1 please",
    "line\nbreak",
    "line\r\n\r\n- [x] approved",
    "**bold** _it_ ~~gone~~",
    "&lt;b&gt; &#124;",
    "\u202eright to left",
    "  spaces  ",
    "|",
    "\\",
    "`",
    "",
    "\0",
    "\ud800",
]


def planned(content: str, name: str = f"t.{ZONE}") -> list[PlannedZone]:
    record = Record(ZONE, name, RecordType.TXT, content)
    change = Change(Action.SUSPECT, record, Existing("1", record), f"TXT {name} -> {content} was changed")
    task = ZoneTask(ZonefileProvider({}.get, lambda path, data: None), ZONE, ())
    return [PlannedZone(task, Zone("z", ZONE), Listing(()), ZonePlan(ZONE, "house", (change,)))]


def cells(row: str) -> list[str]:
    """A row of a table as GitHub splits it: a pipe that no backslash precedes ends a cell."""
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]


def as_read(cell: str) -> str:
    """What a cell shows: a code span or a code element holds text and nothing else."""
    if found := re.fullmatch(r"`([^`]+)`", cell):
        return found[1]
    found = re.fullmatch(r"<code>([A-Za-z0-9 ]|&#\d+;)*</code>", cell)
    assert found, cell
    return html.unescape(cell[6:-7])


@pytest.mark.parametrize("content", HOSTILE)
def test_a_table_has_a_row_a_record_and_shows_what_it_holds(content: str) -> None:
    shown = markdown(planned(content))
    lines = shown.split("\n")
    assert lines[:4] == [f"### {ZONE}", "", "| | type | name | content | |", "| --- | --- | --- | --- | --- |"]
    assert lines[5:] == ["", "1 suspect"]
    found = cells(lines[4])
    assert found[:3] == ["suspect", "TXT", f"`t.{ZONE}`"]
    assert len(found) == 5
    readable = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in content)
    assert found[3] == "" if not content else as_read(found[3]) == readable
    assert as_read(found[4])
    assert shown.isprintable() or set(filter(lambda c: not c.isprintable(), shown)) == {"\n"}


@pytest.mark.parametrize("content", HOSTILE)
def test_a_plan_on_a_terminal_has_a_line_a_record(content: str) -> None:
    assert len(text(planned(content), verbose=True).split("\n")) == 3


def test_plain_words_stay_readable() -> None:
    assert code("v=spf1 include:_spf.example.net ~all") == "`v=spf1 include:_spf.example.net ~all`"
    assert code("a|b") == "<code>a&#124;b</code>"
