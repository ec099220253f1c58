"""Names that are too long for a swarm, or not made of what its names are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.compose.swarm_names import in_stack
from edgegen.core.data import mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, SOCKET_PROXY
from edgegen.spec.problems import Complaint
from edgegen.spec.variables import has_variables

LONGEST_SERVICE = 63
"""That of a network, too."""
_DNS_NAME = re.compile(r"[a-zA-Z0-9](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?")


def check(spec: Spec) -> Iterator[Complaint]:
    """Services and networks. Swarm sees the length only when it has made those before."""
    for name, service in spec.services.items():
        if service.runs_here:
            yield from _service(spec, name, ("services", name))
    if spec.has_own_edge:
        yield from _edge(spec)
    for name in mapping(spec.extra.get("services")):
        if name not in spec.services:
            yield from _service(spec, name, ("extra", "services", name))
    yield from _networks(spec)


def _networks(spec: Spec) -> Iterator[Complaint]:
    for name, network in spec.networks.items():
        if network.name is not None:
            yield from _network(network.name, ("networks", name, "name"))
        elif not network.external:
            yield from _network(in_stack(spec.name, name), ("networks", name))
    default = in_stack(spec.name, "default")
    if len(default) > LONGEST_SERVICE and any(not service.networks for service in spec.containers.values()):
        yield Complaint(
            ("name",),
            f"the network of services without `networks` would be `{default}` on the swarm, which takes"
            f" {LONGEST_SERVICE} characters",
            f"give the stack a name of at most {LONGEST_SERVICE - len(in_stack('', 'default'))} characters",
        )


def _network(full: str, at: Path) -> Iterator[Complaint]:
    is_key = at[-1] != "name"
    if len(full) > LONGEST_SERVICE:
        message = f"its name on the swarm, `{full}`, has {len(full)} characters, and Swarm takes {LONGEST_SERVICE}"
        yield Complaint(at, message, "give the network a shorter name", at_key=is_key)
    elif not has_variables(full) and not _DNS_NAME.fullmatch(full):
        yield Complaint(
            at,
            f"`{full}` can't be the name of a network on a swarm",
            "use letters and digits, and `-` and `_` only between them",
        )


def _service(spec: Spec, name: str, at: Path) -> Iterator[Complaint]:
    full = in_stack(spec.name, name)
    if len(full) > LONGEST_SERVICE:
        message = f"its name on the swarm, `{full}`, has {len(full)} characters, and Swarm takes {LONGEST_SERVICE}"
        yield Complaint(at, message, "give the service a shorter name", at_key=True)


def _edge(spec: Spec) -> Iterator[Complaint]:
    """The longest name of the edge's own services."""
    name = SOCKET_PROXY if spec.edge.docker_socket == "proxy" else EDGE
    full = in_stack(spec.name, name)
    if len(full) > LONGEST_SERVICE:
        most = LONGEST_SERVICE - len(in_stack("", name))
        message = f"the edge's service would be `{full}` on the swarm, which takes {LONGEST_SERVICE} characters"
        yield Complaint(("name",), message, f"give the stack a name of at most {most} characters")
