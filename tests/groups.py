"""Which worker takes which tests: xdist's groups, told in less time."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler.loadgroup import LoadGroupScheduling
from xdist.workermanage import WorkerController


class Groups(LoadGroupScheduling):
    """What xdist's own does. That looks each test up in the list of all, and counts all that are done after each.

    With ten thousand tests that is a third of what the process uses that hands them out. Here a unit of work holds
    only the tests that wait, a worker only the units that have some, and a place is found by its name.
    """

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        super().__init__(config, log)
        self._places: dict[str, int] = {}

    def schedule(self) -> None:
        """All workers have collected the same tests in the same order, or none gets any."""
        if not self._places:
            first = next(iter(self.registered_collections.values()))
            self._places = {nodeid: place for place, nodeid in enumerate(first)}
        super().schedule()

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        nodeid = self.registered_collections[node][item_index]
        units = self.assigned_work[node]
        group = self._split_scope(nodeid)
        del units[group][nodeid]
        if not units[group]:
            del units[group]
        self._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        group, unit = self.workqueue.popitem(last=False)
        self.assigned_work[node][group] = unit
        node.send_runtest_some([self._places[nodeid] for nodeid in unit])

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        return sum(map(len, workload.values()))
