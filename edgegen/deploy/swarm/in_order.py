"""What is deployed before the whole stack, so that no router names a middleware that is not defined. Pure.

Shared middlewares are labels of Traefik's own service, and `docker stack deploy` updates one service after another, in
any order. Traefik may ask in between: a router whose middleware it does not know answers 404 until it asks again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.stack_file import StackFile, defined, part_of
from edgegen.deploy.swarm.standing import Seen
from edgegen.traefik.version import is_called_traefik


def parts_before(stack: StackFile, folder: Path, before: Seen, over: Mapping[str, Any]) -> Iterator[str]:
    """The parts of the stack, as texts for stdin, in the order in which they have to be deployed; mostly none.

    New middlewares are defined before a router names them, and old ones as long as one may.
    `over`: what is laid over the file's services.
    """
    for service in stack:
        present = before.service(service.name)
        if present is None or not is_called_traefik(service.image):
            continue
        old, new = frozenset(defined(present.labels)), frozenset(service.middlewares)
        added, gone = new - old, old - new
        others = frozenset(other.name for other in stack if other.name != service.name)
        if added:
            yield _laid_over(part_of(stack, folder, others), over, _kept(present, gone))
        if gone:
            yield _laid_over(part_of(stack, folder, frozenset((service.name,))), over, {})


def _kept(present: ServiceSeen, gone: frozenset[str]) -> dict[str, str]:
    """The labels of middlewares that go, as a file says them."""
    found = {label: value for label, value in present.labels.items() if {*defined([label])} & gone}
    return {label: value.replace("$", "$$") for label, value in found.items()}


def _laid_over(text: str, over: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    part = json.loads(text)
    for name, body in part["services"].items():
        own = over.get(name, {})
        deploy = body.get("deploy") or {}
        more = {**labels, **own.get("deploy", {}).get("labels", {})}
        body.update({**own, "deploy": {**deploy, "labels": _joined(deploy.get("labels") or {}, more)}})
    return json.dumps(part)


def _joined(written: Any, more: Mapping[str, str]) -> Any:
    if isinstance(written, list):
        return [*written, *(f"{label}={value}" for label, value in more.items())]
    return {**written, **more}
