"""Redirects that stay on one host, followed on one address; those that leave it are only recorded.

One that leads to a name that the spec redirects is followed to where that leads, without asking that name: a service
that calls itself by its alias sends its visitors round and round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from urllib.parse import SplitResult, urljoin, urlsplit

from edgegen.endpoints import Endpoint
from edgegen.net.answer import REDIRECTS, Response
from edgegen.net.conversation import origin
from edgegen.verify.settings import MOST_HOPS

Get = Callable[[str, str, Mapping[str, str]], Response | None]
"""(scheme, path with query, headers) -> the answer of the same host at the same address; None: it was not asked."""


def follow(first: Response, endpoint: Endpoint, get: Get) -> tuple[tuple[Response, ...], bool]:
    """The answers in their order, and whether they loop: a URL comes again, or there are too many.

    Cookies go along as a browser's would: pages that set one and reload are not a loop.
    """
    answers, seen = [first], {(first.url, "")}
    while (step := _step(answers[-1], endpoint)) is not None:
        url, scheme, path = step
        cookies = _cookies(answers) if scheme == "https" else ""
        if (url, cookies) in seen or len(answers) > MOST_HOPS:
            return tuple(answers), True
        seen.add((url, cookies))
        response = get(scheme, path, {"Cookie": cookies} if cookies else {})
        if response is None:
            break
        answers.append(response)
    return tuple(answers), False


def other_port(last: Response, endpoint: Endpoint) -> int | None:
    """The port of a redirect over https that stays on the host, and leaves the ports that are looked at."""
    parts = _goal(last)
    if parts is None or parts.scheme != "https" or not _is_own_host(parts, endpoint):
        return None
    port = parts.port or 443
    return None if port == endpoint.port else port


def _cookies(answers: Sequence[Response]) -> str:
    """What was set so far, as one header. Attributes don't matter: all of this is one host within seconds."""
    jar: dict[str, str] = {}
    for answer in answers:
        for name, value in answer.headers:
            cookie = value.partition(";")[0].strip()
            if name == "set-cookie" and "=" in cookie:
                jar[cookie.partition("=")[0]] = cookie
    return "; ".join(jar.values())


def _step(response: Response, endpoint: Endpoint) -> tuple[str, str, str] | None:
    """(URL, scheme, path with query) of a redirect to the same host on a port that is looked at anyway, or None."""
    parts = None if response.failure is not None else _goal(response)
    parts = parts and _past_names_of_the_spec(parts, endpoint)
    if parts is None or not _is_own_host(parts, endpoint) or not (port := _port_looked_at(parts, endpoint)):
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return origin(parts.scheme, endpoint.host, port) + path, parts.scheme, path


def _port_looked_at(parts: SplitResult, endpoint: Endpoint) -> int | None:
    """The port of a URL, where it is one of the two on which the edge is looked at."""
    port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    own = {"https": endpoint.port, "http": endpoint.web_port}
    return port if own.get(parts.scheme) == port else None


def _past_names_of_the_spec(parts: SplitResult, endpoint: Endpoint) -> SplitResult:
    """Where the spec's own redirects lead from there."""
    for _ in endpoint.redirects:
        goal = endpoint.redirects.get((parts.hostname or "").rstrip("."))
        if goal is None or _is_own_host(parts, endpoint) or _port_looked_at(parts, endpoint) is None:
            break
        parts = urlsplit(goal.url_for(parts.path or "/", parts.query))
    return parts


def _goal(response: Response) -> SplitResult | None:
    """Where a redirect leads, in parts whose port can be read; None for anything else."""
    location = response.header("location")
    if response.status not in REDIRECTS or not location:
        return None
    try:
        parts = urlsplit(urljoin(response.url, location))
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_own_host(parts: SplitResult, endpoint: Endpoint) -> bool:
    return (parts.hostname or "").rstrip(".") == endpoint.host.lower()
