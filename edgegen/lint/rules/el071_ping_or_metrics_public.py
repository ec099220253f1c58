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
from edgegen.lint.views.entrypoints import entrypoints_of, is_true, option

RULE = Rule("EL071", "ping-or-metrics-public", Severity.LOW)

MANUAL = {"metrics.prometheus": "metrics.prometheus.manualrouting", "ping": "ping.manualrouting"}


def check(project: Project) -> Iterator[Found]:
    """Both, for each Traefik."""
    for traefik in project.traefiks:
        if traefik.service is None:
            continue
        entrypoints = entrypoints_of(project, traefik)
        for group, manual in MANUAL.items():
            if not traefik.static.has(group) or is_true(traefik.static, manual) or _is_off(traefik.static, group):
                continue
            named = option(traefik.static, f"{group}.entrypoint")
            entrypoint = entrypoints.get(named.text.lower() if named else "traefik")
            if entrypoint is None or not entrypoint.is_public:
                continue
            yield Found(
                traefik.service.name,
                f"`{group}` answers on the entrypoint `{entrypoint.name}`, whose port {entrypoint.port} is published "
                "on every address of the host",
                named.spot if named else _place(traefik.static, group),
                "give it an entrypoint whose port is not published",
                Severity.MEDIUM if group != "ping" else None,
            )


def _is_off(static: Static, group: str) -> bool:
    value = option(static, group)
    return value is not None and value.text.lower() in ("false", "0", "f")


def _place(static: Static, group: str) -> Spot:
    return next(value.spot for name, value in static.options.items() if name == group or name.startswith(f"{group}."))
