"""The handshake: each way in which it comes to nothing has a word of its own."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.core.finding import Outcome
from edgegen.endpoints import Kind
from edgegen.verify.checks.tls_handshake import CHECK
from edgegen.verify.observation import Phase, TlsSeen, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    dead,
    endpoint,
    failure,
    judged,
    observation,
    tls,
    untrusted,
    verdicts,
    without_tls,
    words,
)

CAUGHT = [
    (Trouble.TIMEOUT, "timeout-tls"),
    (Trouble.NOT_TLS, "plain-http-on-tls-port"),
    (Trouble.OLD_TLS, "tls-too-old"),
    (Trouble.RESET, "reset"),
    (Trouble.CLOSED, "reset"),
    (Trouble.ALERT, "tls-alert"),
    (Trouble.MALFORMED, "tls-failed"),
    (Trouble.UNREACHABLE, "tls-failed"),
]
FINE: list[TlsSeen] = [
    tls(),
    tls(protocol="TLSv1.2", cipher=""),
    untrusted(20),
    untrusted(62),
    tls(weak=("TLSv1.0 x",)),
]
ELSEWHERE = ["no address", "refused", "not public", "stopped"]


@pytest.mark.parametrize(("trouble", "word"), CAUGHT)
def test_caught(trouble: Trouble, word: str) -> None:
    assert verdicts(CHECK, observation(tls=without_tls(trouble))) == [(word, "high")]


@pytest.mark.parametrize("seen", FINE)
def test_fine(seen: TlsSeen) -> None:
    (finding,) = judged(CHECK, observation(tls=seen))
    assert finding.outcome is Outcome.PASS
    assert seen.protocol in finding.message


@pytest.mark.parametrize("name", ELSEWHERE)
def test_not_seen(name: str) -> None:
    assert words(CHECK, UNREACHED[name]) == ["not-seen"]


def test_not_looked_at_is_not_good() -> None:
    assert words(CHECK, observation(tls=None)) == ["not-seen"]


def test_this_machine_could_not_look() -> None:
    assert words(CHECK, observation(tls=without_tls(Trouble.LOCAL))) == ["not-seen"]


def test_it_names_the_old_protocol_the_alert_and_the_time() -> None:
    def message(seen: Any) -> str:
        return judged(CHECK, observation(tls=seen))[0].message

    assert (
        message(without_tls(Trouble.OLD_TLS, old_protocol="TLSv1.1"))
        == "the server supports nothing newer than TLSv1.1"
    )
    alert = TlsSeen(failure=failure(Trouble.ALERT, Phase.TLS, "unrecognized_name"))
    assert message(alert) == "the server refuses the handshake (unrecognized_name)"
    assert message(without_tls(Trouble.NOT_TLS)) == "what answers on this port is not TLS"
    assert message(without_tls(Trouble.MALFORMED)) == "the handshake failed (the answer is not HTTP)"
    silent = TlsSeen(failure=failure(Trouble.TIMEOUT, Phase.TLS, seconds=10.0))
    assert message(silent) == "the server accepts the connection, then sends nothing (no answer within 10 s)"


def test_some_addresses_fail() -> None:
    broken = address_seen(OTHER_ADDRESS, tls=without_tls(Trouble.RESET))
    third = address_seen("192.0.2.12")
    (finding,) = judged(CHECK, observation(address_seen(), broken, third))
    assert finding.verdict == "reset"
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 3 addresses)")


def test_each_cause_once() -> None:
    seen = observation(
        address_seen(tls=without_tls(Trouble.RESET)),
        address_seen(OTHER_ADDRESS, tls=without_tls(Trouble.TIMEOUT)),
        address_seen("192.0.2.12", tls=without_tls(Trouble.RESET)),
        dead("192.0.2.13"),
    )
    found = {finding.verdict: finding.message for finding in judged(CHECK, seen)}
    assert set(found) == {"reset", "timeout-tls", "not-seen"}
    assert f"(at {ADDRESS}, 192.0.2.12, 2 of 4 addresses)" in found["reset"]


@pytest.mark.parametrize("trouble", [Trouble.CLOSED, Trouble.RESET, Trouble.TIMEOUT, Trouble.NOT_TLS])
def test_what_is_passed_through_may_begin_in_words_of_its_own(trouble: Trouble) -> None:
    wanted = endpoint(kind=Kind.TCP, port=5432, ca="", web_port=None)
    assert words(CHECK, observation(tls=without_tls(trouble), endpoint=wanted)) == ["not-seen"]


def test_what_is_passed_through_speaks_tls_when_it_sends_an_alert() -> None:
    wanted = endpoint(kind=Kind.TCP, port=5432, ca="", web_port=None)
    assert words(CHECK, observation(tls=without_tls(Trouble.ALERT), endpoint=wanted)) == ["tls-alert"]
    wanted = endpoint(kind=Kind.TLS, port=5432, web_port=None)
    assert words(CHECK, observation(tls=without_tls(Trouble.CLOSED), endpoint=wanted)) == ["reset"]


def test_who_wants_a_certificate_of_its_clients_may_be_well() -> None:
    """As Go says it in TLS 1.2, within the handshake."""
    asks = tls(verified=False, failure=failure(Trouble.ALERT, Phase.TLS, "it asks its clients for a certificate"))
    (finding,) = judged(CHECK, observation(tls=asks))
    assert (finding.verdict, finding.outcome) == ("client-certificate", Outcome.UNKNOWN)
