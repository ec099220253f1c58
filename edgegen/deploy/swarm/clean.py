"""Whether a task was started from its service's present specification.

The client's words for both are compared, as digests: the values of variables are read here, and not kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from edgegen.deploy.answers import Reader
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected

_READER = Reader("docker inspect")
_SERVICE = (
    '{"id":{{json .ID}},"container":{{json .Spec.TaskTemplate.ContainerSpec}},'
    '"force":{{json .Spec.TaskTemplate.ForceUpdate}}}'
)
_TASK = '{"id":{{json .ID}},"container":{{json .Spec.ContainerSpec}},"force":{{json .Spec.ForceUpdate}}}'
_COMPARED = ("Image", "Command", "Args", "Env", "Dir", "User", "Labels", "Mounts", "Secrets", "Configs", "Hosts")
"""The parts that services and tasks show in the same words. The client fills in defaults for others."""


def service_digests(runner: Executor, ids: Sequence[str]) -> dict[str, str]:
    """Service -> a digest of the specification that its tasks get."""
    return _digests(inspected(runner, ids, _SERVICE, _READER, "service", "inspect"))


def task_digests(runner: Executor, ids: Sequence[str]) -> dict[str, str]:
    """Task -> a digest of what it was started with."""
    return _digests(inspected(runner, ids, _TASK, _READER, "inspect", "--type", "task"))


def _digests(rows: Any) -> dict[str, str]:
    return {_READER.text(row.get("id"), "id"): _digest(row) for row in rows}


def _digest(row: Mapping[str, Any]) -> str:
    container = _READER.mapping(row.get("container"), "container")
    shared = {key: _without_empty(container.get(key)) for key in _COMPARED}
    text = json.dumps([shared, row.get("force") or 0], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _without_empty(value: Any) -> Any:
    """The value without what only one of the two writes down: null, empty lists, false."""
    if isinstance(value, dict):
        kept = {key: _without_empty(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", 0, False, [], {})}
    return [_without_empty(item) for item in value] if isinstance(value, list) else value
