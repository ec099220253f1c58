"""A health check of Traefik that needs `ping`, which is off.

What it does
    Looks at `healthcheck.test` of Traefik's service: `traefik healthcheck` reads its own flags, and both it and an
    HTTP request to `/ping` need `ping` in the server's configuration.

Why
    The container is unhealthy forever: what depends on it does not start, and a swarm replaces it again and again.

Example
    `test: ["CMD", "traefik", "healthcheck"]`, where the server has the flag `--ping=true`

Instead
    `test: ["CMD", "traefik", "healthcheck", "--ping"]`, and `--ping=true` for the server
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.data import mapping
from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.lint.model import Project, Service
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import Judged, is_on, judged, known

RULE = Rule("EL055", "healthcheck-without-ping", Severity.HIGH)
_COMMAND = late_pattern(r"(?:^|[\s/])traefik\s+healthcheck\b(?P<flags>[^|&;]*)")
_FLAG = late_pattern(r"--?ping(?:=true)?(?=\s|$)|--?ping\.", re.IGNORECASE)
_REQUEST = late_pattern(r"https?://[^\s/'\"]*/ping\b")


def check(project: Project) -> Iterator[Found]:
    """The health check of each Traefik."""
    for item in judged(project):
        if item.traefik.service is not None and item.static.source != "none":
            yield from _checked(item, item.traefik.service)


def _checked(item: Judged, service: Service) -> Iterator[Found]:
    test = mapping(service.data, "healthcheck").get("test")
    text = test if isinstance(test, str) else " ".join(map(str, test)) if isinstance(test, list) else ""
    spot = service.spot.at("healthcheck", "test")
    command = _COMMAND.search(text)
    has_ping = is_on(item.static, "ping")
    if command and not has_ping and item.whole:
        message = "the health check asks Traefik for a ping, and `ping` is off"
        yield Found(item.subject, message, spot, "add `--ping=true` to Traefik's own flags")
    elif command and item.static.source == "flags" and not _FLAG.search(command["flags"]):
        message = "`traefik healthcheck` does not see the server's flags, and says `please enable ping`"
        yield Found(item.subject, message, spot, "write `traefik healthcheck --ping`")
    elif _REQUEST.search(text) and not has_ping and item.whole and known(item.static, "api.insecure") is None:
        message = "the health check asks for `/ping`, and `ping` is off"
        yield Found(item.subject, message, spot, "add `--ping=true`", Severity.MEDIUM, Confidence.MEDIUM)
