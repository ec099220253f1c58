"""The answer over https.

What it does
    Asks for the endpoint's path over https at every address, follows redirects that stay on the host, and judges the
    last answer; of a registry that of `/v2/` as well. Any answer of the service itself is alive, also 401 and 404.

Why
    A 404 without a reason may be Traefik's own, where no router matches, or the service's. A 502 says that Traefik
    knows the service and can't reach it. The two look alike in a browser, and are mended in different places.

Example
    `404 page not found` in 19 bytes: the container of the service is not there, or one of its labels is misspelt.

Instead
    `edgegen explain https://HOST` walks from the DNS to the container and names the first broken link.

Verdicts
    timeout-http: TLS stands, and the answer does not come, or not to its end.
    response-too-large: headers of more than 16 KiB, a body without an end, or one that is packed beyond all measure.
    reset: the connection is cut before the answer is there (RST), or the other side hangs up (FIN).
    http-malformed: what answers is not HTTP, or broken HTTP.
    upstream-down: 502, 503 or 504, or Traefik's own 500: the edge is there, the service behind it is not.
    no-router: Traefik's own 404: it has no router for this host and path.
    redirect-loop: the redirects come back to where they were, or are more than 10.
    https-downgrade: a redirect leads from https to plain HTTP on the same host.
    server-error: another error of the service itself (500 …). A remark: it is alive.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Finding, Severity
from edgegen.endpoints import Endpoint
from edgegen.verify.checks.addresses import Fault, Good, Judgement, Unseen, by_address
from edgegen.verify.checks.check import Check, Context, Verdict
from edgegen.verify.checks.destinations import Destination, destination, is_redirect, quoted
from edgegen.verify.checks.reach import answers, in_words
from edgegen.verify.checks.traefik import from_cloudflare, is_own_404, is_own_500
from edgegen.verify.observation import AddressSeen, Failure, Observation, Phase, Response, Trouble

# A RST and a FIN have one word: Python up to 3.12 shows a RST within TLS as the end of the stream.
_FAILURES = {
    Trouble.TIMEOUT: "timeout-http",
    Trouble.MALFORMED: "http-malformed",
    Trouble.NOT_TLS: "http-malformed",
}
_DOWN = (502, 503, 504)
# Cloudflare's own, seen where it can't speak with the origin.
_OF_CLOUDFLARE = {
    520: "the origin's answer makes no sense",
    521: "the origin refuses the connection",
    522: "the origin can't be connected to in time",
    523: "there is no route to the origin",
    524: "the origin's answer takes too long",
    525: "the TLS handshake with the origin fails",
    526: "the origin's certificate is not trusted, and the mode is Full (strict)",
    530: "the origin can't be found",
}
_NO_ROUTER = (
    "is its container there and healthy (`edgegen status`), or a label misspelt? `edgegen explain URL` walks the way"
)
_UPSTREAM = "is the service running and healthy (`edgegen status`), on the port and network of its labels?"
_FLEXIBLE = "Cloudflare's SSL mode is Flexible: set it to Full (strict), so that it speaks https with the origin"


def judge(seen: Observation, _: Context) -> Iterator[Finding]:
    """The answers of every address. What speaks no HTTP has none."""
    if seen.endpoint.speaks_http:
        yield from by_address(CHECK, seen, lambda address: _of_address(address, seen.endpoint))


def _of_address(address: AddressSeen, endpoint: Endpoint) -> Iterator[Judgement]:
    found = answers(address)
    if isinstance(found, Unseen):
        yield found
        return
    walked = _walk(found, endpoint, loop=address.loop)
    said = [walked] if walked else [_judged(answer) for answer in _last_ones(found, address)]
    bad = [item for item in said if not isinstance(item, Good)]
    yield from bad[:1] or said[:1]


def _last_ones(found: tuple[Response, ...], address: AddressSeen) -> tuple[Response, ...]:
    """Where the redirects ended, and what a registry says first."""
    return (found[-1], address.registry.anonymous) if address.registry else (found[-1],)


def _walk(found: tuple[Response, ...], endpoint: Endpoint, *, loop: bool) -> Fault | None:
    """What is wrong with the way that the redirects took."""
    if loop:
        path = " -> ".join(quoted(answer.url) for answer in found)
        hint = _FLEXIBLE if from_cloudflare(found) else "two things redirect to each other: the service and its proxy?"
        return Fault("redirect-loop", f"the redirects go round in circles: {path} -> {_next(found[-1])}", hint)
    for answer in found:
        goal = destination(answer) if is_redirect(answer) and answer.url.startswith("https:") else None
        if isinstance(goal, Destination) and goal.scheme == "http" and goal.host == endpoint.host.lower():
            message = f"{quoted(answer.url)} redirects to plain HTTP: {_next(answer)}"
            hint = "the service does not know that it is behind TLS: it must trust `X-Forwarded-Proto` of its proxy"
            return Fault("https-downgrade", message, hint)
    return None


def _next(answer: Response) -> str:
    return quoted(answer.header("location"))


def _judged(answer: Response) -> Judgement:
    if answer.failure:
        return _failed(answer, answer.failure)
    if is_own_404(answer):
        return Fault("no-router", "Traefik has no router for it (its own 404, 19 bytes)", _NO_ROUTER)
    if answer.status >= 500:
        return _down(answer)
    return Good(f"answers {answer.status}{f', to {_next(answer)}' if is_redirect(answer) else ''}")


def _down(answer: Response) -> Fault:
    """An error of the proxy in front, or of the service itself."""
    if reason := _OF_CLOUDFLARE.get(answer.status) if answer.header("cf-ray") else None:
        return Fault("upstream-down", f"Cloudflare answers {answer.status}: {reason}", _at_the_origin(answer.status))
    if answer.status in _DOWN or is_own_500(answer):
        return Fault("upstream-down", f"the edge answers {answer.status}: the service behind it does not", _UPSTREAM)
    return Fault("server-error", f"the service answers {answer.status}", "its own log says why: `edgegen logs`")


def _failed(answer: Response, failure: Failure) -> Judgement:
    if failure.trouble in (Trouble.LOCAL, Trouble.NO_FAMILY):
        return Unseen(in_words(failure))
    if failure.trouble is Trouble.TOO_LARGE:
        return _too_large(answer, failure)
    word = _FAILURES.get(failure.trouble, "reset")
    if word == "timeout-http":
        message = f"TLS stands, but {in_words(failure)}"
        if answer.status:
            message = (
                f"{answer.status} and {len(answer.body)} bytes of its body, then no end within {failure.seconds:.3g} s"
            )
        return Fault(word, message, _UPSTREAM)
    return Fault(word, f"no whole answer ({in_words(failure)})", _UPSTREAM)


def _too_large(answer: Response, failure: Failure) -> Judgement:
    """A page that says its length, or that came to its end, is no fault however large it is."""
    if failure.phase is not Phase.BODY:
        hint = "most clients and proxies refuse so much: cookies that pile up, or a broken service"
        return Fault("response-too-large", f"its headers are too large ({in_words(failure)})", hint)
    if packed := answer.header("content-encoding").strip().lower().replace("identity", ""):
        message = f"more than is read, packed with {quoted(packed)} although nobody asked for it"
        return Fault("response-too-large", message, "send what was asked for: `Accept-Encoding: identity`")
    if answer.header("content-length"):
        return Good(f"answers {answer.status} with {quoted(answer.header('content-length'))} bytes")
    hint = "give the path something that ends; a stream belongs to a path of its own"
    return Fault("response-too-large", f"its body has no end ({in_words(failure)})", hint)


def _at_the_origin(status: int) -> str:
    if status in (525, 526):
        return "`edgegen verify --connect-to HOST:443:ORIGIN:443` looks at the origin's own certificate"
    return "is the edge running, and may Cloudflare's addresses reach its ports 80 and 443?"


CHECK = Check(
    "EV013",
    "http-answer",
    (
        Verdict("timeout-http", Severity.HIGH),
        Verdict("response-too-large", Severity.HIGH),
        Verdict("reset", Severity.HIGH),
        Verdict("http-malformed", Severity.HIGH),
        Verdict("upstream-down", Severity.HIGH),
        Verdict("no-router", Severity.HIGH),
        Verdict("redirect-loop", Severity.HIGH),
        Verdict("https-downgrade", Severity.HIGH),
        Verdict("server-error", Severity.LOW),
    ),
    judge,
)
