"""What an interrupt says: what was done before it, however far the command has come since."""

from __future__ import annotations

import pytest

from edgegen.core.errors import OutsideError, Problem
from edgegen.system.stop import (
    UNKNOWN,
    begin,
    done,
    is_disguised,
    partial_if,
    so_far,
    unseen,
    when_stopped,
    when_undone,
    words_of,
)


@pytest.fixture(autouse=True)
def _at_the_start() -> None:
    begin()


def said(stop: BaseException) -> str:
    return words_of(stop, "nothing was changed")


def test_nothing_is_done_at_first() -> None:
    assert said(KeyboardInterrupt()) == "nothing was changed"


def test_what_was_done_stays_done() -> None:
    with when_stopped("files may be written"):
        pass
    assert said(KeyboardInterrupt()) == "files may be written"
    begin()
    assert so_far() == ""


def test_the_end_of_a_step_can_say_it_more_precisely() -> None:
    with when_stopped("files may be written") as ended:
        ended("the files are written")
    assert said(KeyboardInterrupt()) == "the files are written"


def test_a_step_that_did_nothing_says_nothing() -> None:
    done("one was added")
    with when_stopped("files may be written") as ended:
        ended("")
    assert said(KeyboardInterrupt()) == "one was added"


def test_the_inner_step_that_is_over_knows_better_than_the_outer_one() -> None:
    with pytest.raises(KeyboardInterrupt) as told, when_stopped("nothing was started"):
        with when_stopped("the stack was changed"):
            pass
        raise KeyboardInterrupt
    assert said(told.value) == "the stack was changed"


def test_the_same_where_both_come_to_their_end() -> None:
    with when_stopped("nothing was started"), when_stopped("the stack was changed"):
        pass
    assert said(KeyboardInterrupt()) == "the stack was changed"


def test_an_interrupt_between_the_block_and_its_end() -> None:
    """Python leaves the block without telling it, and closes what waits there when it is freed."""
    block = when_stopped("files may be written")
    block.__enter__()
    del block
    assert said(KeyboardInterrupt()) == "files may be written"


def test_what_is_taken_back_was_not_done() -> None:
    undone, stopped = when_undone("nothing was left behind"), when_stopped("files may be written")
    with pytest.raises(KeyboardInterrupt) as told, undone, stopped:
        unseen([Problem("a password was not shown")])
        raise KeyboardInterrupt
    assert said(told.value) == "nothing was left behind"
    assert said(KeyboardInterrupt()) == "nothing was changed"


def test_what_was_not_shown_is_named_until_it_is() -> None:
    done("the files are written")
    unseen([Problem("the password of ci is set, but could not be shown", hint="run `x` to set another")])
    assert said(KeyboardInterrupt()) == (
        "the files are written; the password of ci is set, but could not be shown: run `x` to set another"
    )
    unseen(())
    assert said(KeyboardInterrupt()) == "the files are written"


def test_what_is_asked_for_is_asked_once_and_late() -> None:
    asked: list[int] = []

    def say() -> str:
        asked.append(1)
        return "the stack was changed"

    with partial_if(lambda: True, say):
        pass
    assert asked == []
    assert (said(KeyboardInterrupt()), asked) == ("the stack was changed", [1])


def test_a_second_interrupt_while_it_is_asked_does_not_claim_that_nothing_was_changed() -> None:
    def say() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as told, when_stopped("nothing was started"), when_stopped(say):
        raise KeyboardInterrupt
    assert said(told.value) == UNKNOWN


def test_an_error_is_no_interrupt() -> None:
    with pytest.raises(OutsideError), when_stopped("files may be written"):
        raise OutsideError("gone")
    assert so_far() == ""


def interrupted_while_waiting_for_a_lock() -> None:
    """As `threading.Condition.wait` does: a lock that is released without being held."""
    try:
        raise KeyboardInterrupt
    finally:
        raise RuntimeError("cannot release un-acquired lock")


def test_an_interrupt_that_comes_out_as_another_error_says_it_too() -> None:
    with pytest.raises(RuntimeError) as told, when_stopped("files may be written"):
        interrupted_while_waiting_for_a_lock()
    assert is_disguised(told.value)
    assert said(told.value) == "files may be written"


@pytest.mark.parametrize("error", [RuntimeError("a bug"), ValueError("a bug"), KeyboardInterrupt()])
def test_what_is_not_disguised(error: BaseException) -> None:
    assert not is_disguised(error)
