"""Pushes to registries that are wrong in one way each: the step, the verdict, and what was taken away again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edgegen.verify.observation import Step
from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.faults import (
    Hook,
    after,
    at,
    corrupt,
    cut,
    early_413,
    forget,
    hang_up,
    is_empty,
    leads_to,
    rst,
    shorten,
    status,
)  # fmt: skip
from tests.verify.push.ground import CANARY, HOST, Ground, broken, verdicts

MANIFEST = ("Content-Type", "application/vnd.oci.image.manifest.v1+json")


def elsewhere(location: str, code: int = 202) -> Callable[[Call], object]:
    return status(code, leads_to(location))


def other_digest(call: Call) -> object:
    return call.answer(201, b"", ("Docker-Content-Digest", f"sha256:{'0' * 64}"))


def other_manifest(call: Call) -> object:
    return call.answer(200, b"{}", MANIFEST)


def half_a_blob(call: Call) -> object:
    return call.answer(200, b"half", ("Content-Length", "300000"), close=True)


def no_http(call: Call) -> object:
    call.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    return call.reset()


FAULTS: dict[str, tuple[Hook, str, Step]] = {
    "Location over http": (at("POST")(elsewhere(f"http://{HOST}/v2/x?_state=1")), "push-location", Step.START),
    "Location on another host": (at("POST")(elsewhere("https://evil.test/x")), "push-location", Step.START),
    "Location on another port": (at("POST")(elsewhere(f"https://{HOST}/x")), "push-location", Step.START),
    "Location with a password": (at("POST")(elsewhere(f"https://a:b@{HOST}/x")), "push-location", Step.START),
    "Location without a scheme": (at("POST")(elsewhere("//evil.test/x")), "push-location", Step.START),
    "Location that is no URL": (at("POST")(elsewhere("https://[::1")), "push-location", Step.START),
    "no Location": (at("POST")(status(202)), "push-location", Step.START),
    "Location changes on the way": (
        at("PATCH", occurrence=2)(elsewhere("http://evil.test/")), "push-location", Step.CHUNK
    ),
    "413 at once": (at("PATCH")(early_413), "push-body-limit", Step.CHUNK),
    "413 after all": (at("PATCH")(status(413)), "push-body-limit", Step.CHUNK),
    "RST while a large one is sent": (at("PATCH")(rst(100_000)), "push-body-limit", Step.CHUNK),
    "FIN while a large one is sent": (at("PATCH")(cut(0.05, hang_up)), "push-body-limit", Step.CHUNK),
    "other bytes stored": (at("GET", "/blobs/")(after(corrupt)), "push-corrupt", Step.PULL_BLOB),
    "fewer bytes stored": (at("GET", "/blobs/")(after(shorten)), "push-corrupt", Step.PULL_BLOB),
    "bytes lost on the way": (at("PUT", "/blobs/")(status(400, error="DIGEST_INVALID")), "push-corrupt", Step.FINALISE),
    "other digest": (at("PUT", "/blobs/")(other_digest), "push-corrupt", Step.FINALISE),
    "other manifest by tag": (at("GET", "/manifests/verify")(other_manifest), "push-corrupt", Step.PULL_TAG),
    "other manifest by digest": (at("GET", "/manifests/sha256")(other_manifest), "push-corrupt", Step.PULL_DIGEST),
    "another replica": (at("PATCH")(after(forget)), "push-unknown-upload", Step.CHUNK),
    "another replica at the end": (at("PUT", "/blobs/")(after(forget)), "push-unknown-upload", Step.FINALISE),
    "another replica between chunks": (at("PATCH", occurrence=2)(after(forget)), "push-unknown-upload", Step.CHUNK),
    "may not": (at("POST")(status(403, error="DENIED")), "push-refused", Step.START),
    "may not any more": (at("PUT", "/manifests/")(status(401, error="UNAUTHORIZED")), "push-refused", Step.MANIFEST),
    "a cache": (at("POST")(status(405, error="UNSUPPORTED")), "push-refused", Step.START),
    "its storage is full": (at("PATCH")(status(500, error="UNKNOWN")), "push-failed", Step.CHUNK),
    "upstream restarts": (at("PUT", "/manifests/")(status(502)), "push-failed", Step.MANIFEST),
    "RST at the start": (at("POST")(rst(0)), "push-failed", Step.START),
    "a blob in half": (
        at("GET", "/blobs/")(half_a_blob), "push-failed", Step.PULL_BLOB
    ),
    "not HTTP": (at("POST")(no_http), "push-failed", Step.START),
    "a redirect to http": (at("GET", "/blobs/")(elsewhere("http://storage.test/", 307)), "push-failed", Step.PULL_BLOB),
    "a redirect to nowhere": (at("GET", "/blobs/")(status(307)), "push-failed", Step.PULL_BLOB),
    "a redirect of an upload": (at("PATCH")(elsewhere("https://evil.test/", 307)), "push-failed", Step.CHUNK),
}  # fmt: skip
LARGE = 1_500_000
LARGER = 30_000_000
"""More than the kernel holds for a server that does not read."""


@pytest.mark.quick(8)
@pytest.mark.parametrize("name", FAULTS)
def test_faults(ground: Ground, fake: FakeRegistry, name: str) -> None:
    fake.hook, word, step = FAULTS[name]
    seen = ground.push(fake.port, CANARY, size=LARGER if "large" in name else LARGE)
    assert verdicts(seen) == [word], seen.steps
    assert broken(seen).step is step
    assert is_empty(fake), "something was left behind"
    assert CANARY not in repr(seen)
    if step is not Step.PULL_BLOB:
        assert seen.cleaned is True
