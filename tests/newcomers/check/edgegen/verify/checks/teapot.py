"""Hosts that are teapots.

What it does
    Looks at the host's name.

Why
    A teapot makes no coffee.

Example
    `teapot.example.com`

Instead
    A coffee machine.

Verdicts
    is-a-teapot: the name says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Verdict
from edgegen.verify.observation import Observation

IS_A_TEAPOT = Verdict("is-a-teapot", Severity.MEDIUM)


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """One judgement a host."""
    yield Fault(IS_A_TEAPOT, "it is a teapot") if "teapot" in seen.endpoint.host else Good("it is no teapot")


CHECK = Check("EV900", "teapot", Hop.ENTRYPOINT, (IS_A_TEAPOT,), judge)
