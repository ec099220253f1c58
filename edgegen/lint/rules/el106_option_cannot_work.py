"""A middleware's option that Traefik takes, and that can't work.

What it does
    Reports a prefix of `stripprefix` without its `/`, an address of `forwardauth` without `http://`, and a scheme of
    `redirectscheme` that no browser knows.

Why
    The router is there and looks right. Nothing is stripped from the path, every request to the router gets 500, or
    the browser is sent nowhere.

Example
    `traefik.http.middlewares.auth.forwardauth.address=authelia:9091/api/authz/forward-auth`

Instead
    `traefik.http.middlewares.auth.forwardauth.address=http://authelia:9091/api/authz/forward-auth`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.uses import is_used

RULE = Rule("EL106", "option-cannot-work", Severity.HIGH)
_PREFIXES = "stripprefix.prefixes"
_ADDRESS = "forwardauth.address"
_SCHEME = "redirectscheme.scheme"
_SCHEMES = ("http", "https")


def check(project: Project) -> Iterator[Found]:
    """Middlewares of labels and files."""
    edge = edge_of(project)
    for item in edge.of("middlewares", "http"):
        severity = None if is_used(edge, item) else Severity.MEDIUM
        for option, why, hint in _of_middleware(item):
            yield Found(item.owner, f"the middleware `{shown(item.name)}` {why}", item.place(option), hint, severity)


def _of_middleware(item: Defined) -> Iterator[tuple[str, str, str]]:
    bare = next((word for word in item.words(_PREFIXES) if word and not word.startswith("/")), "")
    if bare:
        why = f"has the prefix `{shown(bare)}`, which no path begins with: nothing is stripped"
        yield _PREFIXES, why, f"write `/{shown(bare)}`"
    address = item.text(_ADDRESS)
    if address and not address.lower().startswith(("http://", "https://")):
        why = f"has the address `{shown(address)}`, which has no scheme: every request gets 500"
        yield _ADDRESS, why, f"write `http://{shown(address)}`"
    scheme = item.text(_SCHEME)
    if scheme and scheme.lower() not in _SCHEMES:
        near = suggest(scheme, _SCHEMES)
        yield _SCHEME, f"redirects to `{shown(scheme)}://`, which no browser knows", f"write `{near or 'https'}`"
