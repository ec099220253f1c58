"""What a server accepts beside good TLS: handshakes that offer nothing good and should fail."""

from __future__ import annotations

import ssl
from dataclasses import replace

from edgegen.net.answer import Failure, Trouble
from edgegen.net.tls import Line, Refused, shake
from edgegen.verify.look.trust import Trust

WEAK_SECONDS = 3.0
"""Seconds for these handshakes: a right server refuses at once."""


def look_for_weak(line: Line, trust: Trust) -> tuple[tuple[str, ...], str]:
    """What was accepted, as `TLSv1.1 ECDHE-RSA-AES128-SHA`; and why it could not be seen, or "".

    Mozilla's intermediate suites all need TLS 1.2: who takes a lower version takes some other suite as well. So one
    handshake tells whether anything is weak at all, and a second one finds old versions below a weak TLS 1.2.
    """
    short = replace(line, deadline=line.deadline.within(WEAK_SECONDS))
    first, trouble = _accepted(short, trust.weak)
    if not first.startswith("TLSv1.2"):
        return ((first,) if first else ()), trouble
    second, _ = _accepted(short, trust.weak_old)
    return ((first, second) if second else (first,)), ""


def _accepted(line: Line, context: ssl.SSLContext) -> tuple[str, str]:
    got = shake(context, line)
    if isinstance(got, ssl.SSLSocket):
        with got:
            cipher = got.cipher()
            return f"{got.version()} {cipher[0] if cipher else ''}".rstrip(), ""
    return "", _why_unseen(got)


def _why_unseen(got: Refused | Failure) -> str:
    """Hanging up is a refusal as well, once the port is known to speak TLS; silence is not."""
    if isinstance(got, Refused) or got.trouble in (
        Trouble.ALERT, Trouble.OLD_TLS, Trouble.NOT_TLS, Trouble.CLOSED, Trouble.RESET
    ):  # fmt: skip
        return ""
    return f"{got.trouble}: {got.detail}" if got.detail else str(got.trouble)
