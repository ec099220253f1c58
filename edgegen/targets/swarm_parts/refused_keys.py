"""Keys of a service that target swarm refuses, and what to write instead."""

from __future__ import annotations

from typing import NamedTuple

from edgegen.compose.stack_keys import IGNORED


class Refused(NamedTuple):
    """Why a stack can't have a key (`{key}` in the text), and what to write instead."""

    reason: str
    hint: str


def _ignored(key: str, hint: str, why: str = "") -> Refused:
    return Refused(f"Swarm ignores `{{key}}`: {why or IGNORED[key]}", hint)


REFUSED: dict[str, Refused] = {
    "privileged": _ignored(
        "privileged", "name the capabilities that it needs with `cap_add`, or run it with `target: compose`"
    ),
    "devices": _ignored("devices", "run it with `target: compose` on the host that has them"),
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
    "container_name": _ignored(
        "container_name",
        "remove it: other services reach this one by its own name, or by `networks: {NAME: {aliases: [...]}}`",
    ),
    "network_mode": _ignored("network_mode", "run it with `target: compose`; a port of the node is `ports`"),
    "shm_size": _ignored("shm_size", "mount a tmpfs instead: `volumes: [{type: tmpfs, target: /dev/shm}]`"),
    "restart": _ignored(
        "restart", "write `deploy: {restart_policy: {condition: any}}`", "under `extra` edgegen doesn't translate it"
    ),
    "tmpfs": _ignored(
        "tmpfs",
        "write `volumes: [{type: tmpfs, target: PATH}]` there, or the service's own `tmpfs`",
        "under `extra` edgegen doesn't translate it",
    ),
    "mem_limit": Refused("a stack has no `mem_limit`", "write `deploy: {resources: {limits: {memory: ...}}}`"),
    "cpus": Refused("a stack has no `cpus`", 'write `deploy: {resources: {limits: {cpus: "..."}}}`'),
    "pids_limit": Refused("a stack has no `pids_limit`", "write `deploy: {resources: {limits: {pids: ...}}}`"),
    "ipc": _ignored("ipc", "run it with `target: compose`"),
    "pid": _ignored("pid", "run it with `target: compose`"),
    "userns_mode": _ignored("userns_mode", "remove it"),
    "cgroup_parent": _ignored("cgroup_parent", "remove it"),
    "cgroupns_mode": _ignored("cgroupns_mode", "remove it"),
    "domainname": _ignored("domainname", "use `hostname`"),
    "mac_address": _ignored("mac_address", "remove it"),
    "links": _ignored("links", "use `networks`"),
    "external_links": _ignored("external_links", "use `networks`"),
    "oom_score_adj": _ignored("oom_score_adj", "remove it"),
    "volume_driver": Refused("a stack has no `volume_driver`", "give the volume a `driver` under `volumes:`"),
}
"""Keys of a service that mean something on one host and nothing in a stack. The others have docker's own sentence."""
