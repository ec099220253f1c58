"""What a push says: the fingerprint of every cause, and what is none of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.finding import Finding, Outcome
from edgegen.endpoints import Kind
from edgegen.verify.checks.registry_push import CHECK
from edgegen.verify.observation import Failure, Observation, Phase, PushSeen, Step, StepSeen, Trouble
from tests.verify.checks.making import WHERE, endpoint, judged, observation, verdicts, words

MB = 1_000_000
REPOSITORY = "https://registry.example.com/v2/edgegen-verify/0a1b"
OF_UPLOADS = (Step.START, Step.CHUNK, Step.SLOW, Step.FINALISE)


def step(kind: Step, status: int, **changes: Any) -> StepSeen:
    part = "/blobs/uploads/" if kind in OF_UPLOADS else "/manifests/verify"
    return StepSeen(kind, **{"url": f"{REPOSITORY}{part}", "status": status, "seconds": 0.1, **changes})


def healthy(size: int = MB, slow: float = 0.0, **changes: Any) -> PushSeen:
    """A round trip as it should be."""
    small = 256 * 1024
    steps = [
        step(Step.START, 202), step(Step.CHUNK, 202, sent=size), step(Step.FINALISE, 201),
        step(Step.START, 202), *[step(Step.CHUNK, 202, sent=small)] * 2, step(Step.FINALISE, 201),
        step(Step.MANIFEST, 201), step(Step.PULL_TAG, 200), step(Step.PULL_DIGEST, 200),
        step(Step.PULL_BLOB, 200, sent=size),
    ]  # fmt: skip
    if slow:
        steps += [step(Step.START, 202), step(Step.SLOW, 202, seconds=slow)]
    cleaned = changes.pop("cleaned", True)
    steps += [step(Step.DELETE, 202 if cleaned else 405)]
    return PushSeen(tuple(steps), size=size, slow=slow, cleaned=cleaned, **changes)


def broken(
    kind: Step, status: int = 0, *, occurrence: int = 0, push: PushSeen | None = None, **changes: Any
) -> PushSeen:
    """The same up to one step, which is wrong; only what is deleted comes after it, and a slow upload."""
    push = push or healthy()
    index = [i for i, one in enumerate(push.steps) if one.step is kind][occurrence]
    wrong = {"ok": False, "fault": f"it answers {status}", "status": status, **changes}
    rest = [one for one in push.steps[index + 1 :] if one.step is Step.DELETE]
    return replace(push, steps=(*push.steps[:index], replace(push.steps[index], **wrong), *rest))


def hung_up(trouble: Trouble = Trouble.RESET, **changes: Any) -> dict[str, Any]:
    return {"failure": Failure(trouble, Phase.REQUEST, "by peer"), "fault": trouble.value, **changes}


def seen(push: PushSeen | None, **changes: Any) -> Observation:
    return observation(endpoint=endpoint(kind=Kind.REGISTRY, **changes), push=push)


def one(push: PushSeen, **changes: Any) -> Finding:
    (finding,) = judged(CHECK, seen(push, **changes))
    return finding


BIG, SLOW = healthy(110 * MB), healthy(slow=70.0)
NOT_HIGH = {"final PUT never ends": "medium", "nothing pushed": "info"}
CAUGHT: dict[str, tuple[PushSeen, str]] = {
    "Location over http": (broken(Step.START, 202, fault="its Location leads to plain http://x"), "push-location"),
    "no Location": (broken(Step.CHUNK, 202, fault="its answer has no Location"), "push-location"),
    "Location while it is slow": (broken(Step.SLOW, 202, push=SLOW, fault="elsewhere"), "push-location"),
    "413": (broken(Step.CHUNK, 413, push=BIG), "push-body-limit"),
    "413 at a small one": (broken(Step.CHUNK, 413), "push-body-limit"),
    "413 at the last request": (broken(Step.FINALISE, 413), "push-body-limit"),
    "RST in the middle": (broken(Step.CHUNK, push=BIG, sent=37 * MB, **hung_up()), "push-body-limit"),
    "FIN in the middle": (broken(Step.CHUNK, push=BIG, sent=9, **hung_up(Trouble.CLOSED)), "push-body-limit"),
    "readTimeout over HTTP/1.1": (broken(Step.SLOW, 504, push=SLOW, seconds=60.2), "push-read-timeout"),
    "readTimeout, chunked": (broken(Step.SLOW, 499, push=SLOW, seconds=60.0), "push-read-timeout"),
    "readTimeout over HTTP/2": (broken(Step.SLOW, 502, push=SLOW, seconds=60.6), "push-read-timeout"),
    "readTimeout by RST": (broken(Step.SLOW, push=SLOW, seconds=61.0, **hung_up()), "push-read-timeout"),
    "readTimeout of a large one": (broken(Step.CHUNK, 504, push=BIG, seconds=60.1, sent=50 * MB), "push-read-timeout"),
    "large one RST at 60": (broken(Step.CHUNK, push=BIG, seconds=60.1, sent=5, **hung_up()), "push-read-timeout"),
    "another limit": (broken(Step.SLOW, 504, push=SLOW, seconds=30.0), "push-read-timeout"),
    "another limit by RST": (broken(Step.SLOW, push=SLOW, seconds=5.0, **hung_up()), "push-read-timeout"),
    "Cloudflare's limit": (broken(Step.SLOW, 524, push=SLOW, seconds=100.0), "push-read-timeout"),
    "final PUT cut": (broken(Step.FINALISE, 504, seconds=60.0), "push-slow-finalise"),
    "final PUT never ends": (
        broken(Step.FINALISE, seconds=25.0, **hung_up(Trouble.TIMEOUT)), "push-slow-finalise"
    ),
    "other digest stored": (broken(Step.FINALISE, 201, fault="it says that it has x"), "push-corrupt"),
    "other bytes arrived": (broken(Step.FINALISE, 400, codes=("DIGEST_INVALID",)), "push-corrupt"),
    "other bytes came back": (broken(Step.PULL_BLOB, 200, fault="other bytes came back"), "push-corrupt"),
    "other manifest by tag": (broken(Step.PULL_TAG, 200, fault="other bytes came back"), "push-corrupt"),
    "other manifest by digest": (broken(Step.PULL_DIGEST, 200, fault="other digest"), "push-corrupt"),
    "unknown upload": (broken(Step.CHUNK, 404, codes=("BLOB_UPLOAD_UNKNOWN",)), "push-unknown-upload"),
    "invalid upload": (broken(Step.FINALISE, 404, codes=("BLOB_UPLOAD_INVALID",)), "push-unknown-upload"),
    "invalid upload, 400": (broken(Step.FINALISE, 400, codes=("BLOB_UPLOAD_INVALID",)), "push-unknown-upload"),
    "404 without JSON": (broken(Step.CHUNK, 404, occurrence=1), "push-unknown-upload"),
    "unknown while slow": (broken(Step.SLOW, 404, push=SLOW), "push-unknown-upload"),
    "401": (broken(Step.START, 401), "push-refused"),
    "403": (broken(Step.START, 403, codes=("DENIED",)), "push-refused"),
    "405": (broken(Step.START, 405, codes=("UNSUPPORTED",)), "push-refused"),
    "405 at the manifest": (broken(Step.MANIFEST, 405), "push-refused"),
    "may push, not pull": (broken(Step.PULL_TAG, 403), "push-refused"),
    "500": (broken(Step.CHUNK, 500), "push-failed"),
    "503 at the start": (broken(Step.START, 503), "push-failed"),
    "404 at the start": (broken(Step.START, 404), "push-failed"),
    "a manifest that is gone": (broken(Step.PULL_TAG, 404), "push-failed"),
    "RST of a small one": (broken(Step.CHUNK, sent=1000, **hung_up()), "push-failed"),
    "502 of a large one at 12 s": (broken(Step.CHUNK, 502, push=BIG, seconds=12.0), "push-failed"),
    "RST after all was sent": (broken(Step.CHUNK, push=BIG, sent=110 * MB, **hung_up()), "push-failed"),
    "time is up": (broken(Step.CHUNK, push=BIG, sent=1, **hung_up(Trouble.TIMEOUT)), "push-failed"),
    "time is up at sixty": (broken(Step.CHUNK, push=BIG, seconds=60, **hung_up(Trouble.TIMEOUT)), "push-failed"),
    "a quick 504 at the end": (broken(Step.FINALISE, 504, seconds=3.0), "push-failed"),
    "storage that can't be reached": (
        broken(Step.PULL_BLOB, url="https://s3.example.net/b", **hung_up(Trouble.REFUSED)), "push-failed"
    ),
    "redirect to plain http": (broken(Step.PULL_BLOB, 307, fault="it redirects to what is not https"), "push-failed"),
    "nothing pushed": (PushSeen(skipped="no credentials"), "push-skipped"),
}  # fmt: skip


@pytest.mark.parametrize("name", CAUGHT)
def test_caught(name: str) -> None:
    push, word = CAUGHT[name]
    assert verdicts(CHECK, seen(push)) == [(word, NOT_HIGH.get(name, "high"))]


def slower(seconds: float) -> PushSeen:
    push = healthy()
    return replace(push, steps=tuple(replace(s, seconds=seconds) if s.step is Step.FINALISE else s for s in push.steps))


FINE: dict[str, Callable[[], PushSeen]] = {
    "small": healthy,
    "large": lambda: BIG,
    "slow": lambda: SLOW,
    "a final PUT of 20 s": lambda: slower(20.0),
    "deletion is off": lambda: healthy(cleaned=None),
    "an upload of a minute that went through": lambda: healthy(slow=60.0),
}


@pytest.mark.parametrize("name", FINE)
def test_fine(name: str) -> None:
    finding = one(FINE[name]())
    assert (finding.outcome, finding.where) == (Outcome.PASS, WHERE)


def test_what_a_pass_says() -> None:
    assert one(healthy(slow=70.0)).message == (
        "1 MB went there and back in 1.2 s; the final PUT took 0.1 s, and one that took 70 s went through"
    )
    assert one(healthy(cleaned=None)).message.endswith("deletion is off, so `edgegen-verify/0a1b` stays there")


@pytest.mark.parametrize(("seconds", "severity"), [(20.1, "medium"), (30.0, "medium"), (30.1, "high"), (300.0, "high")])
def test_a_slow_final_put(seconds: float, severity: str) -> None:
    assert verdicts(CHECK, seen(slower(seconds))) == [("push-slow-finalise", severity)]


def test_the_sixtieth_second_has_a_name() -> None:
    finding = one(CAUGHT["readTimeout over HTTP/1.1"][0])
    assert finding.message == "a slow upload was cut after 60.2 s (it answered 504)"
    assert "respondingTimeouts.readTimeout" in finding.hint
    assert "respondingTimeouts" not in one(CAUGHT["another limit"][0]).hint


def test_how_far_a_large_one_came() -> None:
    message = one(CAUGHT["RST in the middle"][0]).message
    assert message == "the upload of 110 MB in one request: the connection broke after about 37 MB"


def test_the_chunks_are_not_called_the_large_one() -> None:
    assert one(CAUGHT["404 without JSON"][0]).message == "an upload in chunks: it answers 404"


def test_a_storage_elsewhere_has_its_own_hint() -> None:
    assert "REGISTRY_STORAGE_REDIRECT_DISABLE" in one(CAUGHT["storage that can't be reached"][0]).hint


def test_two_causes_are_two_findings() -> None:
    late = step(Step.SLOW, 504, ok=False, seconds=60.3, fault="it answers 504")
    push = CAUGHT["413"][0]
    push = replace(push, steps=(*push.steps, step(Step.START, 202), late), slow=70.0)
    assert words(CHECK, seen(push)) == ["push-body-limit", "push-read-timeout"]


@pytest.mark.parametrize(("cleaned", "deletes"), [(False, True), (None, True), (False, False)])
def test_left_behind_is_a_remark(cleaned: bool | None, deletes: bool) -> None:
    finding = one(healthy(cleaned=cleaned), deletes=deletes)
    assert (finding.verdict, finding.is_remark) == ("push-left-behind", True)
    assert "edgegen-verify/0a1b" in finding.message


def test_a_failed_push_that_left_something_is_one_finding() -> None:
    assert words(CHECK, seen(replace(CAUGHT["500"][0], cleaned=False), deletes=True)) == ["push-failed"]


def test_a_push_that_was_stopped_is_not_good() -> None:
    push = healthy(slow=70.0)
    assert words(CHECK, seen(replace(push, steps=push.steps[:5]))) == ["not-seen"]
    assert words(CHECK, seen(replace(push, steps=push.steps[:-2]))) == ["not-seen"]
    assert words(CHECK, seen(PushSeen())) == ["not-seen"]
    hurried = replace(push, steps=(*push.steps[:-2], step(Step.SLOW, 202, seconds=3.0)))
    assert words(CHECK, seen(hurried)) == ["not-seen"]


def test_where_none_was_wanted() -> None:
    assert words(CHECK, seen(None)) == []
    assert words(CHECK, seen(PushSeen(skipped="a cache"), writable=False)) == []
    assert words(CHECK, observation(push=PushSeen(skipped="not a registry"))) == []
