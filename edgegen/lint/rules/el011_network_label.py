"""A network label that names none of the service's networks.

What it does
    Compares `traefik.docker.network` (on a swarm also `traefik.swarm.network`) with the real names of the service's
    networks: `<project>_<network>`, unless the network is external or has a `name`.

Why
    Traefik writes a warning and takes the first network that it finds. With several networks that can be one that
    Traefik is not on, and requests end in 504.

Example
    `traefik.docker.network=proxy`, where the file declares `networks: {proxy: {}}` in the project `site`

Instead
    `traefik.docker.network=site_proxy`, or `networks: {proxy: {name: proxy}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.corrections import set_to
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Project, Service, Value
from edgegen.lint.networks import On, joined, network_label
from edgegen.lint.rule import Confidence, Fix, Found, Rule

RULE = Rule("EL011", "network-label", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each network label with a wrong name."""
    edge = edge_of(project)
    for service, _ in edge.labelled:
        value = network_label(edge, service)
        if value is None or not value.known or not value.text:
            continue
        if service.network_mode is None and not service.partial and edge.shown(service) is not False:
            yield from _of_service(edge, service, value)


def _of_service(edge: Edge, service: Service, value: Value) -> Iterator[Found]:
    project = edge.project
    name = value.text
    networks = joined(project, service)
    if any(name == on.real for on in networks):
        return
    if any(on.real is None and not on.prefixed for on in networks):
        return
    by_key = next((on for on in networks if on.key == name), None)
    if by_key is None and any(_may_be(project, on, name) for on in networks):
        yield _guessed(project, service, value, name)
        return
    effect = "and Traefik takes the first network that it finds" if len(networks) > 1 else "and Traefik warns"
    message = f"`{service.name}` is not on a network that is called `{shown(name)}`, {effect}"
    severity = Severity.HIGH if len(networks) > 1 else Severity.MEDIUM
    if service.name not in edge.by_service:
        severity = Severity.LOW  # no router leads to it
    hint = _hint(by_key, name, networks)
    yield Found(service.name, message, value.spot, hint, severity, fix=_fix(edge, service, value, by_key))


def _fix(edge: Edge, service: Service, value: Value, by_key: On | None) -> Fix | None:
    """The real name, where the file itself says how the project is called."""
    said = edge.label(service, "traefik.docker.network", "traefik.swarm.network")
    if by_key is None or by_key.real is None or said is None or "name" not in edge.project.top:
        return None
    return set_to(said[0], value, by_key.real)


def _may_be(project: Project, on: On, name: str) -> bool:
    """Whether it is this network's name if the project is called otherwise: nothing in the file names the project."""
    return on.prefixed and "name" not in project.top and name.endswith(f"_{on.key}")


def _guessed(project: Project, service: Service, value: Value, name: str) -> Found:
    prefix = name.rpartition("_")[0] if "_" in name else name
    message = f"`{shown(name)}` is a network of `{service.name}` only if the project is called `{shown(prefix)}`" + (
        f", and this folder makes it `{shown(project.name)}`" if project.name else ""
    )
    hint = f"write `name: {prefix}` at the top of the file"
    return Found(service.name, message, value.spot, hint, Severity.LOW, Confidence.LOW)


def _hint(by_key: On | None, name: str, networks: list[On]) -> str:
    if by_key is not None:
        real = by_key.real or f"PROJECT_{by_key.key}"
        return f"the real name of this network is `{real}`: write that, or give the network `name: {name}`"
    known = [on.real for on in networks if on.real]
    near = suggest(name, known) or (known[0] if len(known) == 1 else "")
    return f"did you mean `{near}`?" if near else f"it is on {', '.join(known)}" if known else ""
