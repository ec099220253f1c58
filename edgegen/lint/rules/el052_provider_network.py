"""A provider's network that is not the name of any of the project's networks.

What it does
    Compares `providers.docker.network` and `providers.swarm.network` with the names that the project's networks have on
    the engine: `<project>_<network>`, unless the network has a `name:`.

Why
    Traefik writes a warning and takes any network of the container: maybe one that it is not in itself, and requests
    end in a 504.

Example
    `--providers.docker.network=proxy` with `networks: {proxy: {}}`: the engine calls it `site_proxy`

Instead
    `networks: {proxy: {name: proxy}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.model import Network, Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import Judged, judged

RULE = Rule("EL052", "provider-network", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """The network of each provider that has one."""
    for item in judged(project):
        service = item.traefik.service
        if service is None or service.network_mode is not None or service.partial or project.partial:
            continue
        own = [project.networks[key] for key in service.networks if key in project.networks]
        if len(own) == len(service.networks):
            yield from _compared(project, item, own)


def _compared(project: Project, item: Judged, own: list[Network]) -> Iterator[Found]:
    names = [network.real_name for network in project.networks.values()]
    if any(name is None for name in names):
        return
    for provider in ("docker", "swarm"):
        value = item.static.get(f"providers.{provider}.network")
        if value is None or not value.known or not value.text or value.text in names:
            continue
        same = project.networks.get(value.text)
        if same is not None:
            message = f"the network `{shown(value.text)}` is called `{shown(str(same.real_name))}` on the engine"
            hint = f"give it a `name: {shown(value.text)}`, or write `{shown(str(same.real_name))}` here"
        else:
            message = f"this Traefik is in no network `{shown(value.text)}`"
            known = [str(network.real_name) for network in own]
            near = suggest(value.text, known) or (known[0] if len(known) == 1 else "")
            hint = f"did you mean `{near}`?" if near else ""
        yield Found(item.subject, f"{message}: Traefik takes any network of a container", value.spot, hint)
