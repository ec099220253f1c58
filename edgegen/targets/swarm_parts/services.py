"""A service in the words of `docker stack`: kept, translated, or left out because Swarm ignores it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from edgegen.compose.model import CONFIG_LABEL, Data, File, Merged, Service
from edgegen.targets.swarm_parts.deploy import deployed
from edgegen.targets.swarm_parts.edge import checked_often
from edgegen.targets.swarm_parts.held import Held
from edgegen.targets.swarm_parts.memory import memory_mounts
from edgegen.targets.swarm_parts.ports import long_ports
from edgegen.targets.swarm_parts.templates import literal


def shaped(name: str, service: Service, file: File, held: Held) -> Service:
    """A service of the model as the stack has it."""
    volumes, secrets, configs = held.mounts(service)
    for_traefik, others = _labels(service.labels)
    return replace(
        service,
        restart=None,
        depends_on=None,
        security_opt=None,
        expose=None,
        mem_limit=None,
        pids_limit=None,
        cpus=None,
        hostname=literal(service.hostname) if service.hostname else None,
        environment=_environment(service.environment),
        # In short form: `docker stack` does not take another, and reads their lines as they are.
        env_file=[item["path"] if isinstance(item, dict) else item for item in service.env_file or ()],
        ports=long_ports(service.ports or ()),
        volumes=[*map(_literal_mount, service.volumes or ()), *memory_mounts(service.tmpfs or ()), *volumes],
        tmpfs=None,
        secrets=[*map(_file_mount, service.secrets or ()), *secrets],
        configs=[*map(_file_mount, service.configs or ()), *configs],
        healthcheck=checked_often(service.healthcheck) if service.is_edge else service.healthcheck,
        deploy=deployed(name, replace(service, labels=for_traefik), file),
        labels=others or None,
        own_mounts=(),
    )


def _labels(labels: Any) -> tuple[Any, Data]:
    """(those of the service, those of its containers): Traefik's provider only reads the service's.

    The digest of a file is in neither: a config's name has it.
    """
    own = labels.own if isinstance(labels, Merged) else labels or {}
    routed = {key: value for key, value in own.items() if key.lower().startswith("traefik")}
    others = {key: value for key, value in own.items() if key not in routed and key != CONFIG_LABEL}
    return (Merged(labels.shared, routed) if isinstance(labels, Merged) else routed or None), others


def _environment(environment: Data | None) -> Data | None:
    """Swarm would expand braces in it."""
    if environment is None:
        return None
    return {name: literal(value) if isinstance(value, str) else value for name, value in environment.items()}


def _literal_mount(mount: Any) -> Any:
    """A volume. Swarm would expand braces in its paths, and never makes a folder on the host."""
    if isinstance(mount, str):
        return literal(mount)
    own = {key: value for key, value in mount.items() if key not in ("bind", "read_only")}
    options = {key: value for key, value in mount.get("bind", {}).items() if key != "create_host_path"}
    for key in ("source", "target"):
        if isinstance(own.get(key), str):
            own[key] = literal(own[key])
    read_only = {"read_only": mount["read_only"]} if mount.get("read_only") else {}
    return own | read_only | ({"bind": options} if options else {})


def _file_mount(mount: Any) -> Any:
    """A secret or a config. Its mode is a number here."""
    mode = mount.get("mode") if isinstance(mount, dict) else None
    return {**mount, "mode": int(mode, 8)} if isinstance(mode, str) and mode.isdigit() else mount
