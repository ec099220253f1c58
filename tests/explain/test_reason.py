"""Reasons and what they do to links."""

from __future__ import annotations

import pytest

from edgegen.core.location import Location
from edgegen.explain.reason import Reason, Weight, joined
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State
from tests.explain.making import links

PLACE = Location("edge.yaml", 7, 5)


def reason(weight: Weight, sentence: str = "why", hop: Hop = Hop.ROUTER, **changes: object) -> Reason:
    return Reason(hop, weight, sentence, "mend", PLACE, **changes)  # type: ignore[arg-type]


def router(state: str, *reasons: Reason) -> Link:
    return next(link for link in joined(links(router=state), reasons) if link.hop is Hop.ROUTER)


@pytest.mark.parametrize(
    ("weight", "good", "not_seen"),
    [
        (Weight.REMARK, "good", "not-seen"),
        (Weight.EXPLAINS, "good", "not-seen"),
        (Weight.CAUSE, "good", "broken"),
        (Weight.FAULT, "broken", "broken"),
    ],
)
def test_weights(weight: Weight, good: str, not_seen: str) -> None:
    assert router("good", reason(weight)).state == good
    assert router("not-seen", reason(weight)).state == not_seen
    broken = router("broken", reason(weight))
    assert (broken.state, broken.message, broken.hint, broken.where) == (
        "broken",
        "router it is. Why: why",
        "mend",
        PLACE,
    )


def test_what_was_not_broken_before_has_the_reason_as_its_sentence() -> None:
    link = router("not-seen", reason(Weight.CAUSE))
    assert (link.message, link.hint, link.where) == ("why", "mend", PLACE)


def test_the_weightiest_speaks_and_the_others_follow_once() -> None:
    found = [
        reason(Weight.REMARK, "a"),
        reason(Weight.FAULT, "b"),
        reason(Weight.CAUSE, "c"),
        reason(Weight.CAUSE, "c"),
    ]
    link = router("broken", *found)
    assert (link.message, link.also) == ("router it is. Why: b", ("c", "a"))


def test_a_line_of_a_log_says_nothing_of_what_is_good() -> None:
    assert router("good", reason(Weight.EXPLAINS)).also == ()
    assert router("good", reason(Weight.REMARK)).also == ("why",)


def test_a_dropped_router_asks_for_no_certificate() -> None:
    found = joined(links(tls="broken", router="not-seen"), [reason(Weight.CAUSE, drops=True)])
    assert [link.message for link in found if link.state is State.BROKEN] == ["tls it is. Why: why", "why"]
    own = reason(Weight.EXPLAINS, "its own", Hop.TLS)
    found = joined(links(tls="broken"), [reason(Weight.CAUSE, drops=True), own])
    assert found[2].message == "tls it is. Why: its own"
    assert joined(links(), [reason(Weight.CAUSE, drops=True)])[2] == links()[2]
