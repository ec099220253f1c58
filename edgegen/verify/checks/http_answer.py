"""The answer over https.

What it does
    Requests the endpoint's path over https at every address, follows redirects that stay on the host, and judges the
    last answer; for a registry also that of `/v2/`. Any answer of the service itself counts as alive, also 401 and 404.
    A challenge that Cloudflare sends in its place says nothing about it.

Why
    A 404 without explanation may be Traefik's own, because no router matches, or the service's. A 502 means that
    Traefik knows the service but can't reach it. The two look alike in a browser, but are fixed in different places.
    Services written in Go send the same 404 as Traefik: HSTS, which every router of edgegen adds, or Traefik's default
    certificate decide which it is; otherwise the finding says that it may be such a service.

Example
    `404 page not found` in 19 bytes: the container of the service does not exist, or one of its labels is misspelt.

Instead
    `edgegen explain https://HOST` traces the request from the DNS to the container and shows the first broken link.

Verdicts
    timeout-http: TLS works, but the answer does not come, or not completely.
    response-too-large: headers of more than 16 KiB, an endless body, or one that is excessively compressed.
    reset: the connection is cut before the answer is complete (RST), or the other side closes it (FIN).
    http-malformed: the answer is not HTTP, or broken HTTP.
    upstream-down: 502, 503 or 504, Traefik's own 500, or 421 (a service behind TLS that expects another name): the edge
        works, the service behind it does not. So is an empty 500 where Traefik asks a login service first
        (`forward-auth`), which does not answer.
    no-router: Traefik's own 404: it has no router for this host and path. Of medium severity if only the text of the
        404 indicates that.
    redirect-nowhere: a redirect without a destination, or to one that no visitor reaches: `localhost`, a container's
        name, a private address, a port of the host that is closed.
    redirect-loop: the redirects return to where they were, or there are more than 10. Also through another name: the
        service redirects to an alias of its host, which edge.yaml redirects back, or hosts redirect to each other.
    https-downgrade: a redirect leads from https to plain HTTP on the same host.
    tls-behind-edge: 400, because the edge speaks plain HTTP to a port that expects TLS.
    server-error: another error of the service itself (500 …). A remark: it is alive. But a registry whose `/v2/`
        answers like this can't be used.
    client-certificate: unknown, because only clients that show a certificate get in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.certificates.issuers import is_traefik_default
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint
from edgegen.verify.checks.advice import health, traefik_log, upstream
from edgegen.verify.checks.broken_answers import (
    CLIENT_CERTIFICATE,
    HTTP_MALFORMED,
    RESET,
    RESPONSE_TOO_LARGE,
    TIMEOUT_HTTP,
    broken,
)
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.destinations import (
    Destination,
    destination,
    is_redirect,
    quoted,
    unreachable,
    where_it_leads,
)
from edgegen.verify.checks.proxy_answers import challenges_visitors, is_record_at_fault, of_cloudflare, wants_tls
from edgegen.verify.checks.reached import answers, by_part
from edgegen.verify.checks.traefik import from_cloudflare, is_empty_500, is_own_404, is_own_500
from edgegen.verify.observation import AddressSeen, Observation, Response, Trouble, in_words
from edgegen.verify.registry_answers import is_registry

UPSTREAM_DOWN = Verdict("upstream-down", Severity.HIGH)
NO_ROUTER = Verdict("no-router", Severity.HIGH, hop=Hop.ROUTER)
REDIRECT_NOWHERE = Verdict("redirect-nowhere", Severity.MEDIUM)
REDIRECT_LOOP = Verdict("redirect-loop", Severity.HIGH)
HTTPS_DOWNGRADE = Verdict("https-downgrade", Severity.HIGH)
TLS_BEHIND_EDGE = Verdict("tls-behind-edge", Severity.HIGH)
SERVER_ERROR = Verdict("server-error", Severity.LOW)

_DOWN = (502, 503, 504)
_MISDIRECTED = 421
_AT_THE_ORIGIN = "`edgegen verify --connect-to HOST:443:ORIGIN:443` checks"
_FLEXIBLE = "Cloudflare's SSL mode is Flexible: set it to Full (strict), so that it uses https to the origin"


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """The answers of every address; none without HTTP."""
    if seen.circle:
        told = f"the redirects form a loop over several hosts: {' -> '.join(map(quoted, seen.circle))}"
        yield Fault(REDIRECT_LOOP, told, "let one of these hosts answer, and the others redirect to it")
    elif seen.endpoint.speaks_http:
        yield from by_part(seen, answers, lambda address, found: _of_address(address, found, seen.endpoint))


def _of_address(address: AddressSeen, found: tuple[Response, ...], endpoint: Endpoint) -> Sequence[Judgement]:
    walked = _walk(found, endpoint, loop=address.loop) or _astray(address, found[-1], endpoint)
    said = [walked] if walked else [_judged(answer, address, endpoint) for answer in _last_ones(found, address)]
    bad = [item for item in said if not isinstance(item, Good)]
    return bad[:1] or said[:1]


def _last_ones(found: tuple[Response, ...], address: AddressSeen) -> tuple[Response, ...]:
    """Where the redirects ended, and a registry's first answer, the only one that counts if a registry gave it."""
    if address.registry is None:
        return (found[-1],)
    first = address.registry.anonymous
    return (first,) if is_own_404(found[-1]) and is_registry(first) else (found[-1], first)


