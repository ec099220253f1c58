"""What a step of a push that went wrong means: the one place that knows the fingerprints. Pure."""

from __future__ import annotations

from collections.abc import Callable

from edgegen.core.finding import Severity
from edgegen.verify.checks.check import Fault, Verdict
from edgegen.verify.observation import PushSeen, Step, StepSeen, Trouble, in_words

PUSH_LOCATION = Verdict("push-location", Severity.HIGH)
PUSH_BODY_LIMIT = Verdict("push-body-limit", Severity.HIGH)
PUSH_READ_TIMEOUT = Verdict("push-read-timeout", Severity.HIGH)
PUSH_SLOW_FINALISE = Verdict("push-slow-finalise", Severity.MEDIUM)
PUSH_CORRUPT = Verdict("push-corrupt", Severity.HIGH)
PUSH_UNKNOWN_UPLOAD = Verdict("push-unknown-upload", Severity.HIGH)
PUSH_REFUSED = Verdict("push-refused", Severity.HIGH)
PUSH_FAILED = Verdict("push-failed", Severity.HIGH)
UNSUCCESSFUL = (
    PUSH_LOCATION, PUSH_BODY_LIMIT, PUSH_READ_TIMEOUT, PUSH_SLOW_FINALISE, PUSH_CORRUPT, PUSH_UNKNOWN_UPLOAD,
    PUSH_REFUSED, PUSH_FAILED,
)  # fmt: skip

SLOW_FINALISE = 20.0
TOO_SLOW_FINALISE = 30.0
"""Docker 29 gives up on a layer whose final PUT takes longer (moby#53700)."""
_SIXTIETH = (59.5, 62.0)
"""Traefik's readTimeout was seen to cut at 60.0 to 60.6 s; the client notices within a second."""
_CUT = (408, 499, 502, 504, 520, 522, 524)
"""What proxies answer when they give up. Traefik: 504 over HTTP/1.1 with a length, 499 without, 502 over HTTP/2."""
_HUNG_UP = (Trouble.RESET, Trouble.CLOSED)
_LARGE = 1024 * 1024
"""Bytes. A connection that breaks while sending more has hit a limit; with less it may be anything."""
_UPLOADS = (Step.CHUNK, Step.SLOW, Step.FINALISE)


def judged(step: StepSeen, push: PushSeen) -> Fault:
    """The verdict of a step that was not ok."""
    for rule in _RULES:
        if fault := rule(step, push):
            return fault
    return Fault(PUSH_FAILED, f"{name(step, push)}: {_said(step)}", _hint_of_storage(step))


def name(step: StepSeen, push: PushSeen) -> str:
    """A step, in words."""
    if step.step is Step.CHUNK:
        first = next(one for one in push.steps if one.step is Step.CHUNK)
        return f"the upload of {size(push.size)} in one request" if step is first else _NAMES[Step.CHUNK]
    return _NAMES[step.step]


def size(count: float) -> str:
    """Bytes for people: `110 MB`."""
    if count >= 1_000_000_000:
        return f"{count / 1_000_000_000:.3g} GB"
    return f"{count / 1_000_000:.3g} MB" if count >= 1_000_000 else f"{count / 1000:.3g} kB"


def slow_finalise(seconds: float) -> Fault:
    """The last request of an upload took this long."""
    told = f"the final PUT of an upload took {seconds:.0f} s"
    limit = "Docker 29 gives up after 30 s"
    hint = "the storage of layers is slow: S3 that copies a layer again, or a slow or networked disk"
    if seconds > TOO_SLOW_FINALISE:
        return Fault(PUSH_SLOW_FINALISE, f"{told}: {limit}", hint, Severity.HIGH)
    return Fault(PUSH_SLOW_FINALISE, f"{told}, and {limit}", hint, Severity.MEDIUM)


def _said(step: StepSeen) -> str:
    return in_words(step.failure) if step.failure else step.fault


def _location(step: StepSeen, _: PushSeen) -> Fault | None:
    if step.failure or step.status != 202 or step.step not in (Step.START, Step.CHUNK, Step.SLOW):
        return None
    hint = (
        "the registry makes it from Host and X-Forwarded-Proto: does the proxy forward them? REGISTRY_HTTP_HOST=https://…"
        " or REGISTRY_HTTP_RELATIVEURLS=true fixes it"
    )
    return Fault(PUSH_LOCATION, f"{_NAMES[step.step]}: {step.fault}; clients go there and fail", hint)


