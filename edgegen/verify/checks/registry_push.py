"""A registry accepts an image and gives it back.

What it does
    With `--push`: uploads random blobs under `edgegen-verify/` (one of `--push-size` in one request, one in chunks) and
    an image made of them, pulls everything by tag and by digest, compares the bytes and deletes what it made. With
    `--push-slow S` one upload takes S seconds.

Why
    Only a real push shows whether pushing works, through the public name and everything in front of it: limits on
    bodies and time, headers that the proxy must forward, storage.

Example
    `docker push` of an image with a large layer ends after 60 seconds with `unexpected EOF`.

Instead
    Do what the verdict's hint says: the fingerprints of a readTimeout, a body limit, a wrong `Location`, slow storage
    and replicas without a common secret are distinguished.

Verdicts
    push-location: an upload's `Location` is not https, or leads to another host or port.
    push-body-limit: a large upload is refused or cut off.
    push-read-timeout: a slow upload is cut off; after 60 s by Traefik's readTimeout.
    push-slow-finalise: the final PUT takes more than 20 s. Docker 29 gives up after 30 s.
    push-corrupt: other bytes, or another digest, came back.
    push-unknown-upload: the registry forgot the upload between two requests.
    push-refused: the user may not do it, or the registry accepts no pushes.
    push-failed: another step failed.
    push-left-behind: deletion is on, but what was pushed is still there. A remark.
    push-skipped: unknown, because nothing could be pushed.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Outcome, Severity
from edgegen.endpoints import Kind
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.push_faults import SLOW_FINALISE, UNSUCCESSFUL, judged, size, slow_finalise
from edgegen.verify.observation import Observation, PushSeen, Step

PUSH_LEFT_BEHIND = Verdict("push-left-behind", Severity.LOW)
PUSH_SKIPPED = Verdict("push-skipped", Severity.INFO, Outcome.UNKNOWN)

_HURRIED = 0.5
"""Seconds by which a slow upload may be shorter than intended."""


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The round trip, if it was requested and the registry accepts pushes."""
    if seen.endpoint.kind is not Kind.REGISTRY or not seen.endpoint.writable or seen.push is None:
        return
    push = seen.push
    if push.skipped:
        yield Fault(PUSH_SKIPPED, f"nothing was pushed: {push.skipped}")
        return
    faults: dict[Verdict, Fault] = {}
    for fault in _faults(push):
        faults.setdefault(fault.verdict, fault)
    yield from faults.values()
    if not faults:
        yield _good(seen, push)


def _faults(push: PushSeen) -> Iterator[Fault]:
    """What went wrong during the round trip, in order."""
    yield from (judged(step, push) for step in push.steps if not step.ok and step.step is not Step.DELETE)
    if (seconds := _longest_finalise(push)) > SLOW_FINALISE:
        yield slow_finalise(seconds)


def _longest_finalise(push: PushSeen) -> float:
    return max((step.seconds for step in push.steps if step.step is Step.FINALISE and step.ok), default=0.0)


def _good(seen: Observation, push: PushSeen) -> Judgement:
    if not _is_whole(push):
        return Unseen("the push ended early")
    if push.cleaned is False or (push.cleaned is None and seen.endpoint.deletes):
        told = f"{_told(push)}; deletion is on, but `{_repository(push)}` is still there"
        hint = "the registry's log says why; `REGISTRY_STORAGE_DELETE_ENABLED=true` and a restart turn deletion on"
        return Fault(PUSH_LEFT_BEHIND, told, hint=hint)
    stays = f"; deletion is off, so `{_repository(push)}` stays there" if push.cleaned is None else ""
    return Good(f"{_told(push)}{stays}")


def _is_whole(push: PushSeen) -> bool:
    """Whether everything requested was tried; a slow upload that went too fast shows nothing."""
    pulled = any(step.step is Step.PULL_BLOB for step in push.steps)
    slow = max((step.seconds for step in push.steps if step.step is Step.SLOW), default=0.0)
    return pulled and slow >= push.slow - _HURRIED


def _told(push: PushSeen) -> str:
    seconds = sum(step.seconds for step in push.steps if step.step not in (Step.SLOW, Step.DELETE))
    last = _longest_finalise(push)
    slow = f", and one that took {push.slow:g} s went through" if push.slow else ""
    return f"{size(push.size)} went there and back in {seconds:.1f} s; the final PUT took {last:.1f} s{slow}"


def _repository(push: PushSeen) -> str:
    """The repository that was pushed to, from the URL of the first upload."""
    return push.steps[0].url.partition("/v2/")[2].partition("/blobs/")[0]


CHECK = Check("EV020", "registry-push", Hop.SERVICE, (*UNSUCCESSFUL, PUSH_LEFT_BEHIND, PUSH_SKIPPED), judge)
