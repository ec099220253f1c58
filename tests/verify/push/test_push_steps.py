"""The requests of an upload one by one, and what a step keeps of each answer: read without any server."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import Any, cast

import pytest

from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.verify.look.registry_client import Client
from edgegen.verify.observation import Step, StepSeen
from edgegen.verify.push.exchange import BrokenError, Exchange
from edgegen.verify.push.upload import CHUNK, CHUNKS, Blob, Made, push_chunks, push_slowly, push_small, push_whole
from tests.verify.push.ground import registry

HERE = "https://registry.test"
BASE = f"{HERE}/v2/a/b"
LOST = Failure(Trouble.RESET, Phase.HEADER)


class Told:
    """Stands for a client: takes every body whole, gives one answer after another, and keeps what was asked."""

    def __init__(self, *answers: Response, last: Response | None = None) -> None:
        self._answers, self._last = list(answers), last
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.hung_up = 0

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: Any = b"", sink: Any = None) -> Response:
        self.asked.append((method, url, dict(headers), body if isinstance(body, bytes) else b"".join(body)))
        answer = self._answers.pop(0) if self._answers or self._last is None else self._last
        return Response(url, answer.status, answer.headers, answer.body, 1.5, answer.failure)

    def heard(self, seconds: float) -> bool:
        return False

    def hang_up(self) -> None:
        self.hung_up += 1


def login() -> dict[str, str]:
    return {"Authorization": "Basic eA=="}


def says(status: int, location: str = "", *headers: tuple[str, str], body: Any = b"") -> Response:
    own = (("location", location),) if location else ()
    return Response("", status, (*own, *headers), body if isinstance(body, bytes) else json.dumps(body).encode())


def exchange(told: Told, stop: threading.Event | None = None) -> Exchange:
    return Exchange(cast(Client, told), registry(443), "a/b", login, stop or threading.Event())


def test_what_a_step_keeps_of_an_answer() -> None:
    kept = [("server", "nginx"), ("content-type", "x"), ("docker-content-digest", "d"), ("retry-after", "5")]
    headers = [*kept, ("set-cookie", "secret"), ("x-other", "y")]
    told = Told(says(202, "https://u@r.test/x?_state=secret#part", *headers, body={"errors": [{"code": "DENIED"}]}))
    there = exchange(told)
    there.do(Step.START, "POST", f"{BASE}/?state=secret", want=(201, 202), headers={"X": "1"}, body=b"four")
    assert there.steps == [
        StepSeen(
            Step.START,
            url=f"{BASE}/",
            status=202,
            seconds=1.5,
            sent=4,
            location="https://u@r.test/x",
            headers=tuple(kept),
            codes=("DENIED",),
        )
    ]
    assert told.asked == [("POST", f"{BASE}/?state=secret", {"Authorization": "Basic eA==", "X": "1"}, b"four")]


def test_a_storage_elsewhere_sees_no_password() -> None:
    told = Told(says(200))
    exchange(told).do(Step.PULL_BLOB, "GET", "https://storage.test/x", want=(200,), elsewhere=True)
    assert told.asked == [("GET", "https://storage.test/x", {}, b"")]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (says(500), "it answers 500 Internal Server Error"),
        (says(499), "it answers 499"),
        (says(401, body={"errors": [{"code": "DENIED"}]}), "it answers 401 Unauthorized (DENIED)"),
        (says(404, body={"errors": [{"code": "AA"}, {"code": "BB"}]}), "it answers 404 Not Found (AA, BB)"),
        (says(404, body={"errors": []}), "it answers 404 Not Found"),
        (Response("", 200, failure=LOST), "connection reset"),
        (says(200), "and it is odd"),
    ],
)
def test_a_step_that_is_wrong_ends_the_part(answer: Response, fault: str) -> None:
    there = exchange(Told(answer))
    with pytest.raises(BrokenError):
        there.do(Step.PULL_TAG, "GET", BASE, want=(200,), judge=lambda _: "and it is odd")
    (step,) = there.steps
    assert (step.ok, step.fault, step.failure, step.status) == (False, fault, answer.failure, answer.status)


def test_the_last_step_says_how_much_it_has_read() -> None:
    there = exchange(Told(last=says(200)))
    for _ in range(3):
        there.do(Step.PULL_BLOB, "GET", BASE, want=(200,))
    there.count(77)
    assert [step.sent for step in there.steps] == [0, 0, 77]


def test_a_run_that_was_stopped_asks_nothing_more() -> None:
    stop, told = threading.Event(), Told(last=says(200))
    there = exchange(told, stop)
    assert (there.stopped(), there.heard_or_stopped(0.0), told.hung_up) == (False, False, 0)
    stop.set()
    assert (there.stopped(), there.heard_or_stopped(0.0), told.hung_up) == (True, False, 1)
    with pytest.raises(BrokenError):
        there.do(Step.START, "POST", BASE, want=(202,))
    assert (there.steps, told.asked) == ([], [])


def test_an_upload_of_one_piece() -> None:
    told, made = Told(says(202, "/one?s=1"), says(202, "/two?s=2"), says(201)), Made()
    blob = push_whole(exchange(told), made, "seed", 1000)
    (start, patch, put) = told.asked
    assert start[:2] == ("POST", f"{BASE}/blobs/uploads/")
    assert (patch[0], patch[1], len(patch[3])) == ("PATCH", f"{HERE}/one?s=1", 1000)
    assert patch[2] == {"Authorization": "Basic eA==", "Content-Type": "application/octet-stream"}
    digest = f"sha256:{hashlib.sha256(patch[3]).hexdigest()}"
    assert blob == Blob(digest, 1000)
    assert (put[0], put[1], put[3]) == ("PUT", f"{HERE}/two?s=2&digest={digest.replace(':', '%3A')}", b"")
    assert made == Made({}, [digest])


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("least", "size"),
    [
        ("", CHUNK), (str(CHUNK), CHUNK), (str(CHUNK + 1), CHUNK + 1), ("99999999999", 16 * 1024 * 1024),
        ("999999999999", CHUNK), ("-1", CHUNK), ("\u0663", CHUNK), ("x", CHUNK),
    ],
)  # fmt: skip
def test_an_upload_of_several_pieces(least: str, size: int) -> None:
    told = Told(
        says(202, "/u", ("oci-chunk-min-length", least)), *[says(202, f"/u?{n}") for n in range(CHUNKS)], says(201)
    )
    blob = push_chunks(exchange(told), Made(), "seed")
    patches = [asked for asked in told.asked if asked[0] == "PATCH"]
    assert [asked[1] for asked in patches] == [f"{HERE}/u", f"{HERE}/u?0", f"{HERE}/u?1"]
    assert [asked[2]["Content-Range"] for asked in patches] == [
        f"0-{size - 1}", f"{size}-{2 * size - 1}", f"{2 * size}-{3 * size - 1}"
    ]  # fmt: skip
    assert [len(asked[3]) for asked in patches] == [size] * 3
    assert len({asked[3] for asked in patches}) == 3
    digest = hashlib.sha256(b"".join(asked[3] for asked in patches)).hexdigest()
    assert blob == Blob(f"sha256:{digest}", 3 * size)


def test_a_blob_in_the_last_request() -> None:
    told = Told(says(202, "/u"), says(201))
    blob = push_small(exchange(told), Made(), b"content")
    digest = hashlib.sha256(b"content").hexdigest()
    assert blob == Blob(f"sha256:{digest}", 7)
    assert told.asked[1] == (
        "PUT",
        f"{HERE}/u?digest=sha256%3A{digest}",
        {"Authorization": "Basic eA==", "Content-Type": "application/octet-stream"},
        b"content",
    )


def test_a_digest_that_is_not_what_was_sent() -> None:
    told, made = Told(says(202, "/u"), says(201, "", ("docker-content-digest", "sha256:other"))), Made()
    there = exchange(told)
    with pytest.raises(BrokenError):
        push_small(there, made, b"content")
    digest = f"sha256:{hashlib.sha256(b'content').hexdigest()}"
    assert there.steps[-1].fault == f"the registry says that it has sha256:other, and {digest} was sent"
    assert (list(made.uploads.values()), made.blobs) == ([f"{HERE}/u"], [digest]), "both are to be cleaned up"


def test_a_slow_upload_is_left_open_to_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    told, made = Told(says(202, "/u"), says(202, "/u?2")), Made()
    there = exchange(told)
    push_slowly(there, made, 0.0)
    assert [asked[:2] for asked in told.asked] == [("POST", f"{BASE}/blobs/uploads/"), ("PATCH", f"{HERE}/u")]
    assert [step.step for step in there.steps] == [Step.START, Step.SLOW]
    assert list(made.uploads.values()) == [f"{HERE}/u?2"]


def test_the_rest_of_a_slow_upload_goes_out_at_once_when_the_run_is_stopped() -> None:
    """A session whose request was not finished can't be cancelled."""
    stop, pauses = threading.Event(), list[float]()

    class Stopping(Told):
        def heard(self, seconds: float) -> bool:
            pauses.append(seconds)
            stop.set()
            return False

    told = Stopping(says(202, "/u"), says(202, "/u?2"))
    push_slowly(exchange(told, stop), Made(), 4.0)
    assert (pauses, len(told.asked[1][3])) == ([1.0, 0.0, 0.0, 0.0], 5 * 1024)


@pytest.mark.parametrize(
    ("location", "cancelled"),
    [
        ("https://evil.test/v2/a/blobs/uploads/1?s=2", f"{HERE}/v2/a/blobs/uploads/1?s=2"),
        ("http://registry.test/v2/1?to=http://x/y", f"{HERE}/v2/1?to=http://x/y"),
        ("https://evil.test", f"{HERE}/"),
        ("", None),
        ("https://[::1/", None),
    ],
)
def test_a_session_that_leads_elsewhere_is_cancelled_at_the_registrys_own_host(
    location: str, cancelled: str | None
) -> None:
    made = Made()
    with pytest.raises(BrokenError):
        push_small(exchange(Told(says(202, location))), made, b"x")
    assert list(made.uploads.values()) == ([] if cancelled is None else [cancelled])


def test_the_place_that_was_known_before_is_where_it_is_cancelled() -> None:
    made = Made()
    with pytest.raises(BrokenError):
        push_whole(exchange(Told(says(202, "/first"), says(202, "https://evil.test/second"))), made, "seed", 10)
    assert list(made.uploads.values()) == [f"{HERE}/first"]
