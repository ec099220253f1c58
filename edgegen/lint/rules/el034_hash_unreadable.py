"""Users that Traefik can't read.

What it does
    Checks each entry of `basicauth.users` and `digestauth.users`: `name:hash` with a hash that Traefik knows (bcrypt,
    `$apr1$`, `{SHA}`), and `name:realm:hash`.

Why
    An entry without a colon disables every router that uses the middleware. With a plain password, or a hash of
    another kind, nobody can log in.

Example
    `traefik.http.middlewares.auth.basicauth.users=admin:secret`

Instead
    The output of `htpasswd -nB admin`, with each `$` doubled in a Compose file.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.uses import is_used

RULE = Rule("EL034", "hash-unreadable", Severity.MEDIUM)
_KNOWN = late_pattern(
    r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$(?:apr1|1)\$[^$]{1,8}\$[./A-Za-z0-9]{22}|\{SHA\}[A-Za-z0-9+/]{27}="
)
_DIGEST = late_pattern(r"[0-9a-fA-F]{32}")


def check(project: Project) -> Iterator[Found]:
    """Middlewares with users."""
    edge = edge_of(project)
    for middleware in edge.of("middlewares", "http"):
        severity = Severity.HIGH if is_used(edge, middleware) else None
        for entry in middleware.words("basicauth.users"):
            yield from _basic(middleware, entry, severity)
        for entry in middleware.words("digestauth.users"):
            yield from _digest(middleware, entry, severity)


def _basic(middleware: Defined, entry: str, refused: Severity | None) -> Iterator[Found]:
    user, colon, digest = entry.partition(":")
    name = shown(middleware.name)
    spot = middleware.place("basicauth.users")
    if not colon:
        message = f"an entry of `{name}` has no colon, and Traefik disables every router that uses it"
        yield Found(middleware.owner, message, spot, "write `name:hash`", refused)
    elif not _KNOWN.fullmatch(digest):
        is_doubled = "$$" in digest and middleware.item is None
        why = "has its `$` doubled, which only Compose files need" if is_doubled else "is not a hash that Traefik knows"
        message = f"the password of `{shown(user)}` in `{name}` {why}: nobody can log in with it"
        yield Found(middleware.owner, message, spot, "write the output of `htpasswd -nB NAME`")


def _digest(middleware: Defined, entry: str, refused: Severity | None) -> Iterator[Found]:
    parts = entry.split(":")
    spot, name = middleware.place("digestauth.users"), shown(middleware.name)
    if len(parts) != 3:
        message = f"an entry of `{name}` is not `name:realm:hash`, and Traefik disables every router that uses it"
        yield Found(middleware.owner, message, spot, "write the output of `htdigest`", refused)
    elif not _DIGEST.fullmatch(parts[2]):
        message = f"the hash of `{shown(parts[0])}` in `{name}` is not 32 hexadecimal digits: nobody can log in"
        yield Found(middleware.owner, message, spot, "write the output of `htdigest`")
