"""The TLS handshake.

What it does
    Makes a TLS handshake with every address for the host's name, trusted or not, and reports what prevents it.

Why
    Without TLS there is no certificate and no answer: everything behind it is hidden. What clients report
    (`WRONG_VERSION_NUMBER`, `EOF occurred in violation of protocol`) does not say what to fix.

Example
    `ports: ["443:80"]`: what answers on port 443 is plain HTTP.

Instead
    Port 443 must lead directly to Traefik's TLS entrypoint: no proxy and no other program on it.

Verdicts
    timeout-tls: the connection was accepted, then nothing came.
    plain-http-on-tls-port: what answers is not TLS; usually plain HTTP.
    tls-too-old: only protocols before TLS 1.2 are supported.
    reset: the connection was cut during the handshake, as firewalls do (RST), or the other side closed it (FIN).
    tls-alert: the server refused the handshake, and its alert says why: `unrecognized_name`, `handshake_failure` …
    tls-failed: the handshake failed in another way.
    client-certificate: unknown, because only clients that show a certificate get in.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.checks.addresses import by_address
from edgegen.verify.checks.broken_answers import CLIENT_CERTIFICATE, wants_a_certificate
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.reached import handshake, port_reached
from edgegen.verify.observation import (
    WANTS_A_CERTIFICATE,
    AddressSeen,
    Failure,
    Observation,
    TlsSeen,
    Trouble,
    in_words,
)

TIMEOUT_TLS = Verdict("timeout-tls", Severity.HIGH)
PLAIN_HTTP_ON_TLS_PORT = Verdict("plain-http-on-tls-port", Severity.HIGH)
TLS_TOO_OLD = Verdict("tls-too-old", Severity.HIGH)
RESET = Verdict("reset", Severity.HIGH)
TLS_ALERT = Verdict("tls-alert", Severity.HIGH)
TLS_FAILED = Verdict("tls-failed", Severity.HIGH)

_BACKEND = "is something else on this port? A service that is passed through may also be down"
_ELSEWHERE = "try from another network: something on the path may be the cause"
_FAULTS: dict[Trouble, tuple[Verdict, str, str]] = {
    Trouble.TIMEOUT: (
        TIMEOUT_TLS,
        "the server accepts the connection, then sends nothing",
        "is the program on the port stuck, or does a firewall in front answer for it?",
    ),
    Trouble.NOT_TLS: (
        PLAIN_HTTP_ON_TLS_PORT,
        "what answers on this port is not TLS",
        "the port must lead to TLS (Traefik's entrypoint `websecure`): check `ports` and what is in front",
    ),
    Trouble.OLD_TLS: (TLS_TOO_OLD, "the server supports nothing newer", "allow TLS 1.2 and 1.3, Traefik's default"),
    Trouble.RESET: (
        RESET,
        "the connection is cut during the handshake",
        "a firewall or a filter on the path does that, or a program that crashes: try from another network",
    ),
    Trouble.CLOSED: (RESET, "the server hangs up during the handshake", _BACKEND),
    Trouble.ALERT: (
        TLS_ALERT,
        "the server refuses the handshake",
        "Traefik refuses if `tls.options` of a router don't exist, if it requires SNI, or has no suite of the client's",
    ),
}
# No verdict: a service that is passed through may wait for STARTTLS, like PostgreSQL before 17.
_MAY_BE_ANOTHER_PROTOCOL = (Trouble.TIMEOUT, Trouble.NOT_TLS, Trouble.RESET, Trouble.CLOSED)


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The handshake with every address."""
    return by_address(seen, lambda address: [_of_address(address, seen.endpoint)])


def _of_address(address: AddressSeen, endpoint: Endpoint) -> Judgement:
    if unseen := port_reached(address):
        return unseen
    if address.tls and (failure := address.tls.failure):
        return _failed(address.tls, failure, endpoint)
    tls = handshake(address)
    return tls if isinstance(tls, Unseen) else Good(f"{tls.protocol or 'TLS'}{f', {tls.cipher}' if tls.cipher else ''}")


def _failed(tls: TlsSeen, failure: Failure, endpoint: Endpoint) -> Judgement:
    if failure.trouble in (Trouble.LOCAL, Trouble.NO_FAMILY):
        return Unseen(in_words(failure))
    if endpoint.kind is Kind.TCP and failure.trouble in _MAY_BE_ANOTHER_PROTOCOL:
        return Unseen(
            f"no TLS from the first byte on ({in_words(failure)}), and its protocol may begin with something else"
        )
    if failure.trouble is Trouble.ALERT and failure.detail == WANTS_A_CERTIFICATE:
        return wants_a_certificate()
    if failure.trouble not in _FAULTS:
        return Fault(TLS_FAILED, f"the handshake failed ({in_words(failure)})", _ELSEWHERE)
    verdict, message, hint = _FAULTS[failure.trouble]
    if failure.trouble is Trouble.OLD_TLS:
        return Fault(verdict, f"{message} than {tls.old_protocol or 'TLS 1.1'}", hint)
    detail = in_words(failure) if failure.trouble is Trouble.TIMEOUT else shown(failure.detail)
    return Fault(verdict, f"{message} ({detail})" if detail else message, hint)


CHECK = Check(
    "EV007",
    "tls-handshake",
    Hop.TLS,
    (TIMEOUT_TLS, PLAIN_HTTP_ON_TLS_PORT, TLS_TOO_OLD, RESET, TLS_ALERT, TLS_FAILED, CLIENT_CERTIFICATE),
    judge,
)
