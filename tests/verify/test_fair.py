"""Which time-outs tell something of the other side."""

from __future__ import annotations

import pytest

from edgegen.verify.fair import fair
from edgegen.verify.observation import AddressSeen, Failure, Phase, RegistrySeen, Response, TlsSeen, Trouble


def late(seconds: float, trouble: Trouble = Trouble.TIMEOUT) -> Failure:
    return Failure(trouble, Phase.HEADER, "no time was left", seconds)


def answer(failure: Failure | None) -> Response:
    return Response("https://a.test/", failure=failure)


@pytest.mark.parametrize(
    ("failure", "stays"),
    [
        (late(9.9), True),
        (late(5.0), True),
        (late(4.9), False),
        (late(0.0), False),
        (late(0.0, Trouble.RESET), True),
        (None, True),
    ],
)
def test_an_answer_must_have_had_half_of_the_time(failure: Failure | None, stays: bool) -> None:
    seen = AddressSeen(
        "192.0.2.1",
        answers=(answer(failure),),
        plain=(answer(failure),),
        exposed=(answer(failure),),
        registry=RegistrySeen(answer(failure), answer(failure), answer(failure)),
    )
    judged = fair(seen, 10.0)
    assert (judged == seen) is stays
    assert judged.registry is not None
    found = [*judged.answers, *judged.plain, *judged.exposed, judged.registry.anonymous, judged.registry.wrong]
    for one in (*found, judged.registry.right):
        assert one is not None
        assert stays or (one.failure is not None and one.failure.trouble is Trouble.LOCAL)


@pytest.mark.parametrize(
    ("seconds", "timeout", "stays"), [(3.0, 10, True), (2.9, 10, False), (1, 2, True), (0, 2, False)]
)
def test_a_connection_and_a_handshake_need_less(seconds: float, timeout: float, stays: bool) -> None:
    for seen in (
        AddressSeen("192.0.2.1", connect=late(seconds)),
        AddressSeen("192.0.2.1", plain_connect=late(seconds)),
        AddressSeen("192.0.2.1", tls=TlsSeen(late(seconds))),
    ):
        assert (fair(seen, timeout) == seen) is stays


def test_it_says_how_much_time_there_was() -> None:
    judged = fair(AddressSeen("192.0.2.1", answers=(answer(late(0.349)),)), 1.0)
    failure = judged.answers[0].failure
    assert failure is not None
    assert failure.detail == "0.35 of its 1 s were left: see --timeout"