def _corrupt(step: StepSeen, push: PushSeen) -> Fault | None:
    if step.failure or not (200 <= step.status < 300 or "DIGEST_INVALID" in step.codes):
        return None
    hint = "something on the path changes bodies, or the storage loses data: check the middlewares and the disk"
    return Fault(PUSH_CORRUPT, f"{name(step, push)}: {_said(step)}", hint)


def _body_limit(step: StepSeen, push: PushSeen) -> Fault | None:
    hint = (
        "something on the path limits bodies: a `buffering` middleware of Traefik, Cloudflare's proxy (100 MB), or"
        " another proxy (client_max_body_size)"
    )
    if step.status == 413:
        return Fault(PUSH_BODY_LIMIT, f"{name(step, push)}: {_said(step)}", hint)
    cut = step.failure is not None and step.failure.trouble in _HUNG_UP and step.step is Step.CHUNK
    if not cut or step.sent >= push.size or push.size <= _LARGE:
        return None
    told = f"the connection broke after about {size(step.sent)}"
    return Fault(PUSH_BODY_LIMIT, f"{name(step, push)}: {told}", hint)


def _read_timeout(step: StepSeen, push: PushSeen) -> Fault | None:
    hung_up = step.failure is not None and step.failure.trouble in _HUNG_UP
    if step.step not in (Step.SLOW, Step.CHUNK) or not (hung_up or step.status in _CUT):
        return None
    sixtieth = _SIXTIETH[0] <= step.seconds < _SIXTIETH[1]
    if step.step is Step.CHUNK and not sixtieth:
        return None
    how = "the connection broke" if hung_up else f"it answered {step.status}"
    hint = (
        "60 s is Traefik's respondingTimeouts.readTimeout, which counts the whole request: set"
        " `--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0` on the registry's entrypoint"
        if sixtieth
        else "a proxy on the path limits how long a request may take: check its read timeout"
    )
    return Fault(PUSH_READ_TIMEOUT, f"{name(step, push)} was cut after {step.seconds:.1f} s ({how})", hint)


def _finalise(step: StepSeen, _: PushSeen) -> Fault | None:
    gave_up = step.status in _CUT or (step.failure and step.failure.trouble in (*_HUNG_UP, Trouble.TIMEOUT))
    slow = step.step is Step.FINALISE and gave_up and step.seconds > SLOW_FINALISE
    return slow_finalise(step.seconds) if slow else None


def _unknown_upload(step: StepSeen, push: PushSeen) -> Fault | None:
    unknown = any(code.startswith("BLOB_UPLOAD_") for code in step.codes) or step.status == 404
    if step.step not in _UPLOADS or not unknown:
        return None
    hint = (
        "the next request reached a registry that did not begin the upload: replicas need one REGISTRY_HTTP_SECRET and"
        " one storage for all"
    )
    return Fault(PUSH_UNKNOWN_UPLOAD, f"{name(step, push)}: {_said(step)}", hint)


def _refused(step: StepSeen, push: PushSeen) -> Fault | None:
    if step.status not in (401, 403, 405):
        return None
    hint = (
        "405 is what a read-only registry or a pull-through cache answers"
        if step.status == 405
        else "the password is right, but this user may not do that here"
    )
    return Fault(PUSH_REFUSED, f"{name(step, push)}: {_said(step)}", hint)


def _hint_of_storage(step: StepSeen) -> str:
    if step.step is not Step.PULL_BLOB or not step.url or "/v2/" in step.url:
        return "see the registry's own log"
    return "clients must reach the storage that it redirects to; REGISTRY_STORAGE_REDIRECT_DISABLE=true keeps them here"


_RULES: tuple[Callable[[StepSeen, PushSeen], Fault | None], ...] = (
    _location, _corrupt, _read_timeout, _body_limit, _finalise, _unknown_upload, _refused,
)  # fmt: skip
_NAMES = {
    Step.START: "the start of an upload",
    Step.CHUNK: "an upload in chunks",
    Step.SLOW: "a slow upload",
    Step.FINALISE: "the final PUT of an upload",
    Step.MANIFEST: "the push of the manifest",
    Step.PULL_TAG: "the pull by tag",
    Step.PULL_DIGEST: "the pull by digest",
    Step.PULL_BLOB: "the pull of a blob",
    Step.DELETE: "the deletion",
}
