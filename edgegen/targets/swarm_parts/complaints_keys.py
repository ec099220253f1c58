"""Keys that a stack doesn't have, or that Swarm ignores although a container needs them, under `extra:` too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from edgegen.compose.stack_keys import OF_DEPLOY, OF_NETWORKS, OF_VOLUMES, TAKEN, TOP_LEVEL, message_of_docker
from edgegen.core.data import items, mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import service_layers
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.refused_keys import REFUSED

_TYPED = ("container_name", "privileged", "devices", "group_add", "profiles", "platform", "pull_policy", "shm_size")
"""Keys of the spec itself; all others reach a stack only by `extra:`."""
_REMOVE = "remove it: `docker stack` has no such key"


def check(spec: Spec) -> Iterator[Complaint]:
    """Those of services first, then those of the whole file."""
    for name, layers in service_layers(spec, _TYPED).items():
        for keys, at in layers:
            is_extra = "extra" in at
            yield from (_refused(key, at) for key, value in keys.items() if key in REFUSED and value)
            if is_extra:
                yield from _of_docker(f"services.{name}", keys, TAKEN | REFUSED.keys(), at)
                yield from _of_docker(f"services.{name}.deploy", keys.get("deploy"), OF_DEPLOY, (*at, "deploy"))
                yield from _shapes(f"services.{name}", keys, at)
                yield from _jobs(keys, at)
    yield from _of_docker("(root)", spec.extra, TOP_LEVEL, ("extra",))
    for section, taken in (("networks", OF_NETWORKS), ("volumes", OF_VOLUMES)):
        for name, body in mapping(spec.extra.get(section)).items():
            yield from _of_docker(f"{section}.{name}", body, taken, ("extra", section, name))


def _refused(key: str, at: Path) -> Complaint:
    return Complaint((*at, key), REFUSED[key].reason.format(key=key), REFUSED[key].hint, at_key=True)


def _of_docker(place: str, keys: Any, taken: Collection[str], at: Path) -> Iterator[Complaint]:
    for key in mapping(keys):
        if key not in taken and not (key.startswith("x-") and taken is not OF_DEPLOY):
            yield Complaint((*at, key), _said(message_of_docker(place, key)), _REMOVE, at_key=True)


def _shapes(place: str, keys: dict[str, Any], at: Path) -> Iterator[Complaint]:
    """Compose's long forms of keys that have only a short one in a stack."""
    if isinstance(keys.get("depends_on"), dict):
        yield Complaint((*at, "depends_on"), _said(f"{place}.depends_on must be a list"), "remove it: Swarm ignores it")
    for index, file in enumerate(items(keys.get("env_file"))):
        if not isinstance(file, str):
            hint = "write only the path: `env_file: [PATH]`"
            yield Complaint((*at, "env_file", index), _said(f"{place}.env_file.{index} must be a string"), hint)


def _jobs(keys: dict[str, Any], at: Path) -> Iterator[Complaint]:
    mode = mapping(keys.get("deploy")).get("mode")
    if isinstance(mode, str) and mode.endswith("-job"):
        message = f"Swarm refuses `{mode}` with an update policy, which edgegen gives to each service"
        hint = 'use `restart: "no"`: the task runs once, and again after each change of the service'
        yield Complaint((*at, "deploy", "mode"), message, hint)


def _said(message: str) -> str:
    return f"`docker stack` refuses this: {message}"
