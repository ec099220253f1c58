"""Where the redirect from plain HTTP leads, and for how long, against where it should lead. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from edgegen.core.finding import Severity
from edgegen.endpoints import Endpoint
from edgegen.system.internet import literal
from edgegen.verify.checks.check import Fault, Verdict
from edgegen.verify.checks.destinations import (
    TEMPORARY,
    Destination,
    Unusable,
    destination,
    leads_to,
    quoted,
    same_path,
)
from edgegen.verify.observation import Response

REDIRECT_WRONG_HOST = Verdict("redirect-wrong-host", Severity.HIGH)
REDIRECT_DOWNGRADE = Verdict("redirect-downgrade", Severity.HIGH)
REDIRECT_LOSES_PATH = Verdict("redirect-loses-path", Severity.MEDIUM)
REDIRECT_WRONG_PORT = Verdict("redirect-wrong-port", Severity.HIGH)
REDIRECT_INVALID = Verdict("redirect-invalid", Severity.HIGH)
REDIRECT_TEMPORARY = Verdict("redirect-temporary", Severity.LOW)
ASTRAY = (
    REDIRECT_WRONG_HOST,
    REDIRECT_DOWNGRADE,
    REDIRECT_LOSES_PATH,
    REDIRECT_WRONG_PORT,
    REDIRECT_INVALID,
    REDIRECT_TEMPORARY,
)

SAME_HOST = "redirect to https on the same host, with the path and the query"
TO = "Traefik needs `entrypoints.web.http.redirections.entrypoint.to=websecure`: only `scheme=https` does nothing"


def where(answer: Response, endpoint: Endpoint) -> Iterator[Fault]:
    """What is wrong with where it leads: the host first, because without it nothing else matters."""
    goal, to = destination(answer), quoted(answer.header("location"))
    if isinstance(goal, Unusable):
        verdict = REDIRECT_WRONG_HOST if goal.elsewhere else REDIRECT_INVALID
        yield Fault(verdict, f"plain HTTP answers {answer.status}, but {goal.why}", SAME_HOST)
    elif _is_the_goal(answer, endpoint):
        return
    elif literal(goal.host) and goal.host != endpoint.host:
        yield Fault(REDIRECT_WRONG_HOST, f"the redirect leads to an address instead of a name: {to}", SAME_HOST)
    elif goal.scheme != "https":
        yield Fault(REDIRECT_DOWNGRADE, f"the redirect stays on plain HTTP: {to}", TO)
    elif goal.host != endpoint.host.lower().removesuffix("."):
        yield _elsewhere(to, endpoint)
    else:
        yield from _details(urlsplit(answer.url), goal, to, endpoint)


def how_long(answer: Response, endpoint: Endpoint) -> Iterator[Fault]:
    """Whether it is permanent."""
    meant = endpoint.goal and endpoint.goal.permanent is not True and _is_the_goal(answer, endpoint)
    if answer.status in TEMPORARY and not meant:
        message = f"plain HTTP answers {answer.status}, which browsers don't remember: they come back in plain HTTP"
        yield Fault(REDIRECT_TEMPORARY, message, "redirect with 301 or 308: `permanent: true`")


def _is_the_goal(answer: Response, endpoint: Endpoint) -> bool:
    """Whether a name that only points elsewhere leads there directly, without its own https in between."""
    goal, asked = destination(answer), urlsplit(answer.url)
    return (
        endpoint.goal is not None
        and isinstance(goal, Destination)
        and leads_to(goal, endpoint.goal, asked.path, asked.query)
    )


def _elsewhere(to: str, endpoint: Endpoint) -> Fault:
    if endpoint.has_spec:
        return Fault(
            REDIRECT_WRONG_HOST, f"the redirect leads to another host: {to}", "redirect to https on the same host first"
        )
    hint = "HSTS only holds for a host that redirects to its own https first"
    return Fault(REDIRECT_WRONG_HOST, f"the redirect leads directly to another host: {to}", hint, Severity.LOW)


def _details(asked: SplitResult, goal: Destination, to: str, endpoint: Endpoint) -> Iterator[Fault]:
    if goal.port != endpoint.port:
        hint = f"`entrypoint.to=:{endpoint.port}` names the port that is published" if endpoint.has_spec else ""
        yield Fault(
            REDIRECT_WRONG_PORT, f"the redirect leads to port {goal.port} instead of {endpoint.port}: {to}", hint
        )
    keeps_path = same_path(asked.path, goal.path, more_before=True)
    if not keeps_path or asked.query not in (goal.query, *goal.query.split("&")):
        lost = "the query" if keeps_path else "the path"
        yield Fault(REDIRECT_LOSES_PATH, f"{lost} is lost: {to}", "change only the scheme: keep the path and the query")
