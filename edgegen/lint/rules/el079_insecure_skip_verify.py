"""A connection whose certificate nobody checks.

What it does
    Reports `insecureSkipVerify` of Traefik itself (`serversTransport`) and of a `serversTransports` in a dynamic
    file.

Why
    Traefik then speaks TLS with whoever answers at that address. Set for the whole Traefik, it applies to every
    service behind it, not only to the one with a self-signed certificate.

Example
    `--serverstransport.insecureskipverify=true`

Instead
    A `serversTransports` in a dynamic file with `rootCAs`, for the one service that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.entrypoints import switched_on

RULE = Rule("EL079", "insecure-skip-verify", Severity.LOW)


def check(project: Project) -> Iterator[Found]:
    """Of Traefik itself, and of each transport of a file."""
    for traefik in project.traefiks:
        if value := switched_on(traefik.static, "serverstransport.insecureskipverify"):
            message = "Traefik checks the certificate of no service behind it"
            hint = "set it for one `serversTransports` of a dynamic file, or name the authority in `rootCAs`"
            yield Found(traefik.service.name if traefik.service else "traefik", message, value.spot, hint)
    for transport in edge_of(project).of("serverstransports"):
        if transport.text("insecureskipverify").lower() == "true":
            yield Found(
                transport.name,
                f"the transport `{transport.name}` checks no certificate",
                transport.place("insecureskipverify"),
                "name the authority in `rootCAs`",
                Severity.INFO,
            )
