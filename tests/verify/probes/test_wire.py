"""The sockets of a conversation with a registry: none without somebody who watches the time."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from edgegen.lookup import Deadline
from edgegen.verify.observation import Trouble
from edgegen.verify.probes import wire as wire_module
from edgegen.verify.probes.wire import NotDialledError, Wire


def nowhere(_host: str, _port: int) -> tuple[str, int]:
    raise AssertionError("nobody may ask for the way")


def test_without_a_thread_that_watches_the_time_nothing_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(wire_module.threading.Timer, "start", start)
    with closing(Wire(nowhere, Deadline.after(10))) as wire, pytest.raises(NotDialledError) as caught:
        wire.connect("r.example.com", 443)
    assert caught.value.failure.trouble is Trouble.LOCAL
