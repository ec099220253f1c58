"""The visitor of the rolling updates notices a single request that is lost, and goes on. No engine is needed."""

from __future__ import annotations

import http.client
import threading

import pytest

from tests.lab.asking import Requests
from tests.lab.clients import Answer

GOOD = Answer(200, http.client.HTTPMessage(), b"")
FAULTS = [
    Answer(502, http.client.HTTPMessage(), b""),
    ConnectionResetError(104, "reset"),
    TimeoutError("no answer"),
    http.client.RemoteDisconnected("closed"),
    http.client.BadStatusLine("x"),
    http.client.IncompleteRead(b"half"),
]


class Scripted:
    """Answers the second request with the fault, all others well."""

    def __init__(self, fault: Answer | Exception) -> None:
        self.fault, self.asked, self.is_over = fault, 0, threading.Event()

    def get(self, host: str, path: str = "/") -> Answer:
        self.asked += 1
        if self.asked == 4:
            self.is_over.set()
        if self.asked != 2:
            return GOOD
        if isinstance(self.fault, Exception):
            raise self.fault
        return self.fault


def test_good_answers_are_one_status() -> None:
    visitor = Scripted(GOOD)
    with Requests(visitor, "www.shop.test") as requests:
        assert visitor.is_over.wait(60)
    assert requests.statuses == {200}
    assert requests.count == visitor.asked


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
def test_a_planted_loss_is_seen(fault: Answer | Exception) -> None:
    visitor = Scripted(fault)
    with Requests(visitor, "www.shop.test") as requests:
        assert visitor.is_over.wait(60)
    assert requests.statuses == {200, fault.status if isinstance(fault, Answer) else repr(fault)}
