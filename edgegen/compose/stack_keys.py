"""Which Compose keys `docker stack` takes, ignores and refuses. Asked of docker 28.2.2, key by key."""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TAKEN = _words(
    "build cap_add cap_drop command configs credential_spec depends_on deploy dns dns_search entrypoint env_file"
    " environment expose extra_hosts healthcheck hostname image init isolation labels logging networks ports read_only"
    " secrets security_opt stdin_open stop_grace_period stop_signal sysctls tmpfs tty ulimits user volumes working_dir"
)
"""Keys of a service. Of these `build`, `depends_on`, `expose`, `security_opt` and `tmpfs` have no effect."""
FORBIDDEN = _words("extends volume_driver volumes_from cpu_quota cpu_shares cpuset mem_limit memswap_limit")
"""Keys of a service for which docker has a sentence without their names."""
TOP_LEVEL = _words("version services networks volumes secrets configs")
OF_DEPLOY = _words(
    "mode replicas labels update_config rollback_config resources restart_policy placement endpoint_mode"
)
OF_NETWORKS = _words("driver driver_opts ipam external internal attachable labels name")
OF_VOLUMES = _words("driver driver_opts external labels name")
OF_CONFIGS = _words("name file external labels template_driver")
OF_SECRETS = OF_CONFIGS | _words("driver driver_opts")
OF_PORTS = _words("target published protocol mode")
"""Keys of the long form of a published port."""
OF_JOINED = _words("aliases ipv4_address ipv6_address driver_opts")
"""Keys of a network that a service joins. Of these Swarm ignores the addresses."""
IGNORED: Mapping[str, str] = {
    "privileged": "the container would run without its privileges",
    "devices": "the container would run without its devices",
    "container_name": "Swarm names the container of each task itself",
    "network_mode": "the container would join the stack's networks instead",
    "shm_size": "the container would have Docker's 64 MB",
    "restart": "`deploy.restart_policy` says when a task is started again, `any` by default",
    "tmpfs": "the container would have no such folder in memory",
    "ipc": "the container would have its own",
    "pid": "the container would have its own",
    "userns_mode": "the engine's own setting holds",
    "cgroup_parent": "Docker chooses the control group",
    "cgroupns_mode": "the engine's own setting holds",
    "domainname": "the container would have no domain name",
    "mac_address": "Docker chooses the address",
    "links": "services of a network find each other by name",
    "external_links": "services of a network find each other by name",
    "oom_score_adj": "docker leaves it out",
}
"""Keys of a service that docker takes and Swarm ignores, to the harm of whoever wrote them: what is so instead."""
LEFT_OUT: Mapping[str, str] = {
    "security_opt": "Swarm has no security options for services: the containers run without them",
    "depends_on": "Swarm starts all services at once, in no order",
}
"""Others that it ignores, of which most services need nothing."""


def message_of_docker(place: str, key: str) -> str:
    """What `docker stack config` says about a key that it doesn't take. `place`: `services.web`, or `(root)`."""
    if key in FORBIDDEN and place.startswith("services."):
        return "Configuration contains forbidden properties"
    return f"{place} Additional property {key} is not allowed"
