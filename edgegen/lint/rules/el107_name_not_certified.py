"""A name that no public authority certifies.

What it does
    Looks at the hosts of routers whose resolver orders from Let's Encrypt or ZeroSSL: private addresses, names without
    a dot, and names below a domain that is reserved or only local, like `.local`, `.lan` or `.internal`.

Why
    One such name refuses the whole order, and with it the good names. Traefik tries again with every change, and
    soon meets the limit of failures.

Example
    ``traefik.http.routers.nas.rule=Host(`nas.example.com`) || Host(`nas.local`)`` with `tls.certresolver=le`

Instead
    A separate router for `nas.local`, without a resolver; or names of a domain that is yours, with `dnsChallenge`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.reserved import is_reserved
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import Resolver, resolvers
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL107", "name-not-certified", Severity.MEDIUM)
_PUBLIC = ("letsencrypt.org", "zerossl.com")
_ONLY_LOCAL = ("lan", "home", "corp", "intranet", "localdomain", "private")
"""Ends of names that nobody has registered, and many use."""


def check(project: Project) -> Iterator[Found]:
    """Each router by its resolver."""
    public = {item.name.lower() for item in resolvers(project) if _is_public(item)}
    for router in edge_of(project).of("routers"):
        resolver = router.text("tls.certresolver")
        if resolver.lower() not in public:
            continue
        bad = next((host for host in hosts_of(router.text("rule")) if host != "*" and _is_local(host)), None)
        if bad is not None and not router.has("tls.domains") and not router.has("tls.domains[0]"):
            name = shown(router.name)
            message = f"no public authority certifies `{shown(bad)}`: the order for the router `{name}` fails"
            hint = "give this name a separate router without a resolver"
            yield Found(router.owner, message, router.place("rule"), hint)


def _is_public(item: Resolver) -> bool:
    server = item.get("caserver")
    return server is None or (server.known and any(name in server.text for name in _PUBLIC))


def _is_local(host: str) -> bool:
    name = host.strip("[]").removeprefix("*.")
    if ":" in name or name[-1:].isdigit():  # no other can be an address, and asking takes long
        try:
            return not ipaddress.ip_address(name).is_global
        except ValueError:
            pass
    return name.isascii() and ("." not in name or is_reserved(name) or name.rpartition(".")[2] in _ONLY_LOCAL)
