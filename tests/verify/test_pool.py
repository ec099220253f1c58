"""Jobs on threads: at most so many at once, results in the caller's own thread, and no bug that is lost."""

from __future__ import annotations

import resource
import threading

import pytest

from edgegen.core.errors import LocalIOError
from edgegen.verify import pool as pool_module
from edgegen.verify.pool import Pool, affordable

LONG = 20.0


def finish(pool: Pool, found: list[object], number: int) -> None:
    while len(found) < number:
        pool.step(LONG)


def test_results_come_in_the_thread_that_asks() -> None:
    found: list[object] = []
    with Pool(4) as pool:
        for number in range(20):
            pool.submit(lambda number=number: number * 2, lambda value: found.append((value, threading.get_ident())))
        finish(pool, found, 20)
    assert sorted(value for value, _ in found) == [number * 2 for number in range(20)]  # type: ignore[misc]
    assert {ident for _, ident in found} == {threading.get_ident()}  # type: ignore[misc]


def test_so_many_at_once_and_no_more() -> None:
    """Three jobs meet at a barrier; with a fourth thread a fourth would have begun."""
    barrier, begun, found = threading.Barrier(3), [0], list[object]()

    def job() -> int:
        begun[0] += 1
        barrier.wait(LONG)
        return begun[0]

    with Pool(3) as pool:
        for _ in range(6):
            pool.submit(job, found.append)
        finish(pool, found, 6)
    assert max(found) == 6  # type: ignore[type-var]
    assert pool._started == 3


def test_what_is_soon_comes_first() -> None:
    gate, found = threading.Event(), list[object]()
    with Pool(1) as pool:
        pool.submit(lambda: gate.wait(LONG), lambda _: found.append("first"))
        pool.submit(lambda: "later", found.append)
        pool.submit(lambda: "soon", found.append, soon=True)
        gate.set()
        finish(pool, found, 3)
    assert found == ["first", "soon", "later"]


def test_a_bug_comes_to_whoever_waits() -> None:
    def broken() -> None:
        raise ZeroDivisionError("planted")

    with Pool(2) as pool, pytest.raises(ZeroDivisionError, match="planted") as caught:
        pool.submit(broken, print)
        pool.step(LONG)
    assert "broken" in [entry.name for entry in caught.traceback]


def test_idle_threads_leave_and_waiting_jobs_are_dropped() -> None:
    gate, begun = threading.Event(), threading.Event()
    ran: list[str] = []
    threads: list[threading.Thread] = []

    def first() -> None:
        threads.append(threading.current_thread())
        begun.set()
        gate.wait(LONG)

    with Pool(1) as pool:
        pool.submit(first, print)
        pool.submit(lambda: ran.append("second"), print)
        begun.wait(LONG)
    gate.set()
    threads[0].join(LONG)
    assert not threads[0].is_alive()
    assert ran == []


def test_nothing_within_the_time_is_no_error() -> None:
    with Pool(1) as pool:
        pool.step(0.01)


def test_a_system_that_gives_few_threads_gets_few(monkeypatch: pytest.MonkeyPatch) -> None:
    real, left, found = threading.Thread.start, [2], list[object]()

    def start(self: threading.Thread) -> None:
        if left[0] == 0:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        real(self)

    monkeypatch.setattr(pool_module.threading.Thread, "start", start)
    with Pool(8) as pool:
        for number in range(8):
            pool.submit(lambda number=number: number, found.append)
        finish(pool, found, 8)
    assert sorted(found) == list(range(8))  # type: ignore[type-var]
    with Pool(8) as pool, pytest.raises(LocalIOError, match="can't start a thread"):
        pool.submit(lambda: 1, print)


@pytest.mark.parametrize(
    ("files", "threads"), [(resource.RLIM_INFINITY, 64), (1024, 64), (256, 44), (64, 6), (33, 1), (3, 1)]
)
def test_no_more_threads_than_there_are_files_for(monkeypatch: pytest.MonkeyPatch, files: int, threads: int) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, files))
    assert affordable(64) == threads
    assert affordable(1) == 1
