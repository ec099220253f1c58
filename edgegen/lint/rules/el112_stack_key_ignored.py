"""A key that a swarm silently ignores.

What it does
    Reports, in a file for a swarm, keys that mean something to Compose and nothing to Swarm: `tmpfs`, `privileged`,
    `devices`, `network_mode`, `shm_size` and others, a fixed address in a network, `:z` of a mount, `security_opt`,
    `depends_on`. What makes no difference is passed: `restart: always`, or the service's own name as `container_name`.

Why
    `docker stack deploy` takes the file. For most of these keys it prints one line, `Ignoring unsupported options`, and
    for `tmpfs`, `depends_on`, the addresses and `:z` none. The service then runs without what it needs.

Example
    `network_mode: host` in a stack

Instead
    What a stack has: `ports: [{target: 80, published: 80, mode: host}]`, `volumes: [{type: tmpfs, target: /cache}]`,
    `cap_add`, `deploy.restart_policy`; or Compose, on the host that has the device.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.compose.stack_keys import IGNORED, LEFT_OUT
from edgegen.core.data import items, mapping
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL112", "stack-key-ignored", Severity.MEDIUM)

_HINTS = {
    "privileged": "name the capabilities that it needs with `cap_add`, or run it with Compose",
    "devices": "run it with Compose, on the host that has them",
    "network_mode": "a port of the node is `ports: [{target: …, published: …, mode: host}]`",
    "shm_size": "mount a tmpfs: `volumes: [{type: tmpfs, target: /dev/shm}]`",
    "tmpfs": "write `volumes: [{type: tmpfs, target: …}]`",
    "restart": "write `deploy: {restart_policy: {condition: …}}`",
    "container_name": "use the name of the service, or `networks: {…: {aliases: […]}}`",
    "links": "use `networks: {…: {aliases: […]}}` at the other service",
    "domainname": "use `hostname`",
    "depends_on": "let the program try again until the others answer",
}
_HARMLESS = frozenset((
    "container_name", "userns_mode", "cgroup_parent", "cgroupns_mode", "domainname", "mac_address", "external_links",
    "oom_score_adj",
))  # fmt: skip
"""Keys without which most programs run the same."""
_ONCE = {"security_opt": Severity.LOW, "depends_on": Severity.INFO}
"""Most stacks come from a Compose file: one remark for all of their services."""
_RELABELS = frozenset("zZ")


def check(project: Project) -> Iterator[Found]:
    """Each of them, in a file that is meant for a swarm."""
    if project.mode is not Mode.SWARM:
        return
    for service in project.services.values():
        yield from _keys(service)
        yield from _addresses(service)
        yield from _labels_of_mounts(service)
    for key, severity in _ONCE.items():
        yield from _once(project, key, severity)


def _keys(service: Service) -> Iterator[Found]:
    for key, what in IGNORED.items():
        value = service.data.get(key)
        if value and not _is_the_same(service, key, value):
            yield Found(
                service.name,
                f"Swarm ignores `{key}`: {what}",
                service.spot.at(key, key=True),
                _HINTS.get(key, "remove it"),
                Severity.LOW if key in _HARMLESS else None,
            )


def _is_the_same(service: Service, key: str, value: Any) -> bool:
    """Whether the service is what it would be with the key."""
    if key == "restart":
        condition = str(value).partition(":")[0]
        return (
            "$" in condition
            or condition in ("always", "unless-stopped")
            or "restart_policy" in mapping(service.data.get("deploy"))
        )
    if key == "container_name":
        return bool(value == service.name) or "$" in str(value)
    if key == "links":
        names = (str(item).split(":") for item in value) if isinstance(value, list) else ()
        return all(len(parts) == 1 or parts[0] == parts[1] for parts in names)
    if key == "network_mode":
        return value in ("bridge", "default")
    return key == "cgroupns_mode" and value == "private"


def _addresses(service: Service) -> Iterator[Found]:
    for network, joined in mapping(service.data.get("networks")).items():
        for key in ("ipv4_address", "ipv6_address"):
            if mapping(joined).get(key):
                yield Found(
                    service.name,
                    f"Swarm ignores `{key}`: it gives each task an address of its own choice in `{shown(network)}`",
                    service.spot.at("networks", network, key, key=True),
                    "use the name of the service, or an alias",
                )


def _labels_of_mounts(service: Service) -> Iterator[Found]:
    for index, volume in enumerate(items(service.data, "volumes")):
        if isinstance(volume, str):
            options = volume.split(":")[2:]
            said = next((word for part in options for word in part.split(",") if word in _RELABELS), "")
        else:
            said = str(mapping(mapping(volume).get("bind")).get("selinux") or "")
        if said:
            message = f"Swarm ignores `{shown(said)}`: it relabels nothing for SELinux"
            hint = "label the folder on its node: `chcon -Rt container_file_t FOLDER`"
            yield Found(service.name, message, service.spot.at("volumes", index), hint, Severity.LOW)


def _once(project: Project, key: str, severity: Severity) -> Iterator[Found]:
    having = [service for service in project.services.values() if isinstance(service.data.get(key), list)]
    having = [service for service in having if service.data[key]]
    if having:
        others = f", here and in {len(having) - 1} more" if len(having) > 1 else ""
        message = f"`{key}` has no effect{others}: {LEFT_OUT[key]}"
        yield Found(having[0].name, message, having[0].spot.at(key, key=True), _HINTS.get(key, "remove it"), severity)
