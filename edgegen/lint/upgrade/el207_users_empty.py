"""Basic authentication without a user.

What it does
    Reports a `basicAuth` or `digestAuth` with an empty list of users and no file of users.

Why
    Traefik up to 3.6.2 answers 401. 3.6.15 and 3.7.0 panic, and show no router of ANY container. 3.7.4 and newer
    switch the router off, so it answers 404.

Example
    `traefik.http.middlewares.auth.basicauth.users=`

Instead
    Add a user, or remove the middleware from its routers if nobody has to sign in.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined
from edgegen.lint.rule import Found, Rule
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.version import NEWEST, Version

RULE = Rule("EL207", "users-empty", Severity.HIGH)
_BEFORE = Version(3, 6, 3)
_PANICS = (Version(3, 6, 3), Version(3, 7, 4))
"""From the first that was seen to panic or may, up to the first that does not."""


def check(way: Way) -> Iterator[Found]:
    """Each such middleware."""
    if way.old >= _BEFORE and not _panics(way.old):
        return
    for item in way.edge.of("middlewares", "http"):
        for kind in ("basicauth", "digestauth"):
            if _is_empty(item, kind):
                yield _found(way, item, kind)


def _found(way: Way, item: Defined, kind: str) -> Found:
    if _panics(way.new):
        what = f"makes Traefik {way.new} panic: no container has a route any more"
        return Found(item.owner, f"`{shown(item.name)}` has no users, and {what}", item.place(f"{kind}.users"),
                     "add a user, or upgrade to 3.7.4 or newer", Severity.CRITICAL)  # fmt: skip
    what = f"its routers answer 404 with Traefik {way.new}, and 401 before 3.6.3"
    return Found(item.owner, f"`{shown(item.name)}` has no users: {what}", item.place(f"{kind}.users"), "add a user")


def _panics(version: Version) -> bool:
    return _PANICS[0] <= version < _PANICS[1] and version.patch != NEWEST


def _is_empty(item: Defined, kind: str) -> bool:
    if item.has(f"{kind}.usersfile") or not item.has(kind) or not item.knows(f"{kind}.users"):
        return False
    return not item.words(f"{kind}.users") and not item.text(f"{kind}.users").strip()
