"""One finds out for all who ask, and nobody waits beyond its own deadline."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from edgegen.net.deadline import Deadline
from edgegen.verify.look.background import Background
from edgegen.verify.look.memo import Memo


def test_one_asks_and_all_know() -> None:
    memo: Memo[str, int] = Memo(60)
    asked: list[int] = []
    go = threading.Event()

    def find_out() -> int:
        asked.append(1)
        go.wait(60)
        return 7

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(memo.get, "a", find_out, Deadline.after(60)) for _ in range(20)]
        go.set()
        assert {answer.result() for answer in answers} == {7}
    assert len(asked) == 1


def test_each_key_has_an_answer_of_its_own() -> None:
    memo: Memo[int, int] = Memo(60)
    assert [memo.get(key, lambda key=key: key * 2, Deadline.after(60)) for key in (1, 2, 1)] == [2, 4, 2]  # type: ignore[misc]


@pytest.mark.slow
def test_who_waits_for_another_ends_at_his_own_deadline() -> None:
    memo: Memo[str, int] = Memo(60)
    go, begun = threading.Event(), threading.Event()

    def find_out() -> int:
        begun.set()
        go.wait(60)
        return 7

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(memo.get, "a", find_out, Deadline.after(60))
        begun.wait(60)
        started = time.monotonic()
        assert memo.get("a", lambda: 8, Deadline.after(0.2)) is None
        assert 0.15 < time.monotonic() - started < 20
        go.set()
        assert slow.result() == 7
    assert memo.get("a", lambda: 8, Deadline.after(0)) == 7


def test_an_answer_gets_old_and_none_is_never_kept() -> None:
    old: Memo[str, int] = Memo(-1)
    answers = iter((1, 2))
    assert [old.get("a", lambda: next(answers), Deadline.after(60)) for _ in range(2)] == [1, 2]
    kept: Memo[str, int] = Memo(60)
    assert kept.get("a", lambda: None, Deadline.after(60)) is None
    assert kept.get("a", lambda: 3, Deadline.after(60)) == 3


def test_an_error_is_the_finders_own_and_the_next_one_asks_again() -> None:
    memo: Memo[str, int] = Memo(60)

    def fail() -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        memo.get("a", fail, Deadline.after(60))
    assert memo.get("a", lambda: 3, Deadline.after(60)) == 3


def test_beside_gives_the_result_or_raises_it() -> None:
    with Background(lambda: 7) as job:
        pass
    assert job.result() == 7

    def fail() -> int:
        raise ValueError("no")

    with Background(fail) as failing:
        pass
    with pytest.raises(ValueError, match="no"):
        failing.result()
