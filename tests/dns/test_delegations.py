"""NS records below the zone: others answer for their names, and Cloudflare refuses records there, or hides them."""

from __future__ import annotations

import pytest

from edgegen.core.errors import EdgegenError, RefusedError
from edgegen.records import Record
from tests.dns.support import ZONE, Scene, rec, scene

SUB, IP = f"sub.{ZONE}", "192.0.2.1"
NS = rec("NS", SUB, "ns1.example.net")
AT, BELOW, ELSEWHERE = rec("A", SUB, IP), rec("A", f"x.{SUB}", IP), rec("A", f"www.{ZONE}", IP)
SERVED_HERE = rec("NS", SUB, SUB)
"""A server with the name of the zone that it serves: its address is there."""


def by_hand(s: Scene, server: str = "ns1.example.net") -> None:
    s.state.seed(s.zone, type="NS", name=SUB, content=server)


def refusal(s: Scene, *wanted: Record, **choices: object) -> str:
    before = dict(s.zone.records)
    with pytest.raises(EdgegenError) as told:
        s.sync(wanted, **choices)
    assert s.zone.records == before
    assert told.value.exit_code == (3 if isinstance(told.value, RefusedError) else 4)
    return str(told.value)


@pytest.mark.parametrize("shadows", [False, True])
@pytest.mark.parametrize("adopt", [frozenset[str](), frozenset({SUB})])
@pytest.mark.parametrize("wanted", [AT, rec("AAAA", SUB, "2001:db8::1"), rec("CNAME", SUB, "t.example.net")])
def test_an_address_where_others_answer_is_a_conflict(wanted: Record, adopt: frozenset[str], shadows: bool) -> None:
    with scene(shadows=shadows) as s:
        by_hand(s)
        said = refusal(s, wanted, ELSEWHERE, adopt=adopt)
        why = "leaves the name to other servers and was not made by edgegen: remove it, or put the name under `ignore`"
        assert f"NS {SUB} -> ns1.example.net {why}" in said
        assert s.writes() == 0


def test_our_own_delegation_goes_in_the_request_that_makes_the_address() -> None:
    with scene() as s:
        s.sync([NS])
        said = refusal(s, AT, ELSEWHERE)
        assert (
            f"NS {SUB} -> ns1.example.net leaves the name to other servers and is no longer in the spec: --prune"
            in said
        )
        made = s.sync([AT, ELSEWHERE], prune=True)
        assert (made.made, made.warnings, s.writes()) == (3, (), 2)
        assert s.held() == {("A", SUB, IP), ("A", ELSEWHERE.name, IP)}


def test_a_server_with_the_name_of_its_zone_has_its_address_there() -> None:
    with scene(shadows=True) as s:
        by_hand(s, SUB)
        assert s.sync([AT]).made == 1
        refusal(s, rec("CNAME", SUB, "t.example.net"))
        assert s.sync([AT, SERVED_HERE]).made == 0


def test_servers_of_the_zone_itself_are_in_nobodys_way() -> None:
    with scene() as s:
        s.state.seed(s.zone, type="NS", name=ZONE, content="ns1.example.net")
        assert s.sync([rec("A", ZONE, IP)]).made == 1


def test_below_a_delegation_it_is_for_the_provider_to_say() -> None:
    warning = f"{SUB} is delegated to ns1.example.net, which answers for x.{SUB}: records here have no effect"
    with scene(shadows=True) as s:
        by_hand(s)
        assert s.sync([BELOW]).warnings == (warning,)
    with scene() as s:
        by_hand(s)
        assert s.plan([BELOW, ELSEWHERE]).warnings == (warning,)
        said = refusal(s, BELOW, ELSEWHERE)
        assert said.startswith(f"create A x.{SUB}: Cloudflare answered 400 without success: 89018 ")
        assert said.endswith("; no change is visible in the listing")


def test_a_delegation_that_changes_is_named_as_it_will_be() -> None:
    with scene(shadows=True) as s:
        s.sync([NS])
        moved = rec("NS", SUB, "ns9.example.net")
        assert s.plan([moved, BELOW]).warnings == (
            f"{SUB} is delegated to ns9.example.net, which answers for x.{SUB}: records here have no effect",
        )
