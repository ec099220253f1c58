"""A domain of the spec may lie within a larger zone of the provider: the longest end that the token sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError, SpecError
from edgegen.dns.jobs import Choices, ZoneTask
from edgegen.dns.provider import ErrorKind, ProviderError
from edgegen.dns.sync import plan_zones, sync
from edgegen.records import Record, RecordType
from tests.dns.support import ZONE, Scene, scene

IP, OTHER = "192.0.2.1", "192.0.2.9"
HUB, SHOP = f"r.{ZONE}", f"shop.{ZONE}"


def domain(s: Scene, name: str, *hosts: str, zone_id: str | None = None, ip: str = IP) -> ZoneTask:
    records = tuple(Record(name, host, RecordType.A, ip) for host in hosts)
    return ZoneTask(s.provider, name, records, zone_id=zone_id)


def bring(s: Scene, *tasks: ZoneTask, **choices: object) -> int:
    s.state.oracle.must_answer = {record.name for task in tasks for record in task.records}
    return sync(tasks, Choices("house", **choices), s.surroundings(), clock=s.clock).made  # type: ignore[arg-type]


def names(s: Scene) -> set[str]:
    assert not s.state.oracle.wrong
    return {row["name"] for row in s.zone.records.values()}


def test_the_zone_is_the_longest_end_that_the_token_sees() -> None:
    with scene() as s:
        for name in (HUB, f"a.b.{HUB}", ZONE):
            assert s.provider.find_zone(name).name == ZONE
        s.state.add_zone(f"b.{HUB}")
        assert s.provider.find_zone(f"a.b.{HUB}").name == f"b.{HUB}"
        asked = [line["query"] for line in s.state.log]
        assert not any("name=com" in query.split("&") for query in asked), "nobody has a zone of one label"
        with pytest.raises(ProviderError, match="none above it") as absent:
            s.provider.find_zone("www.example.org")
        assert absent.value.failure is ErrorKind.ABSENT


def test_the_zone_that_the_spec_names_wins() -> None:
    with scene() as s:
        near = s.state.add_zone(HUB)
        assert s.provider.find_zone(HUB, s.zone.id).name == ZONE
        assert s.provider.find_zone(HUB).id == near.id
        stranger = s.state.add_zone("notexample.com")
        with pytest.raises(SpecError, match="belongs to notexample"):
            s.provider.find_zone(HUB, stranger.id)


def test_two_zones_of_one_name_above_are_told() -> None:
    with scene() as s:
        s.state.add_zone(ZONE)
        with pytest.raises(SpecError, match=f"2 zones {ZONE}"):
            s.provider.find_zone(HUB)


def test_records_and_marks_are_those_of_any_other_name(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        assert bring(s, domain(s, HUB, HUB)) == 1
        assert bring(s, domain(s, HUB, HUB)) == 0
        (row,) = s.zone.records.values()
        assert (row["name"], row["content"]) == (HUB, IP)
        mark = row["comment"]
    with scene() as s:
        assert bring(s, domain(s, ZONE, HUB)) == 1
        assert next(iter(s.zone.records.values()))["comment"] == mark


def test_prune_stays_within_the_domain(tmp_path: Path) -> None:
    """Another environment of this project may keep the rest of the zone, under the same owner."""
    with scene(tmp_path) as s:
        bring(s, domain(s, ZONE, ZONE, f"www.{ZONE}", f"old.{HUB}", f"notr.{ZONE}"))
        assert bring(s, domain(s, HUB, HUB), prune=True, allow_deletes=1) == 2
        assert names(s) == {ZONE, f"www.{ZONE}", HUB, f"notr.{ZONE}"}


def test_domains_of_one_zone_are_planned_together(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        tasks = [domain(s, ZONE, ZONE), domain(s, HUB, HUB), domain(s, SHOP, SHOP)]
        (planned,) = plan_zones(tasks, Choices("house", prune=True), s.surroundings())
        assert len(planned.plan.writes) == 3
        assert bring(s, *tasks, prune=True) == 3
        assert bring(s, *tasks, prune=True) == 0
        assert bring(s, domain(s, HUB, HUB), domain(s, SHOP, f"a.{SHOP}"), prune=True, allow_deletes=1) == 2
        assert names(s) == {ZONE, HUB, f"a.{SHOP}"}


def test_a_domain_with_a_zone_of_its_own_beside_the_one_above(tmp_path: Path) -> None:
    with scene(tmp_path) as s:
        own = s.state.add_zone(HUB)
        assert bring(s, domain(s, ZONE, ZONE), domain(s, HUB, HUB)) == 2
        assert names(s) == {ZONE}
        assert [row["name"] for row in own.records.values()] == [HUB]


def test_a_stranger_at_the_name_is_a_conflict() -> None:
    with scene() as s:
        s.state.seed(s.zone, type="A", name=HUB, content=OTHER)
        s.state.seed(s.zone, type="A", name=f"www.{ZONE}", content=OTHER)
        with pytest.raises(EdgegenError) as told:
            bring(s, domain(s, HUB, HUB))
        assert told.value.exit_code == 3
        assert len(told.value.problems) == 1
