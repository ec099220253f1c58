"""Traefik's own answers, distinguished from those of a service behind it. All of them were seen on 3.7.15."""

from __future__ import annotations

import re
from collections.abc import Iterable

from edgegen.core.pattern import late_pattern
from edgegen.verify.observation import Response

# Its own answers have only these. A router's middlewares or a service add more.
_BARE = frozenset({"content-type", "x-content-type-options", "date", "content-length", "connection", "alt-svc"})
_OF_CLOUDFLARE = frozenset(
    {
        "server", "cf-ray", "cf-cache-status", "report-to", "nel", "server-timing", "vary", "transfer-encoding",
        "speculation-rules", "age", "cache-control", "expires",
    }
)  # fmt: skip
# Older dashboards are titled `Traefik`, newer ones `Traefik Proxy`. A page about Traefik has a longer title.
_DASHBOARD = late_pattern(rb"<title>\s*traefik(?:\s+proxy)?\s*</title>", re.IGNORECASE)
_RAW_DATA = b'{"routers":{"'
_API_WORDS = (b'"routers"', b'"services"', b'"middlewares"')
_VERSION_WORDS = (b'"Version"', b'"Codename"')


def from_cloudflare(answers: Iterable[Response]) -> bool:
    """Whether one of the answers came through Cloudflare's proxy."""
    return any(answer.header("cf-ray") for answer in answers)


def is_own_404(answer: Response) -> bool:
    """Traefik's answer where no router matches; or that of a service in Go, which has the same words and headers.

    Behind edgegen's routers a service's answer is never without HSTS, unless the spec turns it off.
    """
    return (
        answer.failure is None
        and answer.status == 404
        and answer.body == b"404 page not found\n"
        and answer.header("content-type").startswith("text/plain")
        and answer.header("x-content-type-options") in ("nosniff", "")  # a proxy in front may remove it
        and _is_bare(answer)
    )


def is_own_500(answer: Response) -> bool:
    """Traefik's answer where a service has no server to ask: what frameworks send as 500 says what type it is of."""
    return answer.status == 500 and answer.body == b"Internal Server Error" and not answer.header("content-type")


def is_empty_500(answer: Response) -> bool:
    """Traefik's answer where it can't ask a login service (`forward-auth`). Seen on 3.7."""
    return answer.status == 500 and not answer.body and not answer.header("content-type")


def shows_dashboard(answer: Response) -> bool:
    """Whether it is the page of Traefik's dashboard."""
    return answer.status == 200 and bool(_DASHBOARD.search(answer.body))


def shows_api(answer: Response) -> bool:
    """Whether it is an answer of Traefik's API: `/api/rawdata`, `overview` or `version`. The body may have been cut."""
    body = answer.body.lstrip()
    if answer.status != 200 or not body.startswith(b"{"):
        return False
    if body.startswith(_RAW_DATA) or all(word in body for word in _API_WORDS):
        return True
    return all(word in body for word in _VERSION_WORDS)


def _is_bare(answer: Response) -> bool:
    names = {name for name, _ in answer.headers}
    return names <= (_BARE | _OF_CLOUDFLARE if "cf-ray" in names else _BARE)
