"""A redirect or a prefix that no request of its routers has.

What it does
    Compares `redirectregex.regex` and `stripprefix.prefixes` with the routers that use the middleware: an expression
    for `www.` where no rule has such a host, one for `http://` where all routers have TLS or for `https://` where none
    has, and a prefix that fits none of the paths. Reports also a `replacement` with a group that the expression lacks.

Why
    Traefik accepts it, and the middleware passes every request on as it is: `www.example.com` gets 404 instead of a
    redirect, and the application sees the path with its prefix. Of a group that is not there nothing remains.

Example
    ``rule=Host(`example.com`)`` and `redirectregex.regex=^https?://www\\.(.+)`

Instead
    ``rule=Host(`example.com`) || Host(`www.example.com`)``
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL124", "middleware-matches-nothing", Severity.MEDIUM, Confidence.MEDIUM)
_REGEX = "redirectregex.regex"
_REPLACEMENT = "redirectregex.replacement"
_PREFIXES = "stripprefix.prefixes"
_START = late_pattern(
    r"\^(?P<scheme>https?\??|\(https?\|https?\)|\(\?:https?\|https?\)):(?:\\?/){2}"
    r"(?P<host>(?:[a-z0-9-]+\\?\.(?![*+?{]))*)"
)
"""How an expression begins: its scheme, and whole labels of a host. Anything else counts as a pattern."""
_GROUP = late_pattern(r"\$\{(\d+)\}|\$(\d+)(?!\w)")
_GLUED = late_pattern(r"\$(\d+[A-Za-z_]\w*)")
_PATH = late_pattern(r"\bPath(?:Prefix)?\(\s*[`\"]([^`\"]*)[`\"]\s*\)", re.IGNORECASE)
_ANY_PATH = late_pattern(r"!|PathRegexp", re.IGNORECASE)


def check(project: Project) -> Iterator[Found]:
    """Middlewares of which every user is a router that is seen here."""
    edge = edge_of(project)
    for item in edge.of("middlewares", "http"):
        if not (item.known and item.whole):
            continue
        yield from _groups(item)
        routers = _users(edge, item)
        if not routers or not all(router.known and router.whole for router in routers):
            continue
        if why := _never(edge, item.text(_REGEX), routers):
            yield _found(item, why, _REGEX)
        if item.has(_PREFIXES) and (why := _other_paths(item, routers)):
            yield _found(item, why, _PREFIXES)


def _found(item: Defined, why: str, option: str) -> Found:
    return Found(item.owner, f"the middleware `{shown(item.name)}` never does anything: {why}", item.place(option))


def _groups(item: Defined) -> Iterator[Found]:
    regex, replacement = item.text(_REGEX), item.text(_REPLACEMENT)
    try:
        groups = re.compile(regex).groups if regex and "$" in replacement else None
    except re.error:  # Go knows other forms, and whether it is one is for another rule
        return
    if groups is None:
        return
    spot, name = item.place(_REPLACEMENT), shown(item.name)
    for number in (int(one or other) for one, other in _GROUP.findall(replacement)):
        if number > groups:
            message = f"the replacement of `{name}` has the group {number}, and its expression has {groups}"
            yield Found(item.owner, f"{message}: nothing is put in its place", spot, confidence=Confidence.HIGH)
            return
    if glued := _GLUED.search(replacement):
        digits = re.match(r"\d+", glued[1])
        message = f"the replacement of `{name}` has the group `{shown(glued[1])}`, which the expression does not have"
        hint = f"write `${{{digits[0] if digits else 1}}}`, in a Compose file with `$$`"
        yield Found(item.owner, f"{message}: nothing is put in its place", spot, hint, confidence=Confidence.HIGH)


def _users(edge: Edge, item: Defined) -> list[Defined]:
    """The routers that name it; none where a chain or an entrypoint does, too, or another project may."""
    if any(_names(edge, other, item, "chain.middlewares") for other in edge.of("middlewares", "http")):
        return []
    for traefik in edge.project.traefiks:
        if any(option.endswith(".http.middlewares") for option in traefik.static.options):
            return []
    return [router for router in edge.of("routers", "http") if _names(edge, router, item, "middlewares")]


def _names(edge: Edge, user: Defined, item: Defined, option: str) -> bool:
    return any(item in edge.find("http", "middlewares", name, user.provider) for name in user.words(option))


def _never(edge: Edge, regex: str, routers: list[Defined]) -> str:
    """Why the expression matches no URL of these routers."""
    start = _START.match(regex)
    if start is None:
        return ""
    secure = {_is_secure(edge, router) for router in routers}
    if start["scheme"] == "http" and secure == {True}:
        return "its expression is for `http://`, and its routers are for https"
    if start["scheme"] == "https" and secure == {False}:
        return "its expression is for `https://`, and its routers are for plain http"
    host = start["host"].replace("\\", "")
    names = [hosts_of(router.text("rule")) for router in routers]
    sure = all(names) and not any("regexp" in router.text("rule").lower() for router in routers)
    if host and sure and not any(name.startswith((host, "*")) for each in names for name in each):
        return f"its expression is for hosts that begin with `{shown(host)}`, and no rule has one"
    return ""


def _is_secure(edge: Edge, router: Defined) -> bool | None:
    """Whether its requests come with TLS; None where an entrypoint decides that, and is not seen."""
    if router.has_tls:
        return True
    names = router_entrypoints(edge.traefik, router)
    if edge.traefik is None or edge.traefik.static.hidden or not names:
        return None
    tls = {edge.traefik.static.has(f"entrypoints.{name}.http.tls") for name in names}
    return tls.pop() if len(tls) == 1 else None


def _other_paths(item: Defined, routers: list[Defined]) -> str:
    """Why no path of these routers begins with one of its prefixes."""
    prefixes = [prefix for prefix in item.words(_PREFIXES) if prefix.startswith("/")]
    if not prefixes or len(prefixes) != len(item.words(_PREFIXES)):
        return ""
    paths: list[str] = []
    for router in routers:
        rule = router.text("rule")
        own = _PATH.findall(rule)
        if not own or _ANY_PATH.search(rule) or any("{" in path for path in own) or _may_have_none(rule):
            return ""
        paths += own
    if any(path.startswith(prefix) or prefix.startswith(path) for path in paths for prefix in prefixes):
        return ""
    return f"no path of its routers begins with {' or '.join(f'`{shown(prefix)}`' for prefix in prefixes)}"


def _may_have_none(rule: str) -> bool:
    """Whether some alternative of a rule names no path."""
    return any(not _PATH.search(part) for part in rule.split("||"))
