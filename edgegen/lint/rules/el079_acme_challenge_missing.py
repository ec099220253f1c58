"""A certificates resolver that can order nothing.

What it does
    Reports an ACME resolver without a challenge, and `httpchallenge` without an entrypoint.

Why
    Traefik starts without a complaint. At the first request it logs `cannot get ACME client ACME challenge not
    specified`, and serves its own self-signed certificate for ever.

Example
    `--certificatesresolvers.le.acme.httpchallenge=true` alone

Instead
    `--certificatesresolvers.le.acme.httpchallenge.entrypoint=web`, or `tlschallenge=true`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import resolvers

RULE = Rule("EL079", "acme-challenge-missing", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each resolver whose configuration was read whole."""
    for resolver in resolvers(project):
        if resolver.traefik.static.hidden:
            continue
        name = resolver.traefik.service.name if resolver.traefik.service else resolver.name
        if not resolver.challenges:
            yield Found(
                name,
                f"`{resolver.name}` has no challenge, so it gets no certificate: Traefik serves its self-signed one",
                resolver.spot,
                "add `tlschallenge=true`, or `httpchallenge.entrypoint=` with the entrypoint of port 80",
            )
        elif resolver.challenges == ("httpchallenge",) and not resolver.get("httpchallenge.entrypoint"):
            yield Found(
                name,
                f"the `httpchallenge` of `{resolver.name}` has no entrypoint, so it gets no certificate: Traefik "
                "serves its self-signed one",
                resolver.place("httpchallenge"),
                "add `httpchallenge.entrypoint=` with the entrypoint of port 80",
            )
