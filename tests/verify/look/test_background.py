"""A job beside another: at the same time where there are threads, and after it where the system gives none."""

from __future__ import annotations

import threading

import pytest

from edgegen.verify.look import background as beside_module
from edgegen.verify.look.background import Background


def test_both_run_at_the_same_time() -> None:
    met = threading.Barrier(2, timeout=60)
    with Background(met.wait) as beside:
        met.wait()
    assert beside.result() in (0, 1)


def test_what_it_raises_comes_after_the_block() -> None:
    def broken() -> None:
        raise ValueError("a bug")

    with Background(broken) as beside:
        pass
    with pytest.raises(ValueError, match="a bug"):
        beside.result()


def test_without_a_thread_it_has_its_turn_after_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(beside_module.threading.Thread, "start", start)
    order: list[str] = []
    with Background(lambda: order.append("beside")) as beside:
        order.append("block")
    beside.result()
    assert order == ["block", "beside"]
