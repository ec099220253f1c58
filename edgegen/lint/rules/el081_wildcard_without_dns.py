"""A wildcard certificate that no authority issues.

What it does
    Reports a name with `*.` in `tls.domains` of a router or an entrypoint whose resolver has no `dnschallenge`.

Why
    Let's Encrypt gives wildcards only for a challenge by DNS. The order fails, and Traefik serves its own self-signed
    certificate for all of these names.

Example
    `tls.domains[0].sans=*.example.com` with a resolver that has `tlschallenge`

Instead
    `dnschallenge.provider=…`, or the names one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import resolvers

RULE = Rule("EL081", "wildcard-without-dns", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Routers first, then entrypoints."""
    known = {resolver.name: resolver for resolver in resolvers(project) if not resolver.traefik.static.hidden}
    bad = {
        name for name, resolver in known.items() if resolver.challenges and "dnschallenge" not in resolver.challenges
    }
    if not bad:
        return
    for router in edge_of(project).of("routers"):
        resolver = router.text("tls.certresolver")
        if router.item is None or resolver.lower() not in bad:
            continue
        for option, (text, label) in router.item.options.items():
            if option.startswith("tls.domains[") and "*." in text and label in router.labels:
                yield _found(
                    router.service.name if router.service else router.name, text, resolver, router.labels[label]
                )
    for traefik in project.traefiks:
        for name in traefik.static.names("entrypoints"):
            group = f"entrypoints.{name}.http.tls"
            resolver_of = traefik.static.get(f"{group}.certresolver")
            if resolver_of is None or resolver_of.text.lower() not in bad:
                continue
            for option, value in traefik.static.options.items():
                if option.startswith(f"{group}.domains") and "*." in value.text:
                    yield _found(traefik.service.name if traefik.service else name, value.text, resolver_of.text, value)


def _found(subject: str, text: str, resolver: str, value: Value) -> Found:
    name = next(word.strip() for word in text.split(",") if "*." in word)
    message = (
        f"`{shown(name)}` needs a challenge by DNS, and the resolver `{shown(resolver)}` has none: the order fails"
    )
    return Found(subject, message, value.spot, "give the resolver `dnschallenge.provider=`, or name each host")
