"""A health check whose path is a whole URL.

What it does
    Reports `healthcheck.path=http://…`.

Why
    With Traefik 3.0 to 3.6.2 such a server is up, with 3.7.15 it is down, and its router answers 503.

Example
    `traefik.http.services.web.loadbalancer.healthcheck.path=http://web/health`

Instead
    `traefik.http.services.web.loadbalancer.healthcheck.path=/health`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.rule import Found, Rule
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.version import Version

RULE = Rule("EL211", "health-check-url", Severity.HIGH)
_OPTION = "loadbalancer.healthcheck.path"
_LAST_UP = Version(3, 6, 2)


def check(way: Way) -> Iterator[Found]:
    """Services of HTTP."""
    if way.old > _LAST_UP or way.new <= _LAST_UP:
        return
    for item in way.edge.of("services", "http"):
        if "://" in item.text(_OPTION):
            message = f"the health check of `{shown(item.name)}` has a URL as its path: with {way.new} it never passes"
            yield Found(item.owner, message, item.place(_OPTION), "write only the path, like `/health`")
