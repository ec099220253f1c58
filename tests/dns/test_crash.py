"""The process is killed at every request of one large sync, before it is sent and after it was applied."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edgegen.core.secret import Secret
from edgegen.dns.api.wire import Wire
from edgegen.dns.jobs import Choices, Surroundings, ZoneTask
from edgegen.dns.providers.cloudflare import Cloudflare as Provider
from edgegen.dns.sync import sync
from edgegen.records import Record
from tests.dns.support import ZONE, rec, scene, shelf
from tests.fakes.cloudflare import TOKEN, Process, process
from tests.sizes import some

KILLED = 77
OLD = [
    *(rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(200)),
    *(rec("CNAME", f"t{number}.{ZONE}", "old.example.net") for number in range(60)),
    *(rec("A", f"gone{number}.{ZONE}", "192.0.2.1") for number in range(20)),
]
NEW = [
    *(rec("A", f"h{number}.{ZONE}", "192.0.2.2") for number in range(200)),
    *(rec("A", f"t{number}.{ZONE}", "192.0.2.3") for number in range(60)),
    *(rec("SRV", f"_s{number}._tcp.{ZONE}", "1 993 mail.example.net", priority=0) for number in range(60)),
]  # 200 updates, 60 changes of type (120 operations), 60 new ones, 20 deletions
REQUESTS = 5
"""The zone, its list, two batches, and the list again."""


def go(url: str, want: list[Record], folder: Path) -> int:
    with_leave = Choices("house", prune=True, allow_deletes=None)
    task = ZoneTask(Provider(Secret(TOKEN), None, url), ZONE, tuple(want))
    return sync([task], with_leave, Surroundings(shelf=shelf(folder))).total


def in_child(act: Callable[[], None]) -> int:
    """The exit status of a process of its own."""
    child = os.fork()
    if child == 0:
        try:
            act()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(number: int, when: str, url: str, folder: Path) -> None:
    """A sync whose process ends, as if by SIGKILL, at its request `number`."""
    original, seen = Wire._send, 0

    def send(self: Wire, *words: object, **more: object) -> object:
        nonlocal seen
        seen += 1
        if seen == number and when == "before":
            os._exit(KILLED)
        answer = original(self, *words, **more)
        if seen == number:
            os._exit(KILLED)
        return answer

    Wire._send = send
    go(url, NEW, folder)


def zone_with_old_and_strangers(fake: Process, folder: Path) -> list[str]:
    rows = [{"type": "A", "name": f"x{number}.{ZONE}", "content": "198.51.100.1"} for number in range(100)]
    strangers = fake.ask("zone", name=ZONE, records=rows)["records"]
    go(fake.url, OLD, folder)
    fake.ask("oracle", must_answer=[record.name for record in NEW if record.type == "A"])
    return strangers


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed(number: int, when: str, tmp_path: Path) -> None:
    with process() as fake:
        strangers = zone_with_old_and_strangers(fake, tmp_path)
        assert in_child(lambda: killed_at(number, when, fake.url, tmp_path)) == KILLED
        go(fake.url, NEW, tmp_path)
        fake.ask("forget")
        assert go(fake.url, NEW, tmp_path) == 0
        told = fake.ask("state")
        assert [line["method"] for line in told["log"]] == ["GET", "GET"]
        assert told["wrong"] == []
        held = told["zones"][ZONE]
        assert {row["id"] for row in held} >= set(strangers)
        assert len(held) == len(NEW) + len(strangers)


@pytest.mark.slow
def test_there_is_no_further_request_to_be_killed_at(tmp_path: Path) -> None:
    with process() as fake:
        zone_with_old_and_strangers(fake, tmp_path)
        assert in_child(lambda: killed_at(REQUESTS + 1, "before", fake.url, tmp_path)) == 0


@pytest.mark.slow
def test_each_pair_of_broken_answers_of_a_small_sync(tmp_path: Path) -> None:
    """Two faults in one sync of twelve changes, at every pair of requests, before and after."""
    from tests.fakes.cloudflare_faults import Fault

    want = [*(rec("A", f"h{number}.{ZONE}", "192.0.2.1") for number in range(11)), NEW[-1]]
    moments = [(nth, phase) for nth in range(1, 7) for phase in ("before", "after")]
    pairs = [(a, b) for a in moments for b in moments if a < b]
    for number, (first, second) in enumerate(some(pairs, 4)):
        with scene(tmp_path / str(number)) as s:
            s.state.faults = [Fault("rst", *first), Fault("rst", *second)]
            s.sync(want)
            assert s.sync(want).total == 0
            assert len(s.zone.records) == 12
            assert s.state.oracle.wrong == []
