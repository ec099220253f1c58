"""An allow list that checks the address of the proxy in front instead of the client's.

What it does
    Reports an `ipallowlist` (`ipwhitelist` in Traefik 2) without `ipstrategy` whose router is only on entrypoints that
    trust the `X-Forwarded-For` of a proxy, if the list has public addresses and none of the proxy's. With the PROXY
    protocol Traefik sees the client, and nothing is reported. Files that edgegen has rendered are left to ER031.

Why
    Without `ipstrategy` Traefik compares the address that has connected to it. Behind a proxy that is the proxy's, so
    the clients that the list names get 403. Whether a name is proxied is not in these files.

Example
    `traefik.http.middlewares.office.ipallowlist.sourcerange=198.51.100.0/24` and
    `--entrypoints.websecure.forwardedheaders.trustedips=173.245.48.0/20`

Instead
    Add `traefik.http.middlewares.office.ipallowlist.ipstrategy.depth=1`: the last address of `X-Forwarded-For`, which
    the proxy has added. Behind two proxies it is 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project, Traefik
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.system.allowed import Network, means_clients, networks
from edgegen.traefik.guarding import ALLOW_LISTS

RULE = Rule("EL003", "allow-list-sees-proxy", Severity.LOW, Confidence.LOW)


def check(project: Project) -> Iterator[Found]:
    """Each allow list, once."""
    edge = edge_of(project)
    if edge.traefik is None or edge.traefik.static.hidden or _is_rendered(project):
        return
    told: set[str] = set()
    for router in edge.of("routers", "http"):
        lists = list(_allow_lists(edge, router))
        name, proxies = _proxies_before(edge.traefik, router) if lists else ("", [])
        for middleware in lists if proxies else ():
            kind = next(kind for kind in ALLOW_LISTS if middleware.has(kind))
            if middleware.full not in told and means_clients(middleware.words(f"{kind}.sourcerange"), proxies):
                told.add(middleware.full)
                yield Found(
                    middleware.owner,
                    f"`{shown(middleware.name)}` checks the address that connects to Traefik: that of the "
                    f"proxy which `{shown(name)}` trusts, so clients behind it get 403",
                    middleware.place(f"{kind}.sourcerange"),
                    f"add `{kind}.ipstrategy.depth=1`: the address that the proxy has seen",
                )


def _is_rendered(project: Project) -> bool:
    """Whether edgegen made the files: edge.yaml says which names are proxied, and its own rule (ER031) judges that."""
    return any(file.is_rendered for file in project.files)


def _allow_lists(edge: Edge, router: Defined) -> Iterator[Defined]:
    """Those that a router uses, where nothing about them is hidden."""
    for item in edge.middlewares_of(router):
        kinds = [kind for kind in ALLOW_LISTS if item.has(kind)]
        if kinds and item.whole and item.known and not item.has(f"{kinds[0]}.ipstrategy"):
            yield item


def _proxies_before(traefik: Traefik, router: Defined) -> tuple[str, list[Network]]:
    """An entrypoint of the router and all addresses that its entrypoints trust; none if one of them trusts nobody."""
    static = traefik.static
    if not router.knows("entrypoints"):
        return "", []
    names = router_entrypoints(traefik, router)
    found: list[Network] = []
    for name in names:
        trusted = static.get(f"entrypoints.{name}.forwardedheaders.trustedips")
        sees_clients = static.has(f"entrypoints.{name}.proxyprotocol")
        addresses = networks(trusted.text.split(",")) if trusted is not None and trusted.known else []
        if not addresses or sees_clients:
            return "", []
        found += addresses
    return (names[0] if names else ""), found
