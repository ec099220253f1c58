"""A loopback port that a swarm opens to everyone.

What it does
    Reports a published port with an address in a stack.

Why
    `docker stack deploy` drops the address with a warning (`service will listen on '0.0.0.0'`): what was meant
    to answer only on the loopback answers the whole internet, past the host's firewall.

Example
    `ports: ["127.0.0.1:8080:8080"]` in a stack

Instead
    No `ports`, or a tunnel: `ssh -L` to a container of the node.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.published import Reach, reach_of

RULE = Rule("EL096", "loopback-port-on-swarm", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such port."""
    if project.mode is not Mode.SWARM:
        return
    for service in project.services.values():
        for port in service.ports:
            if reach_of(port) is not Reach.ALL:
                message = (
                    f"a swarm ignores the address `{port.address}`: port {port.published or port.target} answers on "
                    "every address of every node"
                )
                yield Found(service.name, message, port.spot, "remove the port: a swarm can't publish on the loopback")
