"""How long a run waits for which trouble, and when it gives up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from edgegen.dns.apply import ZoneRun
from edgegen.dns.provider import ErrorKind, ProviderError


def _run(made: int = 0, idle: int = 0) -> tuple[Any, list[float]]:
    run: Any = object.__new__(ZoneRun)
    slept: list[float] = []
    run._clock = SimpleNamespace(sleep=slept.append)
    run._tally, run._made_before, run._denied, run._idle = SimpleNamespace(made=made), 2, 0, idle
    return run, slept


@pytest.mark.parametrize(
    ("failure", "wait", "idle", "slept"),
    [
        (ErrorKind.THROTTLED, None, 0, 300.0), (ErrorKind.THROTTLED, 0.0, 0, 0.0),
        (ErrorKind.THROTTLED, 309.0, 0, 309.0),
        (ErrorKind.THROTTLED, 310.0, 0, 310.0), (ErrorKind.THROTTLED, 311.0, 0, 310.0),
        (ErrorKind.UNSURE, None, 0, 1.0), (ErrorKind.UNSURE, None, 1, 2.0), (ErrorKind.UNSURE, 99.0, 2, 4.0),
    ],
)  # fmt: skip
def test_a_trouble_that_passes_is_waited_out(failure: ErrorKind, wait: float | None, idle: int, slept: float) -> None:
    run, found = _run(idle=idle)
    assert run._wait(ProviderError("x", failure, wait=wait)) is True
    assert found == [slept]


def test_a_denial_after_a_success_is_tried_twice_again() -> None:
    run, found = _run(made=3)
    assert [run._wait(ProviderError("x", ErrorKind.DENIED)) for _ in range(4)] == [True, True, False, False]
    assert found == [5.0, 5.0]


@pytest.mark.parametrize("made", [1, 2])
def test_a_denial_before_any_success_is_final(made: int) -> None:
    run, found = _run(made=made)
    assert (run._wait(ProviderError("x", ErrorKind.DENIED)), found) == (False, [])


@pytest.mark.parametrize(("failure", "goes_on"), [(ErrorKind.REFUSED, True), (ErrorKind.ABSENT, False)])
def test_no_other_trouble_is_waited_for(failure: ErrorKind, goes_on: bool) -> None:
    run, found = _run(made=3)
    assert (run._wait(ProviderError("x", failure)), found) == (goes_on, [])
