"""The client of a registry: which URLs it asks, whom it asks, and how a conversation is broken off."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError
from edgegen.net.answer import BODY_CAP, Failure, Phase, Trouble
from edgegen.net.deadline import Deadline
from edgegen.verify.look.registry_client import Client, open_client
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import Settings
from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.ground import CANARY, HOST, Ground, registry


@pytest.fixture
def client(ground: Ground, fake: FakeRegistry) -> Iterator[Client]:
    opened = open_client(registry(fake.port), "127.0.0.1", ground.settings(), Deadline.after(30))
    yield opened
    opened.close()


def url(fake: FakeRegistry, path: str = "/v2/") -> str:
    return f"https://{HOST}:{fake.port}{path}"


@pytest.mark.parametrize(
    "asked",
    [
        "http://registry.test/v2/",
        "registry.test/v2/",
        "",
        "https://",
        "https:///v2/",
        "https://regi stry.test/",
        "https://registry.test:99999/",
        "https://registry.test:x/",
        "https://[::1/",
        "https://a..b.ü/",
        "ftp://registry.test/",
    ],
)
def test_what_is_no_https_url_is_not_asked(client: Client, fake: FakeRegistry, asked: str) -> None:
    answer = client.ask("GET", asked, {"Authorization": f"Bearer {CANARY}"})
    assert answer.failure == Failure(Trouble.MALFORMED, Phase.REQUEST, "not an https URL that can be asked")
    assert (answer.url, fake.calls) == (asked, [])


def test_a_password_in_a_url_that_cannot_be_asked_is_not_shown(client: Client) -> None:
    answer = client.ask("GET", f"http://x/{CANARY}", {"Authorization": f"Bearer {CANARY}"})
    assert answer.failure is not None
    assert CANARY not in answer.failure.detail


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("https://registry.test:%d", "/"),
        ("https://registry.test:%d?a=b&c", "/?a=b&c"),
        ("https://REGISTRY.test:%d/v2/x?a=b#part", "/v2/x?a=b"),
        ("HTTPS://registry.test:%d/v2//x", "/v2//x"),
        ("https://user:secret@registry.test:%d/v2/", "/v2/"),
    ],
)
def test_what_is_sent_of_a_url(client: Client, fake: FakeRegistry, asked: str, sent: str) -> None:
    answer = client.ask("GET", asked % fake.port, {"X-Own": "1"})
    assert answer.failure is None
    ((method, path, headers),) = fake.calls
    assert (method, path, headers["Host"], headers["X-Own"]) == ("GET", sent, f"registry.test:{fake.port}", "1")
    assert "Authorization" not in headers


def test_one_connection_for_one_origin(ground: Ground, client: Client, fake: FakeRegistry) -> None:
    places: list[object] = []
    fake.hook = lambda call: places.append(call.client_address) or False
    for _ in range(3):
        assert client.ask("GET", url(fake), {}).status == 401
    assert len(set(places)) == 1


def test_another_origin_is_looked_up_and_gets_a_connection_of_its_own(ground: Ground, fake: FakeRegistry) -> None:
    led: list[tuple[str, int]] = []

    def lead(host: str, port: int) -> tuple[str, int] | Failure:
        led.append((host, port))
        return ("127.0.0.1", fake.port) if host != "nowhere.test" else Failure(Trouble.UNREACHABLE, Phase.CONNECT, "no")

    client = Client(lead, Trust.load(ground.ca_file).verified, Deadline.after(30))
    for host in ("registry.test", "registry.test", "auth.test", "nowhere.test", "registry.test"):
        answer = client.ask("GET", f"https://{host}/v2/", {})
        assert (answer.failure and answer.failure.detail) == ("no" if host == "nowhere.test" else None)
    client.close()
    assert led == [(host, 443) for host in ("registry.test", "auth.test", "nowhere.test", "registry.test")]
    assert [headers["Host"] for _, _, headers in fake.calls] == [
        "registry.test",
        "registry.test",
        "auth.test",
        "registry.test",
    ]


def test_a_name_that_the_certificate_does_not_have_sees_nothing(ground: Ground, fake: FakeRegistry) -> None:
    client = Client(lambda *_: ("127.0.0.1", fake.port), Trust.load(ground.ca_file).verified, Deadline.after(30))
    answer = client.ask("GET", "https://other.test/", {"Authorization": f"Bearer {CANARY}"})
    assert answer.failure is not None
    assert (answer.failure.trouble, fake.calls) == (Trouble.UNTRUSTED, [])


def test_a_long_body_is_kept_to_its_limit_and_given_whole_to_a_sink(client: Client, fake: FakeRegistry) -> None:
    fake.hook = lambda call: call.answer(200, b"x" * (BODY_CAP + 10))
    kept = client.ask("GET", url(fake), {})
    assert len(kept.body) == BODY_CAP
    pieces: list[bytes] = []
    assert client.ask("GET", url(fake), {}, sink=pieces.append).failure is None
    assert sum(map(len, pieces)) == BODY_CAP + 10


def test_a_body_is_sent(client: Client, fake: FakeRegistry) -> None:
    seen: list[bytes] = []

    def hook(call: Call) -> object:
        seen.append(call.content())
        return call.answer(200, {})

    fake.hook = hook
    assert client.ask("PUT", url(fake), {}, b"content").status == 200
    assert (seen, fake.calls[0][0]) == ([b"content"], "PUT")


def test_the_password_that_an_answer_repeats_is_not_in_it(client: Client, fake: FakeRegistry) -> None:
    fake.hook = lambda call: call.answer(200, call.headers["Authorization"].encode())
    assert client.ask("GET", url(fake), {"Authorization": f"Bearer {CANARY}"}).body == b"Bearer ***"


def test_before_anything_was_asked_there_is_nothing_to_hear_or_to_end(client: Client) -> None:
    assert not client.heard(0.0)
    client.hang_up()
    client.close()


def test_a_conversation_that_is_broken_off_ends_at_once(client: Client, fake: FakeRegistry) -> None:
    waits = threading.Event()

    def hook(call: Call) -> object:
        waits.set()
        return fake.gone.wait(60)

    fake.hook = hook

    def break_off() -> None:
        waits.wait(60)
        client.hang_up()

    thread = threading.Thread(target=break_off)
    thread.start()
    begun = time.monotonic()
    answer = client.ask("GET", url(fake), {})
    thread.join()
    fake.gone.set()
    assert answer.failure is not None
    assert answer.failure.trouble in (Trouble.CLOSED, Trouble.RESET)
    assert time.monotonic() - begun < 20


def test_a_server_that_hangs_up_is_heard(client: Client, fake: FakeRegistry) -> None:
    assert client.ask("GET", url(fake), {}).status == 401
    assert not client.heard(0.05)
    fake.hook = lambda call: call.answer(200, {}, ("Connection", "close"))
    client.ask("GET", url(fake), {})
    assert client.heard(20)


def test_after_the_end_a_new_conversation_begins(client: Client, fake: FakeRegistry) -> None:
    for _ in range(2):
        assert client.ask("GET", url(fake), {}).status == 401
        client.close()
    assert len(fake.calls) == 2


def test_authorities_that_cannot_be_read_are_an_error_of_files(tmp_path: Path) -> None:
    with pytest.raises(LocalIOError, match=r"none\.pem"):
        open_client(registry(443), "127.0.0.1", Settings(ca_file=str(tmp_path / "none.pem")), Deadline.after(1))


def test_where_it_leads_to(ground: Ground, fake: FakeRegistry) -> None:
    """The endpoint itself is asked at the given address; a name that it gives is not, if that is inside."""
    client = open_client(registry(fake.port), "127.0.0.1", ground.settings(), Deadline.after(30))
    inside = client.ask("GET", f"https://127.0.0.2:{fake.port}/", {})
    client.close()
    assert inside.failure is not None
    assert "not public" in inside.failure.detail
