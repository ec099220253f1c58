"""What proxies and servers answer in place of a service, and what that says of the connection between them. Pure."""

from __future__ import annotations

import re

from edgegen.verify.observation import Response

_WANTS_TLS = (
    b"Client sent an HTTP request to an HTTPS server.",  # Go
    b"The plain HTTP request was sent to HTTPS port",  # nginx
    b"speaking plain HTTP to an SSL-enabled server port",  # Apache
    b"This combination of host and port requires TLS.",  # Tomcat
)
"""What servers answer to plain HTTP on a port for TLS."""
# Cloudflare's own statuses, for problems with the origin.
_STATUSES = {
    520: "the origin's answer makes no sense",
    521: "the origin refuses the connection",
    522: "connecting to the origin takes too long",
    523: "there is no route to the origin",
    524: "the origin's answer takes too long",
    525: "the TLS handshake with the origin fails",
    526: "the origin's certificate is not trusted, and the mode is Full (strict)",
    530: "the origin can't be found",
}
# Cloudflare's errors that every visitor gets, whatever their status; others are for this machine only, or temporary.
_ERRORS = {
    1000: "the record leads to an address of Cloudflare itself, or to another forbidden one",
    1001: "the name does not resolve at Cloudflare",
    1014: "the CNAME leads to a zone of another Cloudflare account, which does not allow it",
    1016: "the name that the record leads to has no address",
    1018: "Cloudflare does not know the host, or not yet",
    1033: "the tunnel that the record leads to is not connected",
}
_ERROR = re.compile(
    rb'error code: (1\d{3})\s*|.*data-translate="error">Error</span>\s*<span>(1\d{3})</span>.*', re.DOTALL
)


def wants_tls(answer: Response) -> bool:
    """Whether it says that plain HTTP came to a port for TLS."""
    return answer.status == 400 and any(words in answer.body for words in _WANTS_TLS)


def of_cloudflare(answer: Response) -> tuple[str, str] | None:
    """Cloudflare's own answer in place of the origin's: which one it is, like `403 (error 1014)`, and why."""
    if not answer.header("cf-ray") or answer.status < 400:
        return None
    if (error := _error(answer)) in _ERRORS:
        return f"{answer.status} (error {error})", _ERRORS[error]
    reason = _STATUSES.get(answer.status)
    return (str(answer.status), reason) if reason else None


def challenges_visitors(answer: Response) -> bool:
    """Whether Cloudflare answers itself, with a page in which a browser proves that a person sits before it."""
    return bool(answer.header("cf-ray")) and answer.header("cf-mitigated").strip().lower() == "challenge"


def is_record_at_fault(answer: Response) -> bool:
    """Whether one of Cloudflare's answers is about the record, and not about what it leads to."""
    return _error(answer) in _ERRORS


def _error(answer: Response) -> int:
    found = _ERROR.fullmatch(answer.body)
    return int(found[1] or found[2]) if found else 0
