"""A key that `docker stack deploy` refuses.

What it does
    Reports, in a file for a swarm, what Compose takes and `docker stack deploy` refuses: keys that a stack does not
    have (a top-level `name`, `profiles`, `pull_policy`, `mem_limit` of a service, `content` of a config, `host_ip` of a
    port), `depends_on` as a map, the long form of `env_file`, a published port as a text, `true` or `false` without
    quotes as the value of a label or a variable, `build` without `image`, and a network with the driver `bridge`.

Why
    The whole stack is refused, with the path of one key: `(root) Additional property name is not allowed`.

Example
    `depends_on: {db: {condition: service_healthy}}` in a stack

Instead
    `depends_on: [db]`, which a swarm ignores, or no `depends_on`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from edgegen.compose.stack_keys import (
    IGNORED,
    OF_CONFIGS,
    OF_DEPLOY,
    OF_JOINED,
    OF_NETWORKS,
    OF_PORTS,
    OF_SECRETS,
    OF_VOLUMES,
    TAKEN,
    TOP_LEVEL,
)
from edgegen.core.data import items, mapping
from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Mode, Project, Service, Spot
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL099", "stack-refused", Severity.HIGH)

_HINTS = {
    "name": "name the stack when you deploy it",
    "content": "put the text into a file: `file: NAME`",
    "environment": "put the value into a file, or create it by hand and write `external: true`",
}
_TEXTS = (("labels",), ("environment",), ("deploy", "labels"))
"""Mappings of a service whose values can't be `true` or `false`."""


def check(project: Project) -> Iterator[Found]:
    """Each of them, in a file that is meant for a swarm."""
    if project.mode is not Mode.SWARM or not project.files:
        return
    for key in project.top:
        if not _is_taken(key, TOP_LEVEL):
            file = next((item for item in project.files if f"{key}:" in item.text), project.files[0])
            yield _found(key, f"a top-level `{shown(key)}`", Spot(file, (key,), True), _HINTS.get(key, ""))
    for service in project.services.values():
        yield from _of_service(service)
    for network in project.networks.values():
        if network.spot is not None:
            data = mapping(project.top.get("networks")).get(network.key)
            yield from _unknown(network.key, data, OF_NETWORKS, network.spot, "a network")
            if network.driver == "bridge" and not network.external:
                yield _of_one_host(network.key, network.spot.at("driver"))
    for sources, taken, what in (
        (project.volumes, OF_VOLUMES, "a volume"),
        (project.configs, OF_CONFIGS, "a config"),
        (project.secrets, OF_SECRETS, "a secret"),
    ):
        for source in sources.values():
            yield from _unknown(source.key, source.data, taken, source.spot, what)


def _of_service(service: Service) -> Iterator[Found]:
    data = service.data
    yield from _unknown(service.name, data, TAKEN | IGNORED.keys(), service.spot, "a service")
    yield from _unknown(service.name, data.get("deploy"), OF_DEPLOY, service.spot.at("deploy"), "`deploy`")
    for network, joined in mapping(data.get("networks")).items():
        at = service.spot.at("networks", network)
        yield from _unknown(service.name, joined, OF_JOINED, at, "the network of a service")
    yield from _shapes(service)
    for path in _TEXTS:
        texts: Any = data
        for key in path:
            texts = mapping(texts).get(key)
        for name, value in mapping(texts).items():
            if isinstance(value, bool):
                word, spot = str(value).lower(), service.spot.at(*path, name)
                what = f"`{word}` without quotes as the value of `{shown(name)}`"
                yield _found(service.name, what, spot, f'write `"{word}"`')


def _of_one_host(key: str, spot: Spot) -> Found:
    message = (
        f"no service of a swarm can join `{shown(key)}`: a `bridge` ends at its host, and the deployment stops there"
    )
    return Found(key, message, spot, "write `driver: overlay`, or remove it: a network of a stack is an overlay")


def _shapes(service: Service) -> Iterator[Found]:
    """Values in a form that only Compose has."""
    if service.built and service.image is None and not service.partial:
        hint = "build and push it, and name the image here: a swarm builds nothing"
        yield _found(service.name, "a service without `image`", service.spot.at("build", key=True), hint)
    if isinstance(service.data.get("depends_on"), dict):
        hint = "write a list: a swarm starts its services in any order"
        yield _found(service.name, "`depends_on` as a map", service.spot.at("depends_on", key=True), hint)
    for index, port in enumerate(items(service.data, "ports")):
        at = service.spot.at("ports", index)
        yield from _unknown(service.name, port, OF_PORTS, at, "a port")
        for key in ("published", "target"):
            number = mapping(port).get(key)
            if isinstance(number, str) and number.isdecimal():
                hint = f"write `{key}: {number}` without quotes"
                yield _found(service.name, f"a `{key}` that is a text", at.at(key), hint)
    for index, item in enumerate(items(service.data, "env_file")):
        if isinstance(item, dict):
            yield _found(service.name, "the long form of `env_file`", service.spot.at("env_file", index))


def _unknown(subject: str, data: object, taken: Collection[str], spot: Spot, what: str) -> Iterator[Found]:
    for key in mapping(data):
        if not _is_taken(key, taken) or (key.startswith("x-") and taken is OF_DEPLOY):
            hint = _HINTS.get(key, "") if what in ("a config", "a secret") else ""
            yield _found(subject, f"`{shown(key)}` of {what}", spot.at(key, key=True), hint)


def _is_taken(key: str, taken: Collection[str]) -> bool:
    return key in taken or key.startswith("x-")


def _found(subject: str, what: str, spot: Spot, hint: str = "") -> Found:
    return Found(subject, f"`docker stack deploy` refuses {what}, and the whole stack with it", spot, hint)
