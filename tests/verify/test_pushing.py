"""Which registries are pushed to, and when a push is left alone."""

from __future__ import annotations

import threading

import pytest
from msgspec.structs import replace

from edgegen.core.secret import Credentials, Secret
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify import pushing
from edgegen.verify.observation import AddressSeen, Observation, Phase, PushSeen, Response, Trouble
from edgegen.verify.push import trip as probe
from edgegen.verify.pushing import push_all
from edgegen.verify.settings import PushSettings, Settings
from tests.verify.checks.making import address_seen, failure, observation, registry_seen, response, tls, untrusted

WANTED = Settings(push=PushSettings(), credentials={"r.test": Credentials("ci", Secret("canary"), "the environment")})


def registry(*addresses: AddressSeen, host: str = "r.test", **more: object) -> Observation:
    endpoint = Endpoint("hub", host, Kind.REGISTRY, **more)  # type: ignore[arg-type]
    return observation(*addresses, endpoint=endpoint) if addresses else observation(endpoint=endpoint)


def asked(address: str, **more: object) -> AddressSeen:
    return address_seen(address, host="r.test", **{"registry": registry_seen("r.test"), **more})


class Pushes:
    """Stands for the push itself; remembers who was pushed to."""

    def __init__(self) -> None:
        self.to: list[tuple[str, str, str | None]] = []

    def __call__(
        self,
        endpoint: Endpoint,
        address: str,
        settings: Settings,
        credentials: Credentials | None,
        *,
        stop: threading.Event,
    ) -> PushSeen:
        self.to.append((endpoint.host, address, credentials.user if credentials else None))
        return PushSeen(size=7)


@pytest.fixture
def pushes(monkeypatch: pytest.MonkeyPatch) -> Pushes:
    made = Pushes()
    monkeypatch.setattr(probe, "push", made)
    return made


def test_only_registries_and_in_order(pushes: Pushes) -> None:
    told: list[str] = []
    seen = push_all(
        [observation(), registry(), registry(host="b.test", port=5000), registry(host="c.test", writable=False)],
        WANTED, progress=told.append,
    )  # fmt: skip
    assert [(host, user) for host, _, user in pushes.to] == [("r.test", "ci"), ("b.test", None)]
    assert told == ["r.test", "b.test:5000"]
    assert [item.push and (item.push.size, item.push.skipped) for item in seen] == [
        None, (7, ""), (7, ""), (0, "a pull-through cache does not accept pushes"),
    ]  # fmt: skip


def test_without_the_wish_nothing_is_pushed(pushes: Pushes) -> None:
    assert [item.push for item in push_all([registry()], Settings())] == [None]
    assert pushes.to == []


def test_the_first_address_that_is_good_is_taken(pushes: Pushes) -> None:
    silent = registry_seen("r.test", anonymous=Response("https://r.test/v2/", failure=failure(Trouble.TIMEOUT)))
    push_all(
        [
            registry(
                asked("192.0.2.1", connect=failure(Trouble.REFUSED)),
                asked("192.0.2.2", tls=untrusted(18)),
                asked("192.0.2.3", registry=silent),
                asked("192.0.2.4"),
                asked("192.0.2.5"),
            )
        ],
        WANTED,
    )
    assert pushes.to == [("r.test", "192.0.2.4", "ci")]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (asked("192.0.2.1", connect=failure(Trouble.REFUSED)), "trusted certificate"),
        (asked("192.0.2.1", tls=untrusted(20)), "trusted certificate"),
        (asked("192.0.2.1", tls=tls(verified=False, failure=failure(Trouble.RESET, Phase.TLS))), "trusted certificate"),
        (asked("192.0.2.1", registry=None), "did not answer"),
        (
            asked("192.0.2.1", registry=registry_seen("r.test", anonymous=response(failure=failure(Trouble.RESET)))),
            "did not answer",
        ),
    ],
)
def test_where_a_push_could_say_nothing_there_is_none(pushes: Pushes, address: AddressSeen, why: str) -> None:
    (seen,) = push_all([registry(address)], WANTED)
    assert pushes.to == []
    assert seen.push is not None
    assert why in seen.push.skipped


def test_a_stopped_push_is_awaited_while_it_cleans_up(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, told = threading.Event(), list[str]()

    def stopped(endpoint: Endpoint, *_: object, stop: threading.Event) -> PushSeen:
        told.append(f"{endpoint.host} begins")
        stop.set()  # as a signal does, from outside
        told.append(f"{endpoint.host} is clean")
        return PushSeen()

    monkeypatch.setattr(probe, "push", stopped)
    seen = push_all([registry(), registry(host="b.test"), observation()], WANTED, stop=stop)
    assert told == ["r.test begins", "r.test is clean"]
    assert [(item.push, item.incomplete) for item in seen] == [(None, True), (None, True), (None, False)]


@pytest.mark.slow
def test_a_stopped_push_that_does_not_end_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, gate = threading.Event(), threading.Event()

    def endless(*_: object, stop: threading.Event) -> PushSeen:
        stop.set()
        gate.wait(60)
        return PushSeen()

    monkeypatch.setattr(probe, "push", endless)
    monkeypatch.setattr(pushing, "CLEAN_UP", 0.1)
    (seen,) = push_all([registry()], replace(WANTED, timeout=0.1), stop=stop)
    gate.set()
    assert seen.incomplete


def test_after_a_stop_none_begins(pushes: Pushes) -> None:
    stop = threading.Event()
    stop.set()
    (seen,) = push_all([registry()], WANTED, stop=stop)
    assert (pushes.to, seen.push, seen.incomplete) == ([], None, True)


def test_a_bug_in_a_push_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> PushSeen:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(probe, "push", broken)
    with pytest.raises(ZeroDivisionError):
        push_all([registry()], WANTED)
