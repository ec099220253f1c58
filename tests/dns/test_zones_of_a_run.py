"""Zones before anything is planned: tasks of one zone become one, and a zone that would loop is refused."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.core.errors import RefusedError
from edgegen.dns.jobs import PlannedZone, ZoneTask
from edgegen.dns.plan import ZonePlan
from edgegen.dns.planning import found
from edgegen.dns.provider import Listing, Zone
from edgegen.dns.safety import refuse_flexible
from edgegen.records import Record
from tests.dns.support import rec

A, B = rec("A", "a.example.com", "192.0.2.1"), rec("A", "b.example.com", "192.0.2.1")
LAB, SHOP = rec("A", "x.lab.example.com", "192.0.2.1"), rec("A", "x.shop.example.com", "192.0.2.1")


class Modes:
    """A provider that knows which zones there are, and their SSL modes."""

    def __init__(self, **modes: str) -> None:
        self.modes = modes

    def find_zone(self, name: str, zone_id: str | None = None) -> Zone:
        return Zone(zone_id or "one", "example.com" if name.endswith("example.com") else name)

    def ssl_mode(self, zone: Zone) -> str:
        return self.modes[zone.id]


def task(provider: Any, zone: str, *records: Record, **more: Any) -> ZoneTask:
    return ZoneTask(provider, zone, records, **more)


@pytest.mark.parametrize(
    ("names", "domains"),
    [
        (["example.com"], ()),
        (["lab.example.com"], ("lab.example.com",)),
        (["lab.example.com", "shop.example.com"], ("lab.example.com", "shop.example.com")),
        (["example.com", "lab.example.com"], ()),
        (["lab.example.com", "example.com"], ()),
        (["lab.example.com", "shop.example.com", "example.com"], ()),
    ],
)
def test_who_works_in_the_whole_zone_works_in_all_of_it(names: list[str], domains: tuple[str, ...]) -> None:
    """Parts of a zone are parts only as long as nobody has the whole."""
    provider, said = Modes(), list[str]()
    ((joined, zone),) = found([task(provider, name) for name in names], said.append)
    assert (joined.domains, zone.name) == (domains, "example.com")
    assert said == [f"looking for {name}" for name in names]


def test_nothing_of_two_tasks_of_one_zone_is_lost() -> None:
    provider = Modes()
    tasks = [
        task(provider, "lab.example.com", LAB, ignore=("*.old",)),
        task(provider, "shop.example.com", SHOP, ignore=("x*",)),
    ]
    ((joined, _),) = found(tasks)
    assert (joined.zone, joined.records, joined.ignore) == ("example.com", (LAB, SHOP), ("*.old", "x*"))


def test_other_zones_and_other_providers_are_not_joined() -> None:
    one, other = Modes(), Modes()
    tasks = [task(one, "example.com"), task(one, "example.com", zone_id="two"), task(other, "example.com")]
    assert [zone.id for _, zone in found(tasks)] == ["one", "two", "one"]


def planned(provider: Any, zone_id: str, *records: Record) -> PlannedZone:
    zone = Zone(zone_id, f"{zone_id}.test")
    return PlannedZone(task(provider, zone.name, *records), zone, Listing(()), ZonePlan(zone.name, "house", ()))


def proxied(name: str) -> Record:
    return rec("A", name, "192.0.2.1", proxied=True)


def test_a_proxied_host_in_a_flexible_zone_is_refused() -> None:
    provider = Modes(one="flexible", two="flexible", three="full", four="strict")
    zones = [
        planned(provider, "one", A, proxied("p.one.test"), proxied("q.one.test")),
        planned(provider, "two", proxied("p.two.test")),
        planned(provider, "three", proxied("p.three.test")),
        planned(provider, "four", proxied("p.four.test")),
    ]
    with pytest.raises(RefusedError) as told:
        refuse_flexible(zones)
    assert [(problem.message, problem.hint) for problem in told.value.problems] == [
        (
            f"{zone}: SSL mode is Flexible, and p.{zone} is proxied: Cloudflare asks the edge over http, the edge "
            "redirects to https, and that never ends",
            "set the zone's SSL/TLS mode to Full (strict)",
        )
        for zone in ("one.test", "two.test")
    ]


def test_a_proxied_host_in_a_zone_without_encryption_is_refused() -> None:
    """There the edge and Cloudflare redirect to each other."""
    with pytest.raises(RefusedError) as told:
        refuse_flexible([planned(Modes(one="off"), "one", proxied("p.one.test"))])
    assert [problem.message for problem in told.value.problems] == [
        "one.test: SSL mode is Off, and p.one.test is proxied: the edge redirects to https, Cloudflare redirects to "
        "http, and that never ends"
    ]


def test_a_zone_without_proxied_hosts_is_not_asked_for_its_mode() -> None:
    provider = Modes(three="full")
    refuse_flexible([planned(provider, "one", A, B), planned(provider, "three", proxied("p.three.test"))])
