"""A point in time; and which time-outs say something about the other side."""

from __future__ import annotations

import pytest

from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.net.deadline import ENOUGH, Deadline


def late(seconds: float, trouble: Trouble = Trouble.TIMEOUT) -> Failure:
    return Failure(trouble, Phase.HEADER, "no time was left", seconds)


@pytest.mark.parametrize(
    ("failure", "stays"),
    [(late(9.9), True), (late(5.0), True), (late(4.9), False), (late(0.0), False), (late(0.0, Trouble.RESET), True)],
)
def test_an_answer_must_have_had_half_of_the_time(failure: Failure, stays: bool) -> None:
    judged = Deadline.after(1.0, 10.0).judged(failure)
    assert (judged == failure) is stays
    assert stays or judged.trouble is Trouble.LOCAL


@pytest.mark.parametrize(
    ("seconds", "whole", "stays"), [(3.0, 10, True), (2.9, 10, False), (1, 2, True), (0, 2, False)]
)
def test_a_connection_and_a_handshake_need_less(seconds: float, whole: float, stays: bool) -> None:
    assert (Deadline.after(1.0, whole).judged(late(seconds), ENOUGH) == late(seconds)) is stays


def test_it_says_how_much_time_there_was() -> None:
    judged = Deadline.after(0.0, 1.0).judged(late(0.349))
    assert judged.detail == "0.35 of its 1 s were left: see --timeout"


def test_where_nobody_knows_the_whole_a_time_out_stays_one() -> None:
    assert Deadline.after(0.0).judged(late(0.0)) == late(0.0)


def test_a_part_ends_no_later_than_the_whole() -> None:
    whole = Deadline.after(10.0, 20.0)
    assert whole.within(60.0) == whole
    part = whole.within(1.0)
    assert 0.5 < part.left <= 1.0
    assert part.whole == 20.0
    assert Deadline.after(-1.0).left == 0.0
