"""The round trip: what a registry gets to see of it, and how it is stopped."""

from __future__ import annotations

import threading
import time
import zlib
from pathlib import Path

import pytest

from edgegen.verify.observation import Step
from edgegen.verify.push import body
from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.faults import at, is_empty, resolver
from tests.verify.push.ground import CANARY, HOST, Ground, registry, verdicts


def test_the_fake_is_right(ground: Ground, fake: FakeRegistry) -> None:
    seen = ground.push(fake.port, CANARY, slow=0.1)
    assert verdicts(seen) == ["ok"]
    assert is_empty(fake)


def test_each_location_is_the_newest(ground: Ground, fake: FakeRegistry) -> None:
    """The fake refuses an older `_state`, as the real one does; what stands in a query comes back as it was."""
    ground.push(fake.port, CANARY)
    patches = [path for method, path, _ in fake.calls if method == "PATCH"]
    assert [path.partition("_state=")[2] for path in patches] == ["0&x=%2F%3D", *[f"{n}&x=%2F%3D" for n in range(3)]]
    puts = [path for method, path, _ in fake.calls if method == "PUT" and "_state" in path]
    assert all("&digest=sha256%3A" in path for path in puts)


def test_what_a_registry_gets_to_see(ground: Ground, fake: FakeRegistry) -> None:
    ground.push(fake.port, CANARY, size=200_000)
    _, _, whole = next(call for call in fake.calls if call[0] == "PATCH")
    assert whole["Content-Length"] == "200000"
    assert "Transfer-Encoding" not in whole
    assert whole["Host"] == f"{HOST}:{fake.port}"
    assert not [call for call in fake.calls if "Cookie" in call[2] or "python" in call[2]["User-Agent"]]
    chunks = [headers["Content-Range"] for method, _, headers in fake.calls if "Content-Range" in headers]
    assert chunks == ["0-262143", "262144-524287", "524288-786431"]


def test_cookies_are_not_kept(ground: Ground, fake: FakeRegistry) -> None:
    def hook(call: Call) -> bool:
        if call.method != "POST":
            return False
        where = f"{call.where}1"
        fake.uploads[where] = 0, bytearray()
        call.content()
        return call.answer(202, b"", ("Location", f"{where}?_state=0"), ("Set-Cookie", "server=2; Path=/"))

    fake.hook = hook
    assert verdicts(ground.push(fake.port, CANARY)) == ["ok"]
    assert not [call for call in fake.calls if "Cookie" in call[2]]


def test_the_environment_changes_nothing(
    ground: Ground, fake: FakeRegistry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a proxy, nor a .netrc, nor other authorities that requests would take from there."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / ".netrc").write_text(f"machine {HOST} login other password other")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "none.pem"))
    assert verdicts(ground.push(fake.port, CANARY)) == ["ok"]
    assert {headers.get("Authorization") for _, _, headers in fake.calls} == {None, fake.basic()}


def test_no_two_pushes_are_alike(ground: Ground, fake: FakeRegistry) -> None:
    fake.deletes = False
    ground.push(fake.port, CANARY)
    ground.push(fake.port, CANARY)
    assert len(fake.blobs) == 6


def test_what_is_pushed_can_not_be_compressed(ground: Ground, fake: FakeRegistry) -> None:
    fake.deletes = False
    ground.push(fake.port, CANARY)
    blob = max(fake.blobs.values(), key=len)
    assert len(zlib.compress(blob, 9)) > 0.99 * len(blob)


def test_larger_chunks_where_the_registry_wants_them(ground: Ground, fake: FakeRegistry) -> None:
    def hook(call: Call) -> bool:
        if call.method != "POST":
            return False
        call.content()
        fake.uploads["/v2/up/blobs/uploads/1"] = 0, bytearray()
        location = ("Location", "/v2/up/blobs/uploads/1?_state=0")
        return call.answer(202, b"", location, ("OCI-Chunk-Min-Length", "300000"))

    fake.hook = hook
    assert verdicts(ground.push(fake.port, CANARY)) == ["ok"]
    assert [headers["Content-Length"] for _, _, headers in fake.calls if "Content-Range" in headers] == ["300000"] * 3


def test_an_endpoint_at_another_address_is_the_registry_all_the_same(ground: Ground, fake: FakeRegistry) -> None:
    """Nothing is looked up for the endpoint itself: the address that was probed is the one that is pushed to."""
    with resolver(HOST, "127.0.0.99") as resolvers:
        seen = ground.push(fake.port, CANARY, endpoint=registry(fake.port), resolvers=resolvers)
    assert verdicts(seen) == ["ok"]


def test_a_run_that_is_stopped_leaves_nothing(ground: Ground, fake: FakeRegistry) -> None:
    stop = threading.Event()

    def hook(call: Call) -> bool:
        if call.method == "PUT" and "/blobs/" in call.path:
            stop.set()
        return False

    fake.hook = hook
    seen = ground.push(fake.port, CANARY, stop=stop)
    assert verdicts(seen) == ["not-seen"]
    assert Step.MANIFEST not in [step.step for step in seen.steps]
    assert seen.cleaned is True
    assert is_empty(fake)


@pytest.mark.slow
def test_a_slow_upload_is_stopped(ground: Ground, fake: FakeRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "INTERVAL", 0.05)
    stop = threading.Event()
    fake.hook = at("PATCH", occurrence=4)(lambda call: stop.set() or False)
    started = time.monotonic()
    seen = ground.push(fake.port, CANARY, slow=30.0, stop=stop)
    assert time.monotonic() - started < 20
    assert verdicts(seen) == ["not-seen"]
    assert is_empty(fake)
