"""Metrics or the ping on an entrypoint that everyone reaches.

What it does
    Reports `metrics.prometheus` (severity medium) and `ping` on an entrypoint whose port is published on all
    addresses.

Why
    Metrics name all entrypoints, services and certificates, and how much each is used. The ping tells that a Traefik
    is there, and when it goes down.

Example
    `--metrics.prometheus.entrypoint=websecure`

Instead
    An entrypoint of its own whose port is not published: `--entrypoints.metrics.address=:8082`,
    `--metrics.prometheus.entrypoint=metrics`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project, Spot, Static
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import is_on
from edgegen.lint.views.entrypoints import entrypoints_of, switched_on

RULE = Rule("EL071", "ping-or-metrics-public", Severity.LOW)

MANUAL = {"metrics.prometheus": "metrics.prometheus.manualrouting", "ping": "ping.manualrouting"}


def check(project: Project) -> Iterator[Found]:
    """Both, for each Traefik."""
    for traefik, service in project.proxies:
        entrypoints = entrypoints_of(project, traefik)
        for group, manual in MANUAL.items():
            if not is_on(traefik.static, group) or switched_on(traefik.static, manual):
                continue
            named = traefik.static.get(f"{group}.entrypoint")
            entrypoint = entrypoints.get(named.text.lower() if named and named.known else "traefik")
            if entrypoint is None or not entrypoint.is_public:
                continue
            yield Found(
                service.name,
                f"`{group}` answers on the entrypoint `{entrypoint.name}`, whose port {entrypoint.port} is published "
                "on every address of the host",
                named.spot if named and named.known else _place(traefik.static, group),
                "give it an entrypoint whose port is not published",
                Severity.MEDIUM if group != "ping" else None,
            )


def _place(static: Static, group: str) -> Spot:
    return next(value.spot for name, value in static.options.items() if name == group or name.startswith(f"{group}."))
