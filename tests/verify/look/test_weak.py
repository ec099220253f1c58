"""Weak TLS beside good TLS: found by what a server accepts when nothing good is offered."""

from __future__ import annotations

import pytest

from edgegen.verify.look.tls import look_for_weak
from edgegen.verify.look.trust import Trust
from tests.fakes import tls_scripts as say
from tests.fakes.authority_of_tests import GOOD_CIPHERS
from tests.fakes.tls_scripts import Script
from tests.fakes.tls_servers import Servers, Site
from tests.verify.look.conftest import HOST, Pki, line

ACCEPTS = {
    "intermediate": ("ec", "TLSv1.2", "TLSv1.3", "", (), 1),
    "intermediate with RSA": ("rsa2048", "TLSv1.2", "TLSv1.3", "", (), 1),
    "TLS 1.3 alone": ("ec", "TLSv1.3", "TLSv1.3", "", (), 1),
    "one good suite": ("rsa2048", "TLSv1.2", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256", (), 1),
    "TLS 1.0 beside 1.2 and 1.3": (
        "rsa2048", "TLSv1", "TLSv1.3", "AES128-SHA:ECDHE+AESGCM:@SECLEVEL=0",
        ("TLSv1.2 AES128-SHA", "TLSv1.1 AES128-SHA"), 2,
    ),
    "TLS 1.0 alone": ("rsa2048", "TLSv1", "TLSv1", "AES256-SHA:@SECLEVEL=0", ("TLSv1 AES256-SHA",), 1),
    "CBC in TLS 1.2": (
        "rsa2048", "TLSv1.2", "TLSv1.3", f"{GOOD_CIPHERS}:ECDHE-RSA-AES128-SHA:@SECLEVEL=0",
        ("TLSv1.2 ECDHE-RSA-AES128-SHA",), 2,
    ),
    "no forward secrecy": (
        "rsa2048", "TLSv1.2", "TLSv1.3", f"{GOOD_CIPHERS}:AES128-GCM-SHA256", ("TLSv1.2 AES128-GCM-SHA256",), 2,
    ),
    "no encryption": ("rsa2048", "TLSv1.2", "TLSv1.2", "NULL-SHA256:@SECLEVEL=0", ("TLSv1.2 NULL-SHA256",), 2),
    "nobody's certificate": (
        "rsa2048", "TLSv1.2", "TLSv1.2", "AECDH-AES128-SHA:@SECLEVEL=0", ("TLSv1.2 AECDH-AES128-SHA",), 2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTS)
def test_what_is_accepted(servers: Servers, trust: Trust, pki: Pki, case: str) -> None:
    key, minimum, maximum, ciphers, weak, connections = ACCEPTS[case]
    site = Site(pki.middle.issue(HOST, key=key), minimum=minimum, maximum=maximum, ciphers=ciphers)
    server = servers.tls(site)
    assert look_for_weak(line(server.port), trust) == (weak, "")
    assert server.connections == connections


@pytest.mark.parametrize("script", [say.reset, say.hang_up, say.raw(bytes.fromhex("15030300020228"))])
def test_hanging_up_is_a_refusal(servers: Servers, trust: Trust, script: Script) -> None:
    assert look_for_weak(line(servers.tcp(script).port), trust) == ((), "")


@pytest.mark.slow
def test_silence_is_not_a_refusal(servers: Servers, trust: Trust) -> None:
    weak, trouble = look_for_weak(line(servers.tcp(say.silence).port, seconds=0.3), trust)
    assert weak == ()
    assert trouble.startswith("timeout: no handshake within")


def test_a_port_that_is_closed_in_the_meantime_tells_nothing(servers: Servers, trust: Trust) -> None:
    assert look_for_weak(line(servers.closed_port()), trust) == ((), "refused: Connection refused")
