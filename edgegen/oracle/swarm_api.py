"""A swarm's manager that only answers questions: the end points that Traefik's swarm provider asks.

`SwarmApi` serves `/services`, `/tasks`, `/networks`, `/nodes/ID` and `/info` in addition to those of `EngineApi`, in
the shapes that a real manager answered in (kept with the tests, and compared by one). A service is a
name, its labels (of `deploy`), its container's labels, its networks, and as many running tasks as it is given
addresses.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from edgegen.core.errors import BugError
from edgegen.oracle.engine_api import API_VERSION, OLDEST_VERSION, EngineApi

Service = Mapping[str, Any]
"""`name`, `labels`, `networks` (name -> address, or list of addresses); also `container_labels`, `mode` (`dnsrr`)."""
NODE = "node1node1node1node1node1"
DATE = "2026-01-01T00:00:00.000000000Z"


class SwarmApi(EngineApi):
    """A context manager like `EngineApi`, of services instead of containers."""

    def __init__(self, services: Iterable[Service] = (), *, socket_path: Path | None = None) -> None:
        super().__init__((), socket_path=socket_path)
        services = list(services)
        self._services = [_service(service) for service in services]
        self._tasks = [task for service in services for task in _tasks(service)]
        names = dict.fromkeys(name for service in services for name in service["networks"])
        self._networks = [_network(name) for name in names]

    def answer(self, path: str, query: str = "") -> Any:
        """The JSON of a path, or None for a 404."""
        if path == "/version":
            return {"ApiVersion": API_VERSION, "MinAPIVersion": OLDEST_VERSION, "Version": "29.0.0", "Os": "linux"}
        if path == "/info":
            return {"Swarm": {"NodeID": NODE, "LocalNodeState": "active", "ControlAvailable": True, "Managers": 1}}
        if path == f"/nodes/{NODE}":
            return _node()
        listed = {"/services": self._services, "/tasks": self._tasks, "/networks": self._networks}.get(path)
        return None if listed is None else [item for item in listed if _passes(item, _filters(query))]


def _filters(query: str) -> dict[str, set[str]]:
    """`filters={"service": {"ID": true}}`, as the engine's API takes them."""
    found = parse_qs(query).get("filters", ["{}"])[0]
    return {key: set(values) for key, values in json.loads(found).items()}


def _passes(item: Mapping[str, Any], filters: Mapping[str, set[str]]) -> bool:
    own = {
        "service": item.get("ServiceID"),
        "desired-state": item.get("DesiredState"),
        "scope": item.get("Scope"),
        "id": item.get("ID"),
    }
    unknown = filters.keys() - own.keys()
    if unknown:
        raise BugError(f"the oracle's swarm has no filters {sorted(unknown)}")
    return all(own[key] in wanted for key, wanted in filters.items())


def identity(*words: object) -> str:
    """The id of an object that has these names."""
    return hashlib.sha256(" ".join(map(str, words)).encode()).hexdigest()[:25]


def _spec(service: Service) -> dict[str, Any]:
    return {
        "ContainerSpec": {
            "Image": service.get("image", "x:1"),
            "Labels": dict(service.get("container_labels", {})),
            "Isolation": "default",
        },
        "Networks": [
            {"Target": identity("network", name), "Aliases": [service["name"]]} for name in service["networks"]
        ],
        "ForceUpdate": 0,
    }


def _service(service: Service) -> dict[str, Any]:
    endpoint: dict[str, Any] = {"Mode": service.get("mode", "dnsrr")}
    virtual: dict[str, Any] = {}
    if endpoint["Mode"] == "vip":
        virtual["VirtualIPs"] = [
            {"NetworkID": identity("network", name), "Addr": f"{_listed(addresses)[0]}/24"}
            for name, addresses in service["networks"].items()
        ]
    return {
        "ID": identity("service", service["name"]),
        "Version": {"Index": 10},
        "CreatedAt": DATE,
        "UpdatedAt": DATE,
        "Spec": {
            "Name": service["name"],
            "Labels": dict(service["labels"]),
            "TaskTemplate": {**_spec(service), "Runtime": "container"},
            "Mode": {"Replicated": {"Replicas": _replicas(service)}},
            "EndpointSpec": endpoint,
        },
        "Endpoint": {"Spec": endpoint, **virtual},
    }


def _replicas(service: Service) -> int:
    return max((len(_listed(addresses)) for addresses in service["networks"].values()), default=1)


def _listed(addresses: str | list[str]) -> list[str]:
    return [addresses] if isinstance(addresses, str) else addresses


def _tasks(service: Service) -> list[dict[str, Any]]:
    return [_task(service, slot) for slot in range(_replicas(service))]


def _task(service: Service, slot: int) -> dict[str, Any]:
    container = hashlib.sha256(f"{service['name']} {slot}".encode()).hexdigest()
    return {
        "ID": identity("task", service["name"], slot),
        "Version": {"Index": 12},
        "CreatedAt": DATE,
        "UpdatedAt": DATE,
        "Labels": {},
        "Spec": _spec(service),
        "ServiceID": identity("service", service["name"]),
        "Slot": slot + 1,
        "NodeID": NODE,
        "Status": {
            "Timestamp": DATE,
            "State": "running",
            "Message": "started",
            "ContainerStatus": {"ContainerID": container, "PID": 100 + slot, "ExitCode": 0},
            "PortStatus": {},
        },
        "DesiredState": "running",
        "NetworksAttachments": [
            {"Network": _attached(name), "Addresses": [f"{_listed(addresses)[slot]}/24"]}
            for name, addresses in service["networks"].items()
        ],
    }


def _attached(name: str) -> dict[str, Any]:
    return {
        "ID": identity("network", name),
        "Version": {"Index": 9},
        "CreatedAt": DATE,
        "UpdatedAt": DATE,
        "Spec": {"Name": name, "Labels": {}, "DriverConfiguration": {"Name": "overlay"}, "Scope": "swarm"},
        "DriverState": {"Name": "overlay"},
        "IPAMOptions": {"Driver": {"Name": "default"}, "Configs": [{"Subnet": "10.0.0.0/24", "Gateway": "10.0.0.1"}]},
    }


def _network(name: str) -> dict[str, Any]:
    return {
        "Name": name,
        "Id": identity("network", name),
        "Created": DATE,
        "Scope": "swarm",
        "Driver": "overlay",
        "EnableIPv6": False,
        "IPAM": {"Driver": "default", "Options": None, "Config": [{"Subnet": "10.0.0.0/24", "Gateway": "10.0.0.1"}]},
        "Internal": False,
        "Attachable": True,
        "Ingress": False,
        "ConfigFrom": {"Network": ""},
        "ConfigOnly": False,
        "Containers": None,
        "Options": {"com.docker.network.driver.overlay.vxlanid_list": "4097"},
        "Labels": {},
    }


def _node() -> dict[str, Any]:
    return {
        "ID": NODE,
        "Version": {"Index": 8},
        "CreatedAt": DATE,
        "UpdatedAt": DATE,
        "Spec": {"Labels": {}, "Role": "manager", "Availability": "active"},
        "Description": {
            "Hostname": "one",
            "Platform": {"Architecture": "x86_64", "OS": "linux"},
            "Resources": {"NanoCPUs": 1_000_000_000, "MemoryBytes": 1_000_000_000},
            "Engine": {"EngineVersion": "29.0.0"},
        },
        "Status": {"State": "ready", "Addr": "127.0.0.1"},
        "ManagerStatus": {"Leader": True, "Reachability": "reachable", "Addr": "127.0.0.1:2377"},
    }
