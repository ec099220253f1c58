"""What a start is about to do to Traefik itself: its ports are only free once the old task has ended. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.stack_file import Service, StackFile
from edgegen.traefik.settings import flags_of


def edge_notices(stack: StackFile, services: Mapping[str, ServiceSeen]) -> Iterator[str]:
    """One sentence for each Traefik whose task is going to be replaced. `services`: by name in the file."""
    for service in stack:
        running = services.get(service.name)
        if running is not None and running.is_traefik and (parts := list(_changed(service, running, stack))):
            yield (
                f"`{service.name}` is going to be replaced, because of its {_listed(parts)}: nothing is served for up "
                "to 10 seconds, because its ports are only free once the old task has ended"
            )


def _changed(service: Service, running: ServiceSeen, stack: StackFile) -> Iterator[str]:
    if service.image.partition("@")[0] != running.image.partition("@")[0]:
        yield f"image ({running.image.partition('@')[0]} -> {service.image})"
    after, before = flags_of(service.command), flags_of(running.args)  # a flag of a list may be written more than once
    if flags := sorted(name for name in {*after, *before} if after.get(name) != before.get(name)):
        yield f"flags ({', '.join(flags[:5])}{' …' if len(flags) > 5 else ''})"
    if set(service.host_ports) != {(port.port, port.protocol) for port in running.host_ports}:
        yield "ports"
    for what, new, old in (
        ("configs", service.configs, running.configs),
        ("secrets", service.secrets, running.secrets),
    ):
        if {stack.real(what, key) for key in new} != set(old):
            yield what


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