def _walk(found: tuple[Response, ...], endpoint: Endpoint, *, loop: bool) -> Fault | None:
    """What is wrong with the chain of redirects."""
    if loop:
        path = " -> ".join(quoted(answer.url) for answer in found)
        return Fault(
            REDIRECT_LOOP, f"the redirects form a loop: {path} -> {_next(found[-1])}", _hint_of_a_loop(found, endpoint)
        )
    for answer in found:
        if is_redirect(answer) and not _next(answer):
            hint = "send a Location with it, or another status: browsers show an empty page"
            return Fault(REDIRECT_NOWHERE, f"{quoted(answer.url)} answers {answer.status} without a Location", hint)
        goal = destination(answer) if is_redirect(answer) and answer.url.startswith("https:") else None
        if isinstance(goal, Destination) and goal.scheme == "http" and goal.host == endpoint.host.lower():
            message = f"{quoted(answer.url)} redirects to plain HTTP: {_next(answer)}"
            hint = "the service does not know that it is behind TLS: it must trust its proxy's `X-Forwarded-Proto`"
            return Fault(HTTPS_DOWNGRADE, message, hint)
    return None


def _hint_of_a_loop(found: Sequence[Response], endpoint: Endpoint) -> str:
    goals = map(destination, filter(is_redirect, found))
    alias = next((goal.host for goal in goals if isinstance(goal, Destination) and goal.host in endpoint.redirects), "")
    if alias and alias != endpoint.host:
        told = (
            f"edge.yaml redirects `{shown(alias)}` back, and the service calls itself that: tell it its public URL is"
        )
        return f"{told} https://{endpoint.authority}, or make `{shown(alias)}` its `host`"
    return _FLEXIBLE if from_cloudflare(found) else "do the service and its proxy redirect to each other?"


def _astray(address: AddressSeen, last: Response, endpoint: Endpoint) -> Fault | None:
    """Redirects that leave the host must lead to where visitors can go. One that the spec wants is EV017's."""
    if not is_redirect(last) or last.failure or endpoint.goal is not None:
        return None
    goal, why = where_it_leads(last), ""
    if isinstance(goal, Destination) and goal.host != endpoint.host.lower():
        why = unreachable(goal.host, address.address)
    elif address.beyond and address.beyond.trouble not in (Trouble.LOCAL, Trouble.NO_FAMILY):
        why = in_words(address.beyond)
    if not why:
        return None
    hint = "tell the service its public URL, or to trust its proxy's `X-Forwarded-Host`, `-Proto` and `-Port`"
    message = f"{quoted(last.url)} redirects to {_next(last)}, where nobody gets: {why}"
    return Fault(REDIRECT_NOWHERE, message, hint, Severity.HIGH)


def _next(answer: Response) -> str:
    return quoted(answer.header("location").strip())


def _judged(answer: Response, address: AddressSeen, endpoint: Endpoint) -> Judgement:
    if answer.failure:
        return broken(answer, answer.failure, endpoint)
    if is_own_404(answer):
        return _lost(address, endpoint)
    if found := _between_edge_and_service(answer, endpoint):
        return found
    if answer.status >= 500 or of_cloudflare(answer):
        return _down(answer, address, endpoint)
    return Good(f"answers {answer.status}{f', to {_next(answer)}' if is_redirect(answer) else ''}")


