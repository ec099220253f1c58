"""`deploy:` of a service: where it runs, how it is replaced, when it starts again, what it may use, its labels."""

from __future__ import annotations

from typing import Any

from edgegen.compose.model import Data, File, Merged, Service, deep_merge
from edgegen.targets.swarm_parts.edge import edge_constraints
from edgegen.targets.swarm_parts.volumes import node_constraints

REFRESH = "2s"
"""Traefik asks that often which tasks there are: a task is forgotten no later."""
MONITOR = "5s"
"""How long a new task is watched: one that ends in this time is a failed update."""

_ORDER = (
    "mode", "replicas", "endpoint_mode", "placement", "update_config", "rollback_config", "restart_policy", "resources",
    "labels",
)  # fmt: skip
"""What comes first in the file."""
_RESTARTS = {"no": "none", "always": "any", "unless-stopped": "any", "on-failure": "on-failure"}


def deployed(service: Service, file: File) -> Data:
    """What edgegen chooses, with the spec's own `deploy` over it, and labels last."""
    said = service.deploy or {}
    chosen: Data = {"replicas": 1} if service.is_edge else {}
    chosen |= {"endpoint_mode": "dnsrr"}
    if placement := _constraints(service, file, said):
        chosen["placement"] = {"constraints": placement}
    chosen |= _updates(service)
    chosen["restart_policy"] = _restart(service.restart)
    if limits := _limits(service):
        chosen["resources"] = {"limits": limits}
    whole = deep_merge(chosen, said)
    if labels := _labels(service.labels, whole.get("labels") or {}):
        whole["labels"] = labels
    return {key: whole[key] for key in (*_ORDER, *(key for key in whole if key not in _ORDER)) if key in whole}


def _constraints(service: Service, file: File, said: Data) -> list[str]:
    if service.is_edge:
        return edge_constraints(file.name)
    return [] if (said.get("placement") or {}).get("constraints") else node_constraints(file, service)


def _updates(service: Service) -> Data:
    """A new task before the old one stops, where no volume or port is only one's, and something tells when it is
    ready: a health check, of which the image may have its own, or Traefik, which tries the others again."""
    bound = service.is_edge or service.ports or any(_keeps(mount) for mount in service.volumes or ())
    ready = service.healthcheck and not service.healthcheck.get("disable")
    order = "start-first" if not bound and (ready or service.labels) else "stop-first"
    update: Data = {"parallelism": 1, "delay": REFRESH, "order": order, "failure_action": "rollback"}
    return {
        "update_config": update | {"monitor": MONITOR},
        "rollback_config": {"parallelism": 1, "delay": REFRESH, "order": order, "monitor": MONITOR},
    }


def _keeps(mount: Any) -> bool:
    """Whether two tasks would share it: a volume or a folder of the host that is not only read."""
    return not isinstance(mount, dict) or (mount.get("type") in ("volume", "bind") and not mount.get("read_only"))


def _restart(restart: str | None) -> Data:
    word, _, attempts = (restart or "any").partition(":")
    policy: Data = {"condition": _RESTARTS.get(word, "any"), "delay": "5s"}
    return policy | ({"max_attempts": int(attempts)} if attempts.isdigit() else {})


def _limits(service: Service) -> Data:
    limits = {"cpus": service.cpus, "memory": service.mem_limit, "pids": service.pids_limit}
    return {key: value for key, value in limits.items() if value is not None}


def _labels(labels: Any, said: Data) -> Any:
    """Labels of the service. What several share stays shared."""
    if isinstance(labels, Merged):
        return Merged(labels.shared, {**labels.own, **said}) if labels.shared else {**labels.own, **said}
    return {**(labels or {}), **said}
