"""HTTP Strict Transport Security.

What it does
    Reads `Strict-Transport-Security` of the answers over trusted https. Browsers ignore it over anything else.

Why
    A visitor's first request is in plain HTTP, and anyone on the path can answer it. With HSTS this is only true of the
    very first request: afterwards the browser only uses https.

Example
    `Strict-Transport-Security: max-age=300`: the browser forgets it after five minutes.

Instead
    `max-age=63072000`, two years, which edgegen's routers send unless `edge: {hsts: false}` turns it off.

Verdicts
    hsts-missing: no answer has it, or it turns itself off, or browsers don't understand it.
    hsts-short: it is for less than two years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.hsts import TWO_YEARS
from edgegen.core.show import shown
from edgegen.endpoints import Aspect, Endpoint
from edgegen.system.internet import literal
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.proxy_answers import challenges_visitors
from edgegen.verify.checks.reached import answers, by_part
from edgegen.verify.checks.traefik import is_own_404
from edgegen.verify.observation import AddressSeen, Observation, Response

HSTS_MISSING = Verdict("hsts-missing", Severity.LOW)
HSTS_SHORT = Verdict("hsts-short", Severity.LOW)


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The answers of every address; no finding if HSTS was turned off, or there is no HTTP.

    Browsers ignore it from a host that is an address (RFC 6797 section 8.1.1).
    """
    if seen.endpoint.speaks_http and seen.endpoint.hsts is not False and not literal(seen.endpoint.host):
        yield from by_part(
            seen, answers, lambda address, found: [_of_address(address, found, seen.endpoint)], aspect=Aspect.HSTS
        )


def _of_address(address: AddressSeen, found: tuple[Response, ...], endpoint: Endpoint) -> Judgement:
    if address.tls is None or not address.tls.verified:
        return Unseen("browsers only read it if the certificate is trusted")
    said = [*found, *([address.registry.anonymous] if address.registry else [])]
    secure = [answer for answer in said if answer.status and answer.url.startswith("https:")]
    values = [value for answer in secure if (value := answer.header("strict-transport-security"))]
    if values:
        return _judged(values[0], endpoint)
    # Errors come from wherever the request got stuck.
    if not any(answer.status < 500 and not is_own_404(answer) and not challenges_visitors(answer) for answer in secure):
        return Unseen("there was no answer of the service itself")
    return _fault(HSTS_MISSING, "no Strict-Transport-Security: the next visit may be in plain HTTP again", endpoint)


def _judged(value: str, endpoint: Endpoint) -> Judgement:
    if twice := repeated(value):
        return _fault(HSTS_MISSING, f"`{shown(value)}` has {twice} twice: browsers ignore it", endpoint)
    seconds = max_age(value)
    if seconds is None:
        return _fault(HSTS_MISSING, f"`{shown(value)}` has no max-age: browsers ignore it", endpoint)
    if seconds == 0:  # RFC 6797 section 6.1.1: forget this host
        return _fault(HSTS_MISSING, "max-age is 0, which turns it off", endpoint)
    if seconds < TWO_YEARS:
        return _fault(HSTS_SHORT, f"max-age is {seconds}, less than two years ({TWO_YEARS})", endpoint)
    return Good(f"max-age is {seconds}")


def repeated(value: str) -> str:
    """A directive that is there twice, which makes the whole header invalid (RFC 6797 section 6.1), or ""."""
    names = [name for part in value.split(";") if (name := part.partition("=")[0].strip().lower())]
    return next((name for name in ("max-age", "includesubdomains") if names.count(name) > 1), "")


def max_age(value: str) -> int | None:
    """Seconds of its first `max-age` (RFC 6797 section 6.1), at most ten digits. None: it has no valid one."""
    for directive in value.split(";"):
        name, _, number = directive.partition("=")
        if name.strip().lower() == "max-age":
            digits = re.fullmatch(r"\s*(?:\"([0-9]+)\"|([0-9]+))\s*", number)
            return min(int((digits[1] or digits[2])[:12]), 9_999_999_999) if digits else None
    return None


def _fault(verdict: Verdict, message: str, endpoint: Endpoint) -> Fault:
    hint = f"send `Strict-Transport-Security: max-age={TWO_YEARS}` with every answer over https"
    if endpoint.proxied:
        hint = "at Cloudflare: SSL/TLS, Edge Certificates, HTTP Strict Transport Security"
    elif endpoint.has_spec:
        hint = "every router of edgegen sends it by default (`edge: {hsts: true}`): run `edgegen up`"
    return Fault(verdict, message, hint, aspect=Aspect.HSTS)


CHECK = Check("EV015", "hsts", Hop.ROUTER, (HSTS_MISSING, HSTS_SHORT), judge)
