"""How much and how slowly: limits are noticed when they bite, and the deadline ends everything."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from edgegen.net.answer import Phase, Trouble
from edgegen.verify.observation import Step
from edgegen.verify.push import body
from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.faults import at, cut, drip, early_413, hang_up, is_empty
from tests.verify.push.ground import CANARY, Ground, broken, verdicts

pytestmark = pytest.mark.slow

ENDS: dict[str, Callable[[Call], object]] = {
    "504": lambda call: call.answer(504, b"Gateway Timeout", close=True),
    "RST": lambda call: call.reset(),
    "FIN": hang_up,
}


@pytest.mark.parametrize("end", ENDS)
def test_a_slow_upload_that_is_cut(
    ground: Ground, fake: FakeRegistry, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """The cut is noticed when it comes, not when the next piece is sent."""
    monkeypatch.setattr(body, "INTERVAL", 30.0)

    fake.hook = at("PATCH", occurrence=4)(cut(1.0, ENDS[end]))
    seen = ground.push(fake.port, CANARY, slow=90.0)
    step = broken(seen)
    assert (step.step, verdicts(seen)) == (Step.SLOW, ["push-read-timeout"])
    assert 0.9 < step.seconds < 20
    assert step.sent == body.TRICKLE_PIECE
    assert is_empty(fake)


def test_a_body_limit_and_a_read_timeout_are_both_found(ground: Ground, fake: FakeRegistry) -> None:
    limit, late = at("PATCH")(early_413), at("PATCH")(cut(0.2, lambda call: call.answer(504, close=True)))

    def hook(call: Call) -> object:
        return limit(call) or late(call)

    fake.hook = hook
    assert verdicts(ground.push(fake.port, CANARY, slow=3.0)) == ["push-body-limit", "push-read-timeout"]


def test_a_limit_is_seen_before_all_was_sent(ground: Ground, fake: FakeRegistry) -> None:
    fake.hook = at("PATCH")(early_413)
    seen = ground.push(fake.port, CANARY, size=500_000_000)
    assert broken(seen).status == 413
    assert broken(seen).sent < 100_000_000


def test_a_final_put_is_timed(ground: Ground, fake: FakeRegistry) -> None:
    fake.hook = at("PUT", "/blobs/")(lambda call: time.sleep(0.5))
    seen = ground.push(fake.port, CANARY)
    assert max(step.seconds for step in seen.steps if step.step is Step.FINALISE) >= 0.5


def dripping(first: bytes) -> Callable[[Call], object]:
    return lambda call: drip(call, first)


def silent(call: Call) -> object:
    return call.server.fake.gone.wait(30)


DRIPS: dict[str, tuple[str, str, Callable[[Call], object], Phase]] = {
    "silence": ("POST", "", silent, Phase.HEADER),
    "header": ("POST", "", dripping(b"HTTP/1.1 202 X\r\nX-Slow: "), Phase.HEADER),
    "body": ("POST", "", dripping(b"HTTP/1.1 202 X\r\nContent-Length: 99999\r\n\r\n"), Phase.BODY),
    "blob": ("GET", "/blobs/", dripping(b"HTTP/1.1 200 X\r\nContent-Length: 300000\r\n\r\n"), Phase.BODY),
    "a body that nobody reads": ("PATCH", "", silent, Phase.REQUEST),
}


@pytest.mark.parametrize("name", DRIPS)
def test_the_deadline_holds(ground: Ground, fake: FakeRegistry, name: str) -> None:
    method, part, act, phase = DRIPS[name]
    fake.hook = at(method, part)(act)
    started = time.monotonic()
    seen = ground.push(fake.port, CANARY, size=50_000_000 if method == "PATCH" else 300_000, timeout=1.0)
    seconds = time.monotonic() - started
    fake.gone.set()
    failure = broken(seen).failure
    assert failure is not None
    assert (failure.trouble, failure.phase) == (Trouble.TIMEOUT, phase)
    assert 0.9 < seconds < 20
    assert verdicts(seen) == ["push-failed"]
    assert is_empty(fake) or method == "PATCH"


@pytest.mark.parametrize("code", [202, 307, 500])
def test_an_answer_without_an_end(ground: Ground, fake: FakeRegistry, code: int) -> None:
    def endless(call: Call) -> None:
        call.wfile.write(b"HTTP/1.1 %d X\r\nLocation: /x\r\n\r\n" % code)
        while True:
            call.wfile.write(b"x" * 65536)

    fake.hook = at("POST")(endless)
    seen = ground.push(fake.port, CANARY, timeout=60.0)
    failure = broken(seen).failure
    assert failure is not None
    assert failure.trouble is Trouble.TOO_LARGE
    assert broken(seen).seconds < 50
