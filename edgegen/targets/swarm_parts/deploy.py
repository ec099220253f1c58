"""`deploy:` of a service: where it runs, how it is replaced, when it starts again, what it may use, its labels."""

from __future__ import annotations

from typing import Any

from edgegen.compose.model import Data, File, Merged, Service, deep_merge
from edgegen.compose.swarm_names import volume_node_label
from edgegen.core.data import mapping
from edgegen.targets.swarm_parts.edge import REFRESH_SECONDS, edge_constraints
from edgegen.targets.swarm_parts.one_off import RESTARTS, is_one_off
from edgegen.targets.swarm_parts.order import chosen_order
from edgegen.targets.swarm_parts.placing import constraints_of, named_volumes, on_node_with
from edgegen.targets.swarm_parts.volumes import is_local

REFRESH = f"{REFRESH_SECONDS}s"
"""The pause between two tasks of an update: by then Traefik knows the new one."""
MONITOR = "5s"
"""How long a new task is watched: one that ends in this time is a failed update."""

_ORDER = (
    "mode", "replicas", "endpoint_mode", "placement", "update_config", "rollback_config", "restart_policy", "resources",
    "labels",
)  # fmt: skip
"""What comes first in the file."""


def deployed(name: str, service: Service, file: File) -> Data:
    """What edgegen chooses, with the spec's own `deploy` over it, and labels last."""
    said = service.deploy or {}
    whole_service = _with_extra(name, service, file)
    chosen: Data = {"replicas": 1} if service.is_edge else {}
    chosen |= {"endpoint_mode": "dnsrr"}
    if placement := _constraints(service, whole_service, file):
        chosen["placement"] = {"constraints": placement}
    chosen |= _updates(name, service, whole_service, file)
    chosen["restart_policy"] = _restart(service.restart)
    if limits := _limits(service):
        chosen["resources"] = {"limits": limits}
    whole = deep_merge(chosen, said)
    if labels := _labels(service.labels, whole.get("labels") or {}):
        whole["labels"] = labels
    return {key: whole[key] for key in (*_ORDER, *(key for key in whole if key not in _ORDER)) if key in whole}


def _with_extra(name: str, service: Service, file: File) -> Data:
    """The service as the file will have it: what `extra:` says of volumes, ports and health counts too."""
    over = (file.extra.get("services") or {}).get(name)
    return deep_merge(service.data(), over) if isinstance(over, dict) else service.data()


def _constraints(service: Service, whole: Data, file: File) -> list[str]:
    if service.is_edge:
        return edge_constraints(file.name)
    if constraints_of(mapping(whole.get("deploy"))):
        return []
    used = dict.fromkeys(name for _, name in named_volumes(whole.get("volumes")) if is_local(file, name))
    return [on_node_with(volume_node_label(file.name, name)) for name in used]


def _updates(name: str, service: Service, whole: Data, file: File) -> Data:
    is_routed = bool(service.labels)
    order = chosen_order(whole, is_routed=is_routed, is_edge=service.is_edge)
    action = "continue" if is_one_off(name, whole, file, is_routed=is_routed) else "rollback"
    update: Data = {"parallelism": 1, "delay": REFRESH, "order": order, "failure_action": action}
    return {
        "update_config": update | {"monitor": MONITOR},
        "rollback_config": {"parallelism": 1, "delay": REFRESH, "order": order, "monitor": MONITOR},
    }


def _restart(restart: str | None) -> Data:
    word, _, attempts = (restart or "any").partition(":")
    policy: Data = {"condition": RESTARTS.get(word, "any"), "delay": "5s"}
    return policy | ({"max_attempts": int(attempts)} if attempts.isdigit() else {})


def _limits(service: Service) -> Data:
    limits = {"cpus": service.cpus, "memory": service.mem_limit, "pids": service.pids_limit}
    return {key: value for key, value in limits.items() if value is not None}


def _labels(labels: Any, said: Data) -> Any:
    """Labels of the service. What several share stays shared."""
    if isinstance(labels, Merged):
        return Merged(labels.shared, {**labels.own, **said}) if labels.shared else {**labels.own, **said}
    return {**(labels or {}), **said}