def _between_edge_and_service(answer: Response, endpoint: Endpoint) -> Judgement | None:
    """What keeps a service from answering that may be well."""
    if challenges_visitors(answer):
        told = "Cloudflare answers with a challenge for browsers, and not the service"
        return Unseen(f"{told}; {_AT_THE_ORIGIN} the service")
    if answer.status == _MISDIRECTED:
        told = (
            "it answers 421 (misdirected): the service expects the name of the request in the TLS handshake (SNI), too"
        )
        hint = "let the edge use the public name there (Traefik: a `serversTransport` with `serverName`)"
        return Fault(UPSTREAM_DOWN, told, hint)
    if wants_tls(answer):
        return Fault(TLS_BEHIND_EDGE, "the edge speaks plain HTTP to the service, which expects TLS", _tls_to(endpoint))
    return None


def _lost(address: AddressSeen, endpoint: Endpoint) -> Fault:
    """A 404 with Traefik's text: certainly its own if a router would have added HSTS or sent a certificate."""
    if endpoint.hsts or (address.leaf and is_traefik_default(address.leaf)):
        hint = f"is its container there and healthy ({health(endpoint)}), or a label misspelt? {_walks(endpoint)}"
        return Fault(NO_ROUTER, "Traefik has no router for it (its own 404, 19 bytes)", hint)
    told = "404 with Traefik's text for no matching router (services in Go send the same for any missing page)"
    hint = "name a path that the service has: `edgegen verify https://HOST/PATH`"
    hint = f"{hint}; {_walks(endpoint)}" if endpoint.has_spec else hint
    return Fault(NO_ROUTER, told, hint, Severity.MEDIUM)


def _walks(endpoint: Endpoint) -> str:
    if endpoint.has_spec:
        return "`edgegen explain URL` traces it"
    return f"{traefik_log(endpoint)} names labels that it does not know"


def _down(answer: Response, address: AddressSeen, endpoint: Endpoint) -> Fault:
    """An error of the proxy in front, or of the service itself."""
    if own := of_cloudflare(answer):
        return Fault(UPSTREAM_DOWN, f"Cloudflare answers {own[0]}: {own[1]}", _at_the_origin(answer))
    if answer.status in _DOWN or is_own_500(answer):
        told = f"the edge answers {answer.status}: the service behind it does not answer, or is not ready"
        hint = f"{upstream(endpoint)}{_of_its_certificate(endpoint) if is_own_500(answer) else ''}"
        return Fault(UPSTREAM_DOWN, told, hint)
    if endpoint.asks_first and is_empty_500(answer):
        told = f"the edge answers 500: the login that it asks first, `{shown(endpoint.asks_first)}`, does not answer"
        return Fault(
            UPSTREAM_DOWN, told, f"is it running, and on the edge's network? {traefik_log(endpoint)} says more"
        )
    hint = "its own log says why" + (": `edgegen logs`" if endpoint.has_spec else "")
    if address.registry is not None and answer is address.registry.anonymous:
        return Fault(SERVER_ERROR, f"the registry answers {answer.status} on /v2/", hint, Severity.HIGH)
    return Fault(SERVER_ERROR, f"the service answers {answer.status}", hint)


def _of_its_certificate(endpoint: Endpoint) -> str:
    """Traefik's 500 is also its answer where it speaks https to a service and does not trust what that shows."""
    accepts = "`insecure_tls: true`" if endpoint.has_spec else "a servers transport"
    return f" If Traefik speaks https to it, {accepts} says that its certificate counts"


def _tls_to(endpoint: Endpoint) -> str:
    if endpoint.has_spec:
        return "set its `port` to the one for plain HTTP, or `scheme: https` with `insecure_tls: true`"
    return (
        "lead the edge to the service's port for plain HTTP, or tell it to speak https (`…loadbalancer.server.scheme`)"
    )


def _at_the_origin(answer: Response) -> str:
    if is_record_at_fault(answer):
        return "correct the record of this name at Cloudflare, or what it leads to; Cloudflare explains each number"
    if answer.status in (525, 526):
        return f"{_AT_THE_ORIGIN} the origin's own certificate"
    return "is the edge running, and may Cloudflare's addresses reach its ports 80 and 443?"


CHECK = Check(
    "EV013",
    "http-answer",
    Hop.SERVICE,
    (
        TIMEOUT_HTTP,
        RESPONSE_TOO_LARGE,
        RESET,
        HTTP_MALFORMED,
        UPSTREAM_DOWN,
        NO_ROUTER,
        REDIRECT_NOWHERE,
        REDIRECT_LOOP,
        HTTPS_DOWNGRADE,
        TLS_BEHIND_EDGE,
        SERVER_ERROR,
        CLIENT_CERTIFICATE,
    ),
    judge,
)
