"""Random specs for target swarm: those of Compose without what a swarm refuses, and with what only it has."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.properties import specs
from tests.properties.specs import Data, Draw, Sample

REFUSED = ("platform", "pull_policy", "profiles", "shm_size", "group_add", "devices", "privileged", "build")
PINNED = {"placement": {"constraints": ["node.hostname == one", "node.platform.os == linux"]}}
UPDATES = {"order": "stop-first", "parallelism": 2, "delay": "5s", "monitor": "10s", "failure_action": "pause"}
_STOPS = {"stop_signal", "stop_grace_period"}
deploys = st.fixed_dictionaries(
    {},
    optional={
        "replicas": st.integers(0, 5), "labels": st.just({"mine": "$$x {{y}}"}), "update_config": st.just(UPDATES),
        "restart_policy": st.sampled_from([{"condition": "any"}, {"condition": "none", "delay": "1s", "max_attempts": 3}]),
        "resources": st.just({"limits": {"cpus": 0.5, "memory": "128m", "pids": 50}, "reservations": {"memory": "64m"}}),
        "placement": st.just({"preferences": [{"spread": "node.labels.zone"}], "max_replicas_per_node": 2}),
    },
)  # fmt: skip
PORTS = [
    "18080:80",
    "0.0.0.0:18081:81/tcp",
    "53:53/udp",
    9000,
    "7000-7002:7000-7002",
    {"target": 82, "published": 18082},
]


@st.composite
def swarm_specs(draw: Draw) -> Sample:
    """A spec that edgegen should take with target swarm."""
    sample = draw(specs.specs())
    data = copy.deepcopy(sample.data)
    data["target"] = "swarm"
    for network in (data.get("networks") or {}).values():
        if network:
            network.pop("driver", None)
            if not network.get("external") and draw(st.booleans()):
                network["encrypted"] = True
    if "bind" in (data.get("edge") or {}):
        del data["edge"]["bind"]
    for service in data.get("services", {}).values():
        if service.get("kind", "container") in ("container", "tcp"):
            _container(draw, service)
    for name in _with_error_pages(data):
        deploy = data["services"][name].get("deploy", {})
        if deploy.get("replicas") == 0:  # refused: Traefik would know no service with these pages
            deploy["replicas"] = 1
    return replace(sample, data=data)


def _with_error_pages(data: Data) -> set[str]:
    """The services whose pages others show."""
    used = [use for service in data.get("services", {}).values() for use in service.get("middlewares", [])]
    declared = [*data.get("middlewares", {}).values(), *(use for use in used if isinstance(use, dict))]
    return {str(item["service"]) for item in declared if item.get("kind") == "errors"}


def _container(draw: Draw, service: Data) -> None:
    for key in REFUSED:
        service.pop(key, None)
    if "ports" in service:
        service["ports"] = draw(st.lists(st.sampled_from(PORTS), unique_by=str))
    service.pop("deploy", None)
    if draw(st.integers(0, 99)) > 60:
        _deployed(draw, service)
    pinned = "placement" in service.get("deploy", {}) and "constraints" in service["deploy"]["placement"]
    if pinned:
        for volume in filter(_is_bind, service.get("volumes", [])):
            volume["source"] = f"/srv/{volume['source'].lstrip('./~')}"
    else:
        kept = [volume for volume in service.get("volumes", []) if not _is_bind(volume)]
        service["volumes"] = kept
    if draw(st.integers(0, 99)) > 80 and service.get("host") and not _STOPS & service.keys():
        for key in ("ports", "volumes", "deploy"):  # with these, the old task may stop first
            service.pop(key, None)
        service["drain"] = draw(st.sampled_from(["6s", "5m", "1m30s"]))
    if service.get("host") and service.get("kind") != "tcp" and draw(st.booleans()):
        service["health_path"] = draw(st.sampled_from(["/up", "/a b?c=$d", "/ü"]))


def _deployed(draw: Draw, service: Data) -> None:
    """`deploy:`, which must not say what other keys say, nor scale what stands on one node."""
    deploy = dict(draw(deploys))
    has_volume = any(_is_named(volume) for volume in service.get("volumes", []))
    if has_volume or not service.get("volumes"):
        deploy.pop("placement", None)
    if has_volume:
        deploy.pop("replicas", None)
    elif service.get("volumes") and draw(st.booleans()):
        deploy |= PINNED
    if {"cpus", "mem_limit"} & service.keys():
        deploy.pop("resources", None)
    service["deploy"] = deploy


def _is_bind(volume: Any) -> bool:
    return isinstance(volume, dict) and volume.get("type") == "bind"


def _is_named(volume: Any) -> bool:
    if isinstance(volume, dict):
        return volume.get("type", "volume") == "volume" and "source" in volume
    return ":" in volume
