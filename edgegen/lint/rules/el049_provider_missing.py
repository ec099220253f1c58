"""Labels that no provider of this Traefik reads.

What it does
    Looks for services with routers in their labels where the project's Traefik has neither `providers.docker` nor
    `providers.swarm`, or only the one for the other kind of deployment.

Why
    Nothing reads the labels, and every host answers 404. Traefik says nothing about it.

Example
    `deploy.labels` of a stack, and `--providers.docker=true`

Instead
    `--providers.swarm=true` for a stack, `--providers.docker=true` for Compose
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project, Service, Value
from edgegen.lint.references import OF_LABELS
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import Judged, is_on, judged
from edgegen.traefik.go_values import FALSE

RULE = Rule("EL049", "provider-missing", Severity.HIGH)
_LABELLED = (
    "traefik.http.routers.", "traefik.tcp.routers.", "traefik.udp.routers.", "traefik.http.services.",
    "traefik.tcp.services.", "traefik.udp.services.",
)  # fmt: skip


def check(project: Project) -> Iterator[Found]:
    """A Traefik whose providers can't see the project's labels."""
    labelled = [service.name for service in project.services.values() if _routes(service, project.mode)]
    if not labelled or not project.has_one_traefik:
        return
    for item in judged(project):
        on = [name for name in OF_LABELS if is_on(item.static, f"providers.{name}")]
        wanted = _wanted(project, item, on)
        if wanted:
            whose = f"`{labelled[0]}`" + f" and {len(labelled) - 1} others" * (len(labelled) > 1)
            if on:
                labels_of = "a swarm's services" if project.mode is Mode.SWARM else "containers"
                what = f"`providers.{on[0]}` does not see the labels of {labels_of}"
            else:
                what = "this Traefik has no provider that reads labels"
            message = f"{what}: those of {whose} have no effect"
            yield Found(
                item.subject, message, item.spot(f"providers.{on[0]}" if on else ""), f"add `providers.{wanted}`"
            )


def _wanted(project: Project, item: Judged, on: list[str]) -> str:
    """The provider that is missing."""
    if item.version is not None and item.version.major < 3:
        return "" if on else "docker"
    right = "swarm" if project.mode is Mode.SWARM else "docker"
    if on and (project.mode is Mode.UNCLEAR or len(on) > 1):
        return ""
    return "" if right in on else right


def _routes(service: Service, mode: Mode) -> bool:
    labels: Mapping[str, Value] = service.routing_labels(mode)
    if (enable := labels.get("traefik.enable")) and enable.text in FALSE:
        return False
    return any(key.lower().startswith(_LABELLED) for key in labels)
