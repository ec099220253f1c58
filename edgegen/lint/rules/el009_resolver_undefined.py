"""A certificate resolver that Traefik does not have.

What it does
    Compares each `tls.certresolver` with the resolvers of the project's Traefik. Names are case-sensitive.

Why
    The router works, but with Traefik's own self-signed certificate: browsers refuse it.

Example
    `traefik.http.routers.web.tls.certresolver=letsencrypt`, where the flags say `--certificatesresolvers.le.acme…`

Instead
    `traefik.http.routers.web.tls.certresolver=le`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.corrections import renamed
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.references import out_of_sight
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL009", "resolver-undefined", Severity.HIGH)
_OPTION = "tls.certresolver"


def check(project: Project) -> Iterator[Found]:
    """Resolvers of routers."""
    edge = edge_of(project)
    users = [router for router in edge.of("routers") if router.text(_OPTION)]
    if edge.resolvers is None or edge.traefik is None:
        if users:
            yield out_of_sight(users, _OPTION, (router.text(_OPTION) for router in users), "resolvers")
        return
    for router in users:
        name = router.text(_OPTION)
        if name in edge.resolvers:
            continue
        message = (
            f"this Traefik has no certificate resolver `{shown(name)}`, and `{shown(router.name)}` gets Traefik's own "
            "self-signed certificate"
        )
        severity = Severity.MEDIUM if router.section == "tcp" else None  # there Traefik does not even write a line
        near = suggest(name.strip(), edge.resolvers) or ""
        correction = renamed(router, _OPTION, name, near)
        yield Found(router.owner, message, router.place(_OPTION), _hint(name, edge.resolvers), severity, fix=correction)


def _hint(name: str, known: Mapping[str, object]) -> str:
    near = suggest(name.strip(), known) or (next(iter(known)) if len(known) == 1 else "")
    if near:
        return f"did you mean `{near}`?"
    return f"it has {', '.join(sorted(known))}" if known else "it has none: define one, or remove the label"
