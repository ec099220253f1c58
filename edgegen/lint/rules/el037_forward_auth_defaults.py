"""A forward-auth middleware that leaves its limits to Traefik.

What it does
    Reports a `forwardauth` middleware without `address`, and one without `trustforwardheader` or `maxresponsebodysize`.

Why
    Without an address every request ends in 500. The other two are warnings at each start of Traefik 3.7: which
    `X-Forwarded-…` headers the authentication server gets, and how large its answer may be.

Example
    `traefik.http.middlewares.sso.forwardauth.address=http://sso:9091/verify` and nothing else

Instead
    Add `…forwardauth.trustforwardheader=false` and `…forwardauth.maxresponsebodysize=1048576`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.version import Version, is_at_least

RULE = Rule("EL037", "forward-auth-defaults", Severity.INFO)
_FIRST = Version(3, 6, 9)
"""The first version that knows both options."""


def check(project: Project) -> Iterator[Found]:
    """Forward-auth middlewares."""
    for item in edge_of(project).of("middlewares", "http"):
        if not item.whole or not item.has("forwardauth"):
            continue
        name = shown(item.name)
        if item.knows("forwardauth.address") and not item.text("forwardauth.address"):
            message = f"the middleware `{name}` has no address, and every request ends in 500"
            yield Found(item.owner, message, item.spot, "add `forwardauth.address`", Severity.MEDIUM)
        options = ("trustforwardheader", "maxresponsebodysize")
        without = [option for option in options if not item.has(f"forwardauth.{option}")]
        if without and is_at_least(project.version, _FIRST):
            message = f"the middleware `{name}` doesn't say `{'` or `'.join(without)}`: Traefik warns at each start"
            yield Found(item.owner, message, item.spot, f"add `forwardauth.{without[0]}`")
