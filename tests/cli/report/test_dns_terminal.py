"""A plan and the state of the DNS on a terminal: what a record contains can't pass for a line of edgegen's."""

from __future__ import annotations

import re

import pytest

from edgegen.cli.report import dns_status
from edgegen.cli.report.dns_plan import text
from edgegen.cli.screen import PLAIN, Screen
from edgegen.core.columns import width
from edgegen.dns.propagation import Spread
from edgegen.records import RecordType
from tests.cli.report.test_dns_markdown import HOSTILE, ZONE, planned

FORGED = f"  - delete   A     www.{ZONE} -> 192.0.2.1"
A_CHANGE = re.compile(r"^  [-+~=?.!] [a-z]")
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize("columns", [None, 60, 80, 140])
def test_a_record_can_not_forge_a_change(columns: int | None) -> None:
    for content in (*HOSTILE, *(f"{'x' * length}{FORGED}" for length in range(140)), "日本語" * 60):
        shown = text(planned(content), screen=Screen(columns))
        assert sum(A_CHANGE.match(line) is not None for line in shown.splitlines()) == 1, shown
        assert not HARMFUL.search(shown)
        if columns:
            assert all(width(line) <= columns for line in shown.splitlines())


def test_a_long_name_is_whole_on_a_line_of_its_own() -> None:
    name = f"{'n' * 60}.{'m' * 60}.{ZONE}"
    assert f"\n        {name}\n" in text(planned("x", name), screen=Screen(60))
    assert f" {name} -> x" in text(planned("x", name), screen=PLAIN)


def spread(*wanted: str, name: str = f"www.{ZONE}") -> Spread:
    return Spread(
        name, RecordType.A, wanted, proxied=False, at_provider=("192.0.2.9",), at_authorities=(), resolved=None
    )


def test_the_state_of_a_record_fits() -> None:
    seen = [spread("192.0.2.1", name=f"{'n' * 50}.{ZONE}"), spread("192.0.2.9")]
    shown = dns_status.text(seen, verbose=False, screen=Screen(80)).splitlines()
    assert shown == [
        f"differs at the provider A     {'n' * 50}.{ZONE}",
        "    -> 192.0.2.1",
        "    at the provider: 192.0.2.9",
        f"not looked up           A     www.{ZONE} -> 192.0.2.9",
        "    at the provider: 192.0.2.9",
    ]
    plain = dns_status.text(seen[1:], verbose=False, screen=PLAIN).splitlines()
    assert plain[0] == f"not looked up            A     www.{ZONE} -> 192.0.2.9"


def test_the_state_of_a_record_commands_no_terminal() -> None:
    for columns in (None, 60):
        assert not HARMFUL.search(dns_status.text([spread(*HOSTILE)], verbose=True, screen=Screen(columns)))


def test_a_forged_change_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: lines that hang as deep as a sign."""
    monkeypatch.setattr("edgegen.cli.report.dns_plan._HANGING", "  ")
    with pytest.raises(AssertionError):
        test_a_record_can_not_forge_a_change(60)
