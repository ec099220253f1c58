"""What the last update of a service came to, and what it cost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgegen.deploy.swarm.services import UpdateSeen
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.swarm.updates import update_reasons
from edgegen.verify.checks.check import Hop
from tests.explain.making import only
from tests.explain.swarm.making import KEYS, api, seen, task, tasks, wanted

STARTED, ENDED = "2026-01-01T00:10:00.5Z", "2026-01-01T00:10:20Z"
REJECTED = task(state="rejected", desired="shutdown", error="No such image: api:2", created="2026-01-01T00:10:01Z")


def found(update: UpdateSeen, *own: Any, **changes: Any) -> list[Reason]:
    log = changes.pop("log", "")
    of = changes.pop("of", wanted())
    return list(update_reasons(seen(service=api(update=update, **changes), tasks=tasks(*own, task()), log=log), of))


def line(at: str, status: int, router: str = "api-https@swarm") -> str:
    """As the engine prints a line of Traefik's access log."""
    return (
        f'{at} 10.99.0.1 - - [01/Jan/2026:00:10:10 +0000] "GET /\\"x HTTP/1.1" {status} 22 "-" "-" 8 "{router}" '
        '"http://10.0.2.8:80" 1ms'
    )


def as_json(at: str, status: int, router: str = "api-https@swarm") -> str:
    return f"{at} {json.dumps({'DownstreamStatus': status, 'RouterName': router, 'level': 'info'})}"


@pytest.mark.parametrize("state", ["", "completed"])
def test_all_is_well(state: str) -> None:
    assert found(UpdateSeen(state, "", STARTED, ENDED)) == []


def test_it_goes_on() -> None:
    reason = only(found(UpdateSeen("updating", "", STARTED)))
    assert (reason.weight, reason.sentence) == (Weight.REMARK, "shop_api is being updated since 2026-01-01T00:10:00Z")


@pytest.mark.parametrize("state", ["paused", "rollback_paused"])
def test_half_way(state: str) -> None:
    still = task(state="rejected", desired="ready", error="No such image: api:2", slot=2)
    reason = only(found(UpdateSeen(state, "update paused due to failure", STARTED), still))
    assert (reason.hop, reason.weight, reason.where) == (Hop.CONTAINER, Weight.FAULT, KEYS["image"])
    assert "some of its tasks are old" in reason.sentence
    assert "(shop_api.2 is rejected on one: No such image: api:2)" in reason.sentence


def test_rolled_back_and_still_asked_for() -> None:
    reason = only(
        found(UpdateSeen("rollback_completed", "rollback completed", STARTED, ENDED), REJECTED, image="api:0")
    )
    assert reason.weight is Weight.FAULT
    assert reason.sentence == (
        "the last update of shop_api failed, and was rolled back (No such image: api:2): api:0 runs, and edge.yaml "
        "asks for api:1"
    )


@pytest.mark.parametrize("image", ["api:1", "api:1@sha256:00"])
def test_rolled_back_and_no_longer_asked_for(image: str) -> None:
    reason = only(found(UpdateSeen("rollback_completed", "rollback completed", STARTED, ENDED), image=image))
    assert reason.weight is Weight.REMARK
    assert reason.sentence == "the last update of shop_api failed, and was rolled back (rollback completed)"


def test_an_image_with_a_variable_is_not_compared() -> None:
    of = wanted(body={"image": "api:${TAG}"})
    reason = only(found(UpdateSeen("rollback_completed", "", STARTED, ENDED), image="api:0", of=of))
    assert reason.weight is Weight.REMARK


@pytest.mark.parametrize("say", [line, as_json])
def test_requests_that_an_update_lost(say: Any) -> None:
    log = "\n".join(
        [
            say("2026-01-01T00:10:02Z", 502),
            say("2026-01-01T00:10:03.25Z", 504),
            say("2026-01-01T00:10:04Z", 200),
            say("2026-01-01T00:10:05Z", 502, "other@swarm"),
            say("2026-01-01T00:09:05Z", 502),
            say("2026-01-01T00:10:21Z", 502),
            "2026-01-01T00:10:06Z half a line 502",
        ]
    )
    reason = only(found(UpdateSeen("completed", "", STARTED, ENDED), log=log))
    assert (reason.hop, reason.weight) == (Hop.SERVICE, Weight.REMARK)
    assert reason.sentence == (
        "during the last update of shop_api, Traefik answered 2 requests with 502, 504: a task ended while it still "
        "answered, or before Traefik had forgotten it. With `drain: 6s` the old task goes on for that long; it must be "
        "longer than a request takes"
    )


def test_a_service_with_drain_needs_no_advice() -> None:
    log = line("2026-01-01T00:10:02Z", 502)
    assert found(UpdateSeen("completed", "", STARTED, ENDED), log=log, stop_signal="SIGURG") == []
