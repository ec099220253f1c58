"""What is deployed before the whole stack, so that no router names a middleware that is not defined. Pure.

Shared middlewares are labels of Traefik's own service, and `docker stack deploy` updates one service after another, in
any order. Traefik may ask in between: a router whose middleware it does not know answers 404 until it asks again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.stack_file import StackFile, defined_middlewares, part_of, with_more
from edgegen.deploy.swarm.standing import Seen
from edgegen.traefik.version import is_called_traefik


def parts_before(stack: StackFile, before: Seen, over: Mapping[str, Any]) -> Iterator[str]:
    """The parts of the stack, as texts for stdin, in the order in which they have to be deployed; mostly none.

    New middlewares are defined before a router names them, and old ones as long as one may.
    `over`: what is laid over the file's services.
    """
    for service in stack:
        present = before.service(service.name)
        if present is None or not is_called_traefik(service.image):
            continue
        old, new = frozenset(defined_middlewares(present.labels)), frozenset(service.middlewares)
        added, gone = new - old, old - new
        others = {other.name for other in stack if other.name != service.name}
        if added:
            yield with_more(part_of(stack, others), over, _kept(present, gone))
        if gone:
            yield with_more(part_of(stack, {service.name}), over)


def _kept(present: ServiceSeen, gone: frozenset[str]) -> dict[str, str]:
    """The labels of middlewares that go, as a file says them."""
    found = {label: value for label, value in present.labels.items() if {*defined_middlewares([label])} & gone}
    return {label: value.replace("$", "$$") for label, value in found.items()}
