"""Pushes to Debian's docker-registry: what is right is good, and nothing is left behind where deletion is on."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest

from edgegen.verify.observation import Step
from edgegen.verify.push import body
from edgegen.verify.settings import ConnectTo
from tests.fakes.real_registry import RealRegistry, real_registry
from tests.verify.push.ground import CANARY, HOST, Ground, broken, credentials_of, registry, verdicts

pytestmark = pytest.mark.slow  # Debian's docker-registry

USERS = {"ci": CANARY}
THERE_AND_BACK = [
    "start", "chunk", "finalise", "start", "chunk", "chunk", "chunk", "finalise", "start", "finalise", "manifest",
    "pull by tag", "pull by tag", "pull by digest", "pull by digest", *["pull of the blob"] * 3,
]  # fmt: skip


@pytest.fixture
def run(ground: Ground, tmp_path: Path) -> Iterator[Any]:
    def start(**options: Any) -> AbstractContextManager[RealRegistry]:
        return real_registry(tmp_path, ground.certificate, **options)

    return start


def test_there_and_back(ground: Ground, run: Any) -> None:
    with run(users=USERS, deletes=True) as there:
        seen = ground.push(there.port, CANARY, size=1_000_003)
        assert there.files("data") == [path for path in there.files("data") if "/blobs/" in str(path)]  # no open upload
        assert not [path for path in there.files("link") if "_manifests" in str(path) and "revisions" in str(path)]
        assert not [path for path in there.files("link") if "_layers" in str(path)]
    assert [step.step for step in seen.steps if step.step is not Step.DELETE] == THERE_AND_BACK
    assert [step.sent for step in seen.steps if step.step in (Step.CHUNK, Step.PULL_BLOB)][:6] == [
        1_000_003, 262_144, 262_144, 262_144, 1_000_003, 786_432,
    ]  # fmt: skip
    assert (seen.skipped, seen.cleaned, seen.size) == ("", True, 1_000_003)
    assert verdicts(seen, deletes=True) == ["ok"]
    assert CANARY not in repr(seen)


def test_without_a_password(ground: Ground, run: Any) -> None:
    with run(deletes=True) as there:
        assert verdicts(ground.push(there.port), deletes=True) == ["ok"]


def test_deletion_is_off(ground: Ground, run: Any) -> None:
    with run(users=USERS) as there:
        seen = ground.push(there.port, CANARY)
    assert seen.cleaned is None
    assert verdicts(seen) == ["ok"]
    assert verdicts(seen, deletes=True) == ["push-left-behind"]


def test_read_only(ground: Ground, run: Any) -> None:
    with run(users=USERS, read_only=True) as there:
        seen = ground.push(there.port, CANARY)
    assert broken(seen).status == 405
    assert verdicts(seen) == ["push-refused"]
    assert seen.cleaned is True


@pytest.mark.parametrize(("password", "why"), [("", "no credentials"), ("wrong", "the credentials are refused")])
def test_who_does_not_get_in_pushes_nothing(ground: Ground, run: Any, password: str, why: str) -> None:
    with run(users=USERS) as there:
        seen = ground.push(there.port, password)
        assert there.files() == []
    assert (seen.skipped, seen.steps) == (why, ())
    assert verdicts(seen) == ["push-skipped"]


def test_relative_locations(ground: Ground, run: Any) -> None:
    with run(relative=True, deletes=True) as there:
        assert verdicts(ground.push(there.port)) == ["ok"]


@pytest.mark.parametrize("host", [f"http://{HOST}", f"https://{HOST}:1", "https://evil.test"])
def test_a_host_that_is_not_its_own(ground: Ground, run: Any, host: str) -> None:
    with run(users=USERS, host=host) as there:
        seen = ground.push(there.port, CANARY)
        assert there.files() == []  # the session was cancelled at the registry's own host
    assert verdicts(seen) == ["push-location"]
    assert host.partition("//")[2].partition("/")[0] in broken(seen).fault


def test_a_detour(ground: Ground, run: Any) -> None:
    """--connect-to: the name and its port are kept, in TLS and in every Location."""
    with run(users=USERS, deletes=True) as there:
        detour = (ConnectTo(HOST, 443, "127.0.0.1", there.port),)
        seen = ground.push(443, CANARY, endpoint=registry(443), connect_to=detour)
    assert verdicts(seen) == ["ok"]
    assert {step.url.partition("/v2/")[0] for step in seen.steps} == {f"https://{HOST}"}


def test_an_authority_that_nobody_knows(ground: Ground, run: Any, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Ground.make(tmp_path / "other")
    with run(users=USERS) as there:
        seen = other.push(there.port, CANARY)
        assert not [line for line in there.log if "authorized" in line]
    assert "its certificate is not trusted" in seen.skipped


def test_an_identity_token_is_no_password(ground: Ground, run: Any) -> None:
    with run(users=USERS) as there:
        seen = ground.push(there.port, credentials=credentials_of(CANARY, "<token>", token=True))
    assert "identity token" in seen.skipped


def test_a_run_that_is_stopped_in_the_middle_of_an_upload(ground: Ground, run: Any) -> None:
    with run(users=USERS, deletes=True) as there:
        stop = threading.Event()

        def stop_once_one_is_open() -> None:
            while not stop.is_set():
                with suppress(OSError):  # a folder that has gone in the meantime
                    if there.uploads():
                        stop.set()
                threading.Event().wait(0.02)  # the registry tells nobody

        watching = threading.Thread(target=stop_once_one_is_open, daemon=True)
        watching.start()
        seen = ground.push(there.port, CANARY, slow=30.0, stop=stop)
        assert [path for path in there.files("data") if "_uploads" in str(path)] == []
    assert sum(step.seconds for step in seen.steps) < 20
    assert seen.cleaned is True


def test_a_slow_upload_goes_through(ground: Ground, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "INTERVAL", 0.02)
    with run(users=USERS, deletes=True) as there:
        seen = ground.push(there.port, CANARY, slow=0.4)
        assert [path for path in there.files("data") if "_uploads" in str(path)] == []
    (slow,) = [step for step in seen.steps if step.step is Step.SLOW]
    assert (slow.status, slow.sent) == (202, 21 * body.TRICKLE_PIECE)
    assert slow.seconds >= 0.4
    assert verdicts(seen) == ["ok"]


MEASURED = """
import json, sys
from tests.verify.push.ground import Ground, credentials_of, registry, verdicts
from edgegen.verify.push.trip import push
from edgegen.verify.settings import PushSettings, Settings
port, ca_file, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
settings = Settings(ca_file=ca_file, push=PushSettings(110_000_000))
seen = push(registry(port), "127.0.0.1", settings, credentials_of(password))
# Of this program alone: `ru_maxrss` would begin with the memory of whoever started it.
peak = next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([verdicts(seen), max(step.sent for step in seen.steps), peak]))
"""


def test_a_large_one_is_never_whole_in_memory(ground: Ground, run: Any) -> None:
    with run(users=USERS, deletes=True) as there:
        command = [sys.executable, "-c", MEASURED, str(there.port), ground.ca_file, CANARY]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found, sent, peak = json.loads(done.stdout)
    assert (found, sent) == (["ok"], 110_000_000)
    assert peak < 150, f"{peak} MiB"
