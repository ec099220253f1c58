"""The nets have no holes: each safeguard is taken away once, and the fake's oracle must see it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError
from edgegen.dns import apply, batches, planning
from edgegen.dns.api import wire
from edgegen.dns.api.envelope import Envelope, opened
from edgegen.dns.diff import Whose, _Planner
from edgegen.dns.marker import Ownership
from edgegen.dns.provider import ErrorKind, ProviderError
from edgegen.dns.providers import cloudflare
from tests.dns.support import ZONE, Scene, rec, scene
from tests.dns.test_concurrency import SERVICES, side_by_side
from tests.fakes.cloudflare_faults import Fault

SRV = rec("SRV", f"_imaps._tcp.{ZONE}", f"1 993 mail.{ZONE}", priority=0)
Plant = Callable[[pytest.MonkeyPatch], None]


def strangers_and_prune(s: Scene) -> None:
    for number in range(3):
        s.state.seed(s.zone, type="A", name=f"x{number}.{ZONE}", content="198.51.100.1")
    s.state.seed(s.zone, type="A", name=f"www.{ZONE}", content="198.51.100.1")
    s.sync([SRV], prune=True)


def lost_answer(s: Scene) -> None:
    s.state.faults = [Fault("rst", phase="after", method="POST")]
    s.sync([SRV])


def empty_list(s: Scene) -> None:
    s.sync([SRV])
    s.state.faults = [Fault("empty", phase="after", method="GET", path="/dns_records", nth=0)]
    s.sync([SRV])


def no_success(s: Scene) -> None:
    s.sync([SRV])
    s.state.faults = [Fault("null", method="GET", path="/dns_records")]
    s.sync([SRV])


def short_list(s: Scene) -> None:
    s.sync([SRV])
    s.state.faults = [Fault("short", phase="after", method="GET", path="/dns_records")]
    s.sync([SRV])


def many_types_change(s: Scene) -> None:
    names = [f"h{number}.{ZONE}" for number in range(150)]
    s.sync([rec("A", name, "192.0.2.1") for name in names])
    s.sync([rec("CNAME", name, "edge.example.net") for name in names], allow_deletes=None)


def no_mark_check(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(_Planner, "_is_ours", lambda self, item: True)
    patch.setattr(Whose, "of", lambda self, item: Ownership.OWNED)


def post_twice(patch: pytest.MonkeyPatch) -> None:
    once = wire.Wire.post

    def post(self: wire.Wire, path: str, body: Any) -> Envelope:
        try:
            return once(self, path, body)
        except ProviderError as error:
            if error.failure is not ErrorKind.UNSURE:
                raise
            return once(self, path, body)

    patch.setattr(wire.Wire, "post", post)


def trust_empty(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(planning, "list_whole", lambda task, zone, choices, known: task.provider.list_zone(zone))


def ignore_success(patch: pytest.MonkeyPatch) -> None:
    def lenient(answer: Any) -> Envelope:
        try:
            return opened(answer)
        except ProviderError:
            return Envelope([], {"total_count": 0})

    patch.setattr(wire, "opened", lenient)
    trust_empty(patch)  # the second line of defence would hide what the first one lets through


def trust_short(patch: pytest.MonkeyPatch) -> None:
    def short(self: Any, zone: Any) -> Any:
        return self._wire.get(f"/zones/{zone.id}/dns_records", {"per_page": 5000}).result, 1

    patch.setattr(cloudflare.Cloudflare, "_pages", short)
    trust_empty(patch)


def delete_first(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(batches, "_belong_together", lambda changes: False)
    patch.setattr(batches, "_ORDER", tuple(reversed(batches._ORDER)))


PLANTED: dict[str, tuple[Callable[[Scene], None], Plant, str]] = {
    "the mark is not looked at": (strangers_and_prune, no_mark_check, "I1"),
    "a POST is repeated": (lost_answer, post_twice, "I2"),
    "an empty list is trusted": (empty_list, trust_empty, "I2"),
    "success: false is ignored": (no_success, ignore_success, "I2"),
    "a short list is trusted": (short_list, trust_short, "I2"),
    "deletes go first": (many_types_change, delete_first, "I4"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_caught(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    act, plant, sees = PLANTED[name]
    for planted in (False, True):
        with scene(tmp_path / str(planted)) as s:
            if planted:
                plant(monkeypatch)
            try:
                act(s)
            except EdgegenError:
                assert not planted or s.state.oracle.wrong, "the fault was caught by something else"
            assert any(line.startswith(sees) for line in s.state.oracle.wrong) is planted


def test_twins_that_stay_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apply, "late_twins", lambda *_: ())
    with pytest.raises(AssertionError):  # the third run finds something to do
        for seed in range(20):
            side_by_side(seed, SERVICES)
