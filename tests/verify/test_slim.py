"""What is kept of long answers."""

from __future__ import annotations

from dataclasses import replace

from edgegen.verify.observation import AddressSeen, Phase, RegistrySeen, Response, Trouble
from edgegen.verify.slim import KEPT, slim
from tests.verify.checks.making import failure


def answer(size: int) -> Response:
    return Response("https://a.test/", 200, (("server", "x"),), b"x" * size, 0.5)


def test_every_body_is_cut_and_nothing_else_changes() -> None:
    long, short, cut = answer(KEPT + 1), answer(19), answer(KEPT)
    seen = AddressSeen(
        "192.0.2.1",
        answers=(short, long),
        plain=(long,),
        registry=RegistrySeen(long, wrong=long, right=short, user="ci"),
        exposed=(long, short),
    )
    assert slim(seen) == AddressSeen(
        "192.0.2.1",
        answers=(short, cut),
        plain=(cut,),
        registry=RegistrySeen(cut, wrong=cut, right=short, user="ci"),
        exposed=(cut, short),
    )


def test_what_is_short_stays() -> None:
    seen = AddressSeen("192.0.2.1", answers=(answer(KEPT),), registry=RegistrySeen(answer(5)))
    assert slim(seen) == seen


def test_of_what_broke_off_the_length_is_known() -> None:
    broken = replace(answer(60_000), failure=failure(Trouble.TIMEOUT, Phase.BODY))
    assert slim(AddressSeen("192.0.2.1", answers=(broken,))).answers == (broken,)
    endless = replace(broken, failure=failure(Trouble.TOO_LARGE, Phase.BODY))
    (kept,) = slim(AddressSeen("192.0.2.1", answers=(endless,))).answers
    assert (len(kept.body), kept.failure) == (KEPT, endless.failure)
