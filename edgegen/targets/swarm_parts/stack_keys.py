"""Which Compose keys `docker stack` takes, ignores and refuses. Asked of docker 28.2.2, key by key."""

from __future__ import annotations

from typing import NamedTuple


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


class Refused(NamedTuple):
    """Why a stack can't have a key (`{key}` in the text), and what to write instead."""

    reason: str
    hint: str


def _ignored(what: str) -> str:
    return f"Swarm ignores `{{key}}`: {what}"


REFUSED: dict[str, Refused] = {
    "privileged": Refused(
        _ignored("the container would run without its privileges"),
        "name the capabilities that it needs with `cap_add`, or run it with `target: compose`",
    ),
    "devices": Refused(
        _ignored("the container would run without its devices"),
        "run it with `target: compose` on the host that has them",
    ),
    "group_add": Refused("a stack has no `{key}`", 'use `user: "UID:GID"`, or an image whose user is in the group'),
    "profiles": Refused(
        "a stack has no `{key}`: all its services run", "use an environment, or `deploy: {replicas: 0}`"
    ),
    "platform": Refused(
        "a stack has no `{key}`: each node runs the image for its own platform",
        'choose nodes: `deploy: {placement: {constraints: ["node.platform.arch == x86_64"]}}`',
    ),
    "pull_policy": Refused(
        "a stack has no `{key}`: Swarm pulls an image, by its digest, where it is missing", "remove it"
    ),
    "container_name": Refused(
        _ignored("Swarm names the container of each task itself"),
        "remove it: other services reach this one by its own name, or by `networks: {NAME: {aliases: [...]}}`",
    ),
    "network_mode": Refused(
        _ignored("the container would join the stack's networks instead"),
        "run it with `target: compose`; a port of the node is `ports`",
    ),
    "shm_size": Refused(
        _ignored("the container would have Docker's 64 MB"),
        "mount a tmpfs instead: `volumes: [{type: tmpfs, target: /dev/shm}]`",
    ),
    "restart": Refused(
        _ignored("under `extra` edgegen doesn't translate it"), "write `deploy: {restart_policy: {condition: any}}`"
    ),
    "tmpfs": Refused(
        _ignored("under `extra` edgegen doesn't translate it"),
        "write `volumes: [{type: tmpfs, target: PATH}]` there, or the service's own `tmpfs`",
    ),
    "mem_limit": Refused("a stack has no `mem_limit`", "write `deploy: {resources: {limits: {memory: ...}}}`"),
    "cpus": Refused("a stack has no `cpus`", 'write `deploy: {resources: {limits: {cpus: "..."}}}`'),
    "pids_limit": Refused("a stack has no `pids_limit`", "write `deploy: {resources: {limits: {pids: ...}}}`"),
    "ipc": Refused(_ignored("the container would have its own"), "run it with `target: compose`"),
    "pid": Refused(_ignored("the container would have its own"), "run it with `target: compose`"),
    "userns_mode": Refused(_ignored("the engine's own setting holds"), "remove it"),
    "cgroup_parent": Refused(_ignored("Docker chooses the control group"), "remove it"),
    "cgroupns_mode": Refused(_ignored("the engine's own setting holds"), "remove it"),
    "domainname": Refused(_ignored("the container would have no domain name"), "use `hostname`"),
    "mac_address": Refused(_ignored("Docker chooses the address"), "remove it"),
    "links": Refused(_ignored("services of a network find each other by name"), "use `networks`"),
    "external_links": Refused(_ignored("services of a network find each other by name"), "use `networks`"),
    "oom_score_adj": Refused(_ignored("docker leaves it out"), "remove it"),
    "volume_driver": Refused("a stack has no `volume_driver`", "give the volume a `driver` under `volumes:`"),
}
"""Keys of a service that mean something on one host and nothing in a stack. The others have docker's own sentence."""


def message_of_docker(place: str, key: str) -> str:
    """What `docker stack config` says about a key that it doesn't take. `place`: `services.web`, or `(root)`."""
    if key in FORBIDDEN and place.startswith("services."):
        return "Configuration contains forbidden properties"
    return f"{place} Additional property {key} is not allowed"
