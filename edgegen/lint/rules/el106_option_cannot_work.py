"""A middleware's option that Traefik takes, and that can't work.

What it does
    Reports a prefix of `stripprefix` without its `/`, an address of `forwardauth` without `http://`, headers of
    `forwardauth` with a space between them instead of a comma, a scheme of `redirectscheme` that no browser knows,
    `ratelimit` without `average`, `inflightreq` without `amount`, and an `ipallowlist` with `ipstrategy.depth` behind
    entrypoints that trust no proxy; the last three have severity medium.

Why
    The router is there and looks right. Nothing is stripped from the path, every request to the router gets 500, 429 or
    403, nothing is limited, or the browser is sent nowhere.

Example
    `traefik.http.middlewares.auth.forwardauth.address=authelia:9091/api/authz/forward-auth`

Instead
    `traefik.http.middlewares.auth.forwardauth.address=http://authelia:9091/api/authz/forward-auth`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.corrections import reworded
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project, Traefik
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.lint.uses import is_used
from edgegen.traefik.go_values import as_number
from edgegen.traefik.guarding import ALLOW_LISTS

RULE = Rule("EL106", "option-cannot-work", Severity.HIGH)
_PREFIXES = "stripprefix.prefixes"
_ADDRESS = "forwardauth.address"
_BARE_ADDRESS = late_pattern(r"[A-Za-z0-9_.-]+(?::(?P<port>\d+))?(?:/\S*)?")
"""`authelia:9091/api`: of one with the port of https, or without any, nobody knows which scheme was meant."""
_SCHEME = "redirectscheme.scheme"
_SCHEMES = ("http", "https")
_ENTRYPOINTS = {"websecure": "https", "web-secure": "https", "web": "http", "https": "https", "http": "http"}
"""What is written in place of a scheme: the usual entrypoints, and a scheme with what follows it in a URL."""
_HEADERS = ("forwardauth.authresponseheaders", "forwardauth.authrequestheaders")


def check(project: Project) -> Iterator[Found]:
    """Middlewares of labels and files."""
    edge = edge_of(project)
    for item in edge.of("middlewares", "http"):
        severity = None if is_used(edge, item) else Severity.MEDIUM
        for option, why, hint, correction in _of_middleware(item):
            message = f"the middleware `{shown(item.name)}` {why}"
            yield Found(item.owner, message, item.place(option), hint, severity, fix=correction)
        for option, why, hint in (*_limits(item), *_depth(edge, item)):
            yield Found(
                item.owner, f"the middleware `{shown(item.name)}` {why}", item.place(option), hint, Severity.MEDIUM
            )


def _of_middleware(item: Defined) -> Iterator[tuple[str, str, str, Fix | None]]:
    bare = next((word for word in item.words(_PREFIXES) if word and not word.startswith("/")), "")
    if bare:
        why = f"has the prefix `{shown(bare)}`, which no path begins with: nothing is stripped"
        yield _PREFIXES, why, f"write `/{shown(bare)}`", reworded(item, _PREFIXES, bare, f"/{bare}")
    address = item.text(_ADDRESS)
    if address and not address.lower().startswith(("http://", "https://")):
        why = f"has the address `{shown(address)}`, which has no scheme: every request gets 500"
        plain = _BARE_ADDRESS.fullmatch(address)
        hint = f"write `http://{shown(address)}`" if plain else "begin it with `http://` or `https://`"
        sure = plain and plain["port"] and not plain["port"].endswith("443")
        yield _ADDRESS, why, hint, reworded(item, _ADDRESS, address, f"http://{address}") if sure else None
    for option in _HEADERS:
        if glued := next((word for word in item.words(option) if " " in word.strip()), ""):
            why = f"names `{shown(glued)}` as one header, which has a space: no request has it"
            apart = ",".join(glued.split())
            if item.item:
                yield option, why, f"write `{shown(apart)}`", reworded(item, option, glued, apart)
            else:  # a file's list: nobody splits its items
                yield option, why, "make each header a separate item of the list", None
    scheme = item.text(_SCHEME)
    if scheme and scheme.lower() not in _SCHEMES:
        near = _ENTRYPOINTS.get(scheme.lower().rstrip(":/")) or suggest(scheme, _SCHEMES)
        correction = reworded(item, _SCHEME, scheme, near) if near else None
        why = f"redirects to `{shown(scheme)}://`, which no browser knows"
        yield _SCHEME, why, f"write `{near or 'https'}`", correction


def _limits(item: Defined) -> Iterator[tuple[str, str, str]]:
    """A limit without its number, which is 0 then: that of requests a second is none, and nobody is let in at once."""
    if not (item.whole and item.known):
        return
    if item.has("ratelimit") and not item.has("ratelimit.average"):
        yield "ratelimit", "has no `average`: nothing is limited", "add `ratelimit.average`, requests a second"
    if item.has("inflightreq") and item.text("inflightreq.amount") in ("", "0"):
        why = "has no `amount`: every request gets 429"
        yield "inflightreq", why, "add `inflightreq.amount`, requests at the same time"


def _depth(edge: Edge, item: Defined) -> Iterator[tuple[str, str, str]]:
    """A list that looks at a header which Traefik removes: it comes from nobody that an entrypoint trusts."""
    option = next(
        (f"{kind}.ipstrategy.depth" for kind in ALLOW_LISTS if item.text(f"{kind}.ipstrategy.depth").isdecimal()), ""
    )
    if not option or as_number(item.text(option)) == 0 or edge.traefik is None or edge.traefik.static.hidden:
        return
    routers = [router for router in edge.of("routers", "http") if item in edge.middlewares_of(router)]
    if routers and not any(_may_trust(edge.traefik, router) for router in routers):
        why = "takes the address from `X-Forwarded-For`, and no entrypoint of its routers trusts a proxy: all get 403"
        yield option, why, "remove it, or add `forwardedheaders.trustedips` to the entrypoint behind the proxy"


def _may_trust(traefik: Traefik, router: Defined) -> bool:
    """Whether one of its entrypoints keeps the header of a proxy."""
    if not router.knows("entrypoints"):
        return True
    starts = [f"entrypoints.{name}.forwardedheaders." for name in router_entrypoints(traefik, router)]
    return any(traefik.static.get(start + option) for start in starts for option in ("trustedips", "insecure"))
