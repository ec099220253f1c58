"""The redirect from plain HTTP to https.

What it does
    Requests a path with a query on the web port of every address, and reads where the answer leads, without following
    it.

Why
    A name typed without a scheme may go to plain HTTP first. Without a redirect the page is served unencrypted; one
    that loses the path breaks every old link; a temporary one is requested again and again, each time unencrypted.

Example
    `--entrypoints.web.http.redirections.entrypoint.scheme=https` without `.to`: Traefik writes one line into its log,
    and redirects nothing.

Instead
    `--entrypoints.web.http.redirections.entrypoint.to=websecure`, as edgegen renders it. 301 and 308 are right.

Verdicts
    redirect-missing: plain HTTP is answered without a redirect. A remark if that is a refusal (403, 405, 426 …) of a
        host outside the spec: nothing is served unencrypted. Not judged if the service is also down over https.
    redirect-wrong-host: it leads to another host (a remark for a host outside the spec), to an address, or begins with
        two slashes.
    redirect-downgrade: it stays on plain HTTP.
    redirect-loses-path: the path or the query is lost. A prefix before the path (a language) or additions to the query
        do not count.
    redirect-wrong-port: it leads to a port other than the endpoint's.
    redirect-invalid: it leads nowhere: no Location, another scheme, not a URL.
    redirect-temporary: 302, 303 or 307. A remark.
    web-port-closed: nothing accepts connections on the web port. A remark; a failure if certificates use HTTP-01.
    web-port-silent: it accepts connections, but sends no complete answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.endpoints import Aspect, Endpoint
from edgegen.verify.checks.addresses import by_address
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.destinations import is_redirect, quoted
from edgegen.verify.checks.proxy_answers import wants_tls
from edgegen.verify.checks.redirect_course import ASTRAY, SAME_HOST, TO, how_long, where
from edgegen.verify.checks.traefik import from_cloudflare, is_own_404
from edgegen.verify.observation import AddressSeen, Failure, Observation, Response, Trouble, in_words

REDIRECT_MISSING = Verdict("redirect-missing", Severity.HIGH)
WEB_PORT_CLOSED = Verdict("web-port-closed", Severity.LOW)
WEB_PORT_SILENT = Verdict("web-port-silent", Severity.MEDIUM)

_ALWAYS = "at Cloudflare: SSL/TLS, Edge Certificates, Always Use HTTPS"
_REFUSALS = (400, 403, 405, 410, 421, 426, 451)
"""These serve nothing. A 404 may be only for this path, and a 401 makes people send a password."""


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The web port of every address; if it is not checked, there is no finding."""
    if seen.endpoint.web_port is not None and seen.endpoint.speaks_http:
        yield from by_address(seen, lambda address: _of_address(address, seen.endpoint))


def _of_address(address: AddressSeen, endpoint: Endpoint) -> Iterator[Judgement]:
    if address.not_public:
        yield Unseen("the address is not public, and was not connected to")
    elif address.plain_connect:
        yield _not_connected(address, address.plain_connect, endpoint)
    elif not address.plain:
        yield Unseen("plain HTTP was not requested")
    elif address.plain[0].failure and not address.plain[0].status:
        yield _silent(address.plain[0].failure)
    else:
        yield from _answered(address.plain[0], address, endpoint)


def _not_connected(address: AddressSeen, failure: Failure, endpoint: Endpoint) -> Judgement:
    if failure.trouble in (Trouble.LOCAL, Trouble.NO_FAMILY):
        return Unseen(in_words(failure))
    if address.connect:  # the address as a whole is dead, which is another check's finding
        return Unseen(f"it can't be connected to ({in_words(address.connect)})")
    message = f"port {endpoint.web_port} is closed ({in_words(failure)}): a name typed without https leads nowhere"
    hint = f"publish port {endpoint.web_port} and open it in the firewall"
    if endpoint.challenge == "http":
        message += ", and HTTP-01 can't issue or renew the certificate"
        return Fault(WEB_PORT_CLOSED, message, hint, Severity.MEDIUM, Aspect.ACME)
    return Fault(WEB_PORT_CLOSED, message, hint)


def _silent(failure: Failure) -> Judgement:
    if failure.trouble in (Trouble.LOCAL, Trouble.NO_FAMILY):
        return Unseen(in_words(failure))
    hint = "which program has the port (`ss -ltnp`)? With Traefik it is its entrypoint `web`"
    return Fault(WEB_PORT_SILENT, f"plain HTTP gets no complete answer ({in_words(failure)})", hint)


def _answered(answer: Response, address: AddressSeen, endpoint: Endpoint) -> Iterator[Judgement]:
    if not is_redirect(answer):
        yield _down(answer, address) or _missing(answer, endpoint)
        return
    faults = [*where(answer, endpoint), *how_long(answer, endpoint)]
    yield from faults
    if not faults:
        yield Good(f"{answer.status} to {quoted(answer.header('location'))}")


def _down(answer: Response, address: AddressSeen) -> Unseen | None:
    """The proxy answers on both ports that it can't reach the service: that is another check's finding."""
    last = address.answers[-1] if address.answers else None
    if answer.status >= 500 and last is not None and (last.failure or last.status >= 500):
        return Unseen(f"plain HTTP answers {answer.status}, and https is also down: see http-answer")
    return None


def _missing(answer: Response, endpoint: Endpoint) -> Fault:
    if wants_tls(answer):
        message = f"port {endpoint.web_port} speaks TLS instead of plain HTTP: a name typed without https leads nowhere"
        return Fault(
            REDIRECT_MISSING, message, "the port must lead to plain HTTP: Traefik's entrypoint `web`, without TLS"
        )
    hint = _ALWAYS if endpoint.proxied or from_cloudflare((answer,)) else TO
    if is_own_404(answer):
        message = "plain HTTP gets Traefik's own 404: no router and no redirection on the entrypoint `web`"
        return Fault(REDIRECT_MISSING, message, hint)
    if answer.status in _REFUSALS and not endpoint.has_spec:
        message = f"plain HTTP is refused with {answer.status}: a name typed without https leads nowhere"
        return Fault(REDIRECT_MISSING, message, SAME_HOST, Severity.LOW)
    return Fault(REDIRECT_MISSING, f"plain HTTP is answered with {answer.status} instead of a redirect", hint)


CHECK = Check(
    "EV014", "https-redirect", Hop.ENTRYPOINT, (REDIRECT_MISSING, *ASTRAY, WEB_PORT_CLOSED, WEB_PORT_SILENT), judge
)
