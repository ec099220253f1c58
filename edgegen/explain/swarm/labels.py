"""Labels of a service that a swarm's Traefik does not read, or that it needs and does not find. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.show import shown
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.named import defined, enabled
from edgegen.verify.checks.check import Hop

_ENABLE = "traefik.enable"
_ROOT, _OF_DOCKER, _OF_SWARM = "traefik.", "traefik.docker.", "traefik.swarm."
_MEND = "fix the label in the stack file, then deploy it again"
_PORT = "loadbalancer.server.port"


def are_elsewhere(service: ServiceSeen | None) -> bool:
    """Whether the labels that Traefik should read are those of the containers."""
    return service is not None and not enabled(service.labels) and enabled(service.container_labels)


def placed_reasons(service: ServiceSeen | None, wanted: Wanted | None) -> Iterator[Reason]:
    """What is wrong with where the labels of the service behind the host are, and with what is missing."""
    if service is None:
        return
    yield from _under_the_container(service, wanted)
    yield from _of_docker(service, wanted)
    yield from _without_port(service, wanted)


def _under_the_container(service: ServiceSeen, wanted: Wanted | None) -> Iterator[Reason]:
    under = [label for label in service.container_labels if label.lower().startswith(_ROOT)]
    if not under:
        return
    read = {label.lower() for label in service.labels}
    first = min(under, key=lambda label: (label.lower() in read, label.lower() != _ENABLE))
    lost = not enabled(service.labels)
    more = f" and {len(under) - 1} more" if len(under) > 1 else ""
    sentence = (
        f"the label `{shown(first, 120)}`{more} of {service.name} is under `labels:`, so it is on the containers: on a "
        "swarm, Traefik only reads `deploy.labels`"
    )
    hint = wanted.mend if wanted else "move it to `deploy: {labels: …}`, then deploy the stack again"
    weight = Weight.CAUSE if lost else Weight.REMARK
    yield Reason(Hop.ROUTER, weight, sentence, hint, wanted.label_place(first) if wanted else None, drops=lost)


def _of_docker(service: ServiceSeen, wanted: Wanted | None) -> Iterator[Reason]:
    """Seen on Traefik 3.7.15: it reads them with a warning; with both, it drops the service."""
    old = next((label for label in service.labels if label.lower().startswith(_OF_DOCKER)), "")
    if not old:
        return
    place = wanted.label_place(old, "deploy") if wanted else None
    new = next((label for label in service.labels if label.lower().startswith(_OF_SWARM)), "")
    if new:
        sentence = f"{service.name} has `{shown(old)}` and `{shown(new)}`: Traefik drops a service that has both"
        hint = wanted.mend if wanted else f"remove `{shown(old)}`, then deploy the stack again"
        yield Reason(Hop.ROUTER, Weight.CAUSE, sentence, hint, place, drops=True)
        return
    meant = _OF_SWARM + old[len(_OF_DOCKER) :]
    sentence = (
        f"the label `{shown(old)}` of {service.name} is Docker's: on a swarm it is `{shown(meant)}`, and Traefik reads "
        "the old one only for now"
    )
    yield Reason(Hop.ROUTER, Weight.REMARK, sentence, wanted.mend if wanted else _MEND, place)


def _without_port(service: ServiceSeen, wanted: Wanted | None) -> Iterator[Reason]:
    """A swarm's Traefik can't read the port from the image, as it does on one host."""
    if not enabled(service.labels):
        return
    things = defined(service.labels, service.name)
    sections = {thing.section for thing in things if thing.kind == "routers"}
    ports = {label.lower().split(".")[1] for label in service.labels if label.lower().endswith(f".{_PORT}")}
    for section in sorted(sections - ports):
        sentence = (
            f"{service.name} has no label `traefik.{section}.services.NAME.{_PORT}`: on a swarm, Traefik does not find "
            "the port by itself, and drops the service"
        )
        place = wanted.key_place("port") if wanted else None
        yield Reason(Hop.ROUTER, Weight.CAUSE, sentence, wanted.mend if wanted else _MEND, place, drops=True)
