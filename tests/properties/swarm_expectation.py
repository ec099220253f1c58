"""What a spec must come to on a swarm, worked out only from its plain data. Shares no code with edgegen."""

from __future__ import annotations

import re
import shlex
from typing import Any

from tests.properties import expectation

Data = dict[str, Any]
BRACES = '{{"{{"}}'


def expanded(text: str) -> str:
    """What Swarm makes of a text that it takes for a template: here only two braces may be one."""
    rest = text.replace(BRACES, "\0")
    assert "{{" not in rest, f"Swarm would run a template of {text!r}"
    return rest.replace("\0", "{{")


def routers(data: Data) -> dict[str, expectation.Router]:
    """Every router by its name: all of them are labels, of the service or of Traefik's own.

    Without a task there is no service for Traefik, and no router of it.
    """
    services = data.get("services", {})
    running = {name: item for name, item in services.items() if item.get("deploy", {}).get("replicas", 1)}
    data = {**data, "services": running}
    return {f"{name.partition('@')[0]}@swarm": router for name, router in expectation.routers(data).items()}


def containers(data: Data, secret: Any) -> dict[str, Data]:
    """What `docker stack` must read of each container. `secret`: name -> value."""
    return {
        name: _container(service, secret)
        for name, service in data.get("services", {}).items()
        if service.get("kind", "container") in ("container", "tcp")
    }


def _container(service: Data, secret: Any) -> Data:
    wanted: Data = {"image": service["image"]}
    environment = {
        key: secret(value["secret"]) if isinstance(value, dict) else meant(expectation.text(value))
        for key, value in service.get("environment", {}).items()
    }
    labels = {key: meant(expectation.text(value)) for key, value in service.get("labels", {}).items()}
    wanted |= {"environment": environment, "labels": labels | deploy_labels(service)}
    for key in ("command", *(() if service.get("kind") == "tcp" else ("entrypoint",))):
        if key in service:
            wanted[key] = _words(service[key])
    if "healthcheck" in service:
        wanted["healthcheck"] = _healthcheck(service["healthcheck"])
    wanted["volumes"] = [
        {key: meant(str(item)) for key, item in _mount(volume).items()} for volume in service.get("volumes", [])
    ] + [_in_memory(item) for item in _listed(service.get("tmpfs", []))]
    wanted["secrets"] = [_used(use) for use in service.get("secrets", [])]
    wanted["configs"] = [_used(use) for use in service.get("configs", [])]
    wanted["ports"] = [port for item in service.get("ports", []) for port in _ports(item)]
    wanted["stop"] = ("SIGURG", seconds(service["drain"])) if "drain" in service else (
        service.get("stop_signal"), seconds(service.get("stop_grace_period")))  # fmt: skip
    for key in ("user", "working_dir", "hostname"):
        wanted[key] = meant(expectation.text(service[key])) if key in service else None
    return wanted


def meant(text: str | None) -> str | None:
    """A text of which the author doubled every dollar sign."""
    return None if text is None else str(expectation.meant(text))


def deploy_labels(service: Data) -> Data:
    return {key: meant(str(value)) for key, value in service.get("deploy", {}).get("labels", {}).items()}


def _words(command: Any) -> list[str]:
    """A command as a list, split as a shell would."""
    if isinstance(command, list):
        return [str(meant(expectation.text(word))) for word in command]
    return shlex.split(str(meant(command)))


def _healthcheck(check: Data) -> Data:
    test = check["test"]
    words = ["CMD-SHELL", meant(test)] if isinstance(test, str) else [meant(expectation.text(word)) for word in test]
    return timed({**{key: str(value) for key, value in check.items()}, "test": words})


def seconds(duration: str | None) -> float | None:
    """A duration of Go's, which docker writes in its own way (`5m` as `5m0s`)."""
    units = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
    found = re.findall(r"([\d.]+)(ms|h|m|s)", duration or "")
    return sum(float(number) * units[unit] for number, unit in found) if duration else None


def timed(check: Data) -> Data:
    """A health check with its times in seconds."""
    times = ("interval", "timeout", "start_period")
    return {key: seconds(value) if key in times else value for key, value in check.items()}


def _mount(volume: Any) -> Data:
    found = expectation.mount(volume)
    return {key: "true" if value is True else value for key, value in found.items()}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in_memory(text: str) -> Data:
    """`/tmp:size=1m` as a mount: a stack's own `tmpfs` makes nothing."""
    target, _, size = text.partition(":size=")
    mount: Data = {"type": "tmpfs", "target": target}
    return mount | ({"tmpfs": {"size": str(int(size.removesuffix("m")) * 1024 * 1024)}} if size else {})


def _used(use: Any) -> Data:
    """A use of a secret or a config; its mode is a number to docker."""
    found = {"source": use} if isinstance(use, str) else {key: meant(value) for key, value in use.items()}
    return found | ({"mode": str(int(str(found["mode"]), 8))} if "mode" in found else {})


def _ports(item: Any) -> list[Data]:
    if isinstance(item, dict):
        return [_port(item["target"], item.get("published"), item.get("protocol", "tcp"))]
    mapping, _, protocol = str(item).removeprefix("0.0.0.0:").partition("/")
    published, _, target = mapping.rpartition(":")
    first, _, last = target.partition("-")
    width = int(last or first) - int(first)
    start = int(published.partition("-")[0]) if published else None
    return [
        _port(int(first) + step, None if start is None else start + step, protocol or "tcp")
        for step in range(width + 1)
    ]


def _port(target: int, published: int | None, protocol: str) -> Data:
    host = {} if published is None else {"published": str(published)}
    return {"mode": "host", "target": str(target), **host, "protocol": protocol}


def is_name_of_content(name: str, stack: str) -> bool:
    """Whether it can be a secret's or config's name on a swarm, with the hash of what it holds."""
    return (
        bool(re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", name))
        and bool(re.search(r"-[0-9a-f]{12}\Z", name))
        and name.startswith(stack[:40])
    )
