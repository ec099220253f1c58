"""A key that `docker stack deploy` refuses.

What it does
    Reports, in a file for a swarm, what Compose takes and `docker stack deploy` refuses: a top-level `name` or
    `include`, `depends_on` as a map, a published port as a text, `host_ip` or `name` of a port, `env_file` in the
    long form, and the keys `profiles`, `pull_policy`, `platform`, `scale`, `cpus`, `mem_limit`, `extends`,
    `group_add` of a service.

Why
    The whole stack is refused, with the path of one key: `(root) Additional property name is not allowed`.

Example
    `depends_on: {db: {condition: service_healthy}}` in a stack

Instead
    `depends_on: [db]`, which a swarm ignores, or no `depends_on`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project, Service, Spot
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL099", "stack-refused", Severity.HIGH)

KEYS = (
    "annotations", "attach", "blkio_config", "cgroup", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota",
    "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "develop", "device_cgroup_rules",
    "dns_opt", "extends", "gpus", "group_add", "label_file", "mem_limit", "mem_reservation", "mem_swappiness",
    "memswap_limit", "models", "oom_kill_disable", "pids_limit", "platform", "post_start", "pre_stop",
    "profiles", "provider", "pull_policy", "runtime", "scale", "storage_opt", "use_api_socket", "uts",
    "volumes_from",
)  # fmt: skip
"""All keys of a service in the Compose specification that Docker's client 28.2 refuses in a stack."""
OF_PORT = ("host_ip", "name", "app_protocol")


def check(project: Project) -> Iterator[Found]:
    """Each of them, in a file that is meant for a swarm."""
    if project.mode is not Mode.SWARM or not project.files:
        return
    for key in ("name", "include"):
        if key in project.top:
            file = next((item for item in project.files if f"{key}:" in item.text), project.files[0])
            yield _found(key, f"a top-level `{key}`", Spot(file, (key,), True), "name the stack when you deploy it")
    for service in project.services.values():
        yield from _of_service(service)


def _of_service(service: Service) -> Iterator[Found]:
    for key in KEYS:
        if key in service.data:
            yield _found(service.name, f"`{key}` of a service", service.spot.at(key, key=True))
    if isinstance(service.data.get("depends_on"), dict):
        hint = "write a list: a swarm starts its services in any order"
        yield _found(service.name, "`depends_on` as a map", service.spot.at("depends_on", key=True), hint)
    for index, port in enumerate(_items(service, "ports")):
        if isinstance(port, dict):
            for key in OF_PORT:
                if key in port:
                    yield _found(service.name, f"`{key}` of a port", service.spot.at("ports", index, key, key=True))
            published = port.get("published")
            if isinstance(published, str) and published.isdecimal():
                yield _found(
                    service.name,
                    "a `published` that is a text",
                    service.spot.at("ports", index, "published"),
                    f"write `published: {published}` without quotes",
                )
    for index, item in enumerate(_items(service, "env_file")):
        if isinstance(item, dict):
            yield _found(service.name, "the long form of `env_file`", service.spot.at("env_file", index))


def _items(service: Service, key: str) -> list[object]:
    value = service.data.get(key)
    return value if isinstance(value, list) else []


def _found(subject: str, what: str, spot: Spot, hint: str = "") -> Found:
    return Found(subject, f"`docker stack deploy` refuses {what}, and the whole stack with it", spot, hint)
