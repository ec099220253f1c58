"""How much is tried: a seeded sample in the usual run, all of it with `pytest --proof` (or EDGEGEN_PROOF=1)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers

VARIABLE = "EDGEGEN_PROOF"
T = TypeVar("T")


def is_proof() -> bool:
    """Whether tests that take long do the whole of their work."""
    return bool(os.environ.get(VARIABLE))


def sized(usual: T, whole: T) -> T:
    """How many, in this run."""
    return whole if is_proof() else usual


def some(cases: Sequence[T], one_in: int) -> Sequence[T]:
    """One case in so many; all of them in the proof."""
    return cases[:: sized(one_in, 1)]


def seed(usual: int) -> int | None:
    """The usual run is the same for everybody: a red one is red again. The proof looks for what is new."""
    return sized(usual, None)


def load_profile(*, quick: bool = False) -> None:
    """One profile of hypothesis for all tests. A loaded machine is slow, so no example has a deadline."""
    settings.register_profile(
        "edgegen",
        max_examples=sized(10 if quick else 20, 500),
        derandomize=not is_proof(),
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )
    settings.load_profile("edgegen")
    if not is_proof():
        leave_out_constants_of_modules()


def leave_out_constants_of_modules() -> None:
    """Hypothesis draws numbers and strings from the code of all modules that are loaded, which hangs on what a worker
    ran before: in spite of its seed a run would not be the same for everybody."""
    nothing = providers._local_constants
    assert len(nothing) == 0, "something was drawn already"
    providers._get_local_constants = lambda: nothing
