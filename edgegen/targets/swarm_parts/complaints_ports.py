"""Published ports that a swarm would open wider than the spec says, or that can't be written for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.core.data import items, mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import service_layers
from edgegen.spec.ports import on_host
from edgegen.spec.problems import Complaint
from edgegen.spec.variables import has_variables, split
from edgegen.targets.swarm_parts.ports import EVERYWHERE

_NO_ADDRESS = "remove the address if everybody may reach the port, or remove the port: the edge and other services"


def check(spec: Spec) -> Iterator[Complaint]:
    """Ports of services, those under `extra:` too."""
    for layers in service_layers(spec, ("ports",)).values():
        for keys, at in layers:
            for index, port in enumerate(items(keys.get("ports"))):
                found = list(_port(port, (*at, "ports", index)))
                yield from found or (_ingress(port, (*at, "ports", index)) if "extra" in at else ())


def _ingress(port: Any, at: Path) -> Iterator[Complaint]:
    """edgegen doesn't translate what is under `extra`."""
    if mapping(port).get("mode") != "host":
        yield Complaint(
            at,
            "under `extra` edgegen doesn't translate a port: it would be Swarm's ingress, which excludes the names that"
            " services use",
            "write `{target: 80, published: 8080, mode: host}`",
        )


def _port(port: Any, at: Path) -> Iterator[Complaint]:
    text = str(port)
    if isinstance(port, dict):
        yield from _long(port, at)
    elif has_variables(text) and len(split(text, ":")) == 1:
        yield Complaint(
            at,
            f"`{text}` is wholly a variable: a stack needs the two ports apart, and only Compose splits them later",
            'write it as `"${PUBLISHED}:80"`, or `{target: 80, published: "${PUBLISHED}"}`',
        )
    elif address := on_host(text).address:
        yield from _address(address, at)
    elif "-" in text:
        yield from _range(text, at)


def _long(port: dict[str, Any], at: Path) -> Iterator[Complaint]:
    if address := port.get("host_ip"):
        yield from _address(str(address), (*at, "host_ip"))
    if port.get("mode") == "ingress":
        yield Complaint(
            (*at, "mode"),
            "edgegen publishes ports on the node of the task: Swarm's ingress and the names that services use exclude"
            " each other",
            "write `mode: host`, and pin the service to a node by `deploy.placement` if the node matters",
        )
    published = str(port.get("published") or "")
    if "-" in published and not has_variables(published):
        yield Complaint((*at, "published"), f"a stack can't choose from `{published}`", "name one port")


def _range(text: str, at: Path) -> Iterator[Complaint]:
    mapping = split(split(text, "/")[0], ":")
    widths = {_width(ports) for ports in mapping if not has_variables(ports)}
    if len(widths) > 1:
        yield Complaint(at, f"a stack can't choose a port from the range in `{text}`", "name one port")


def _width(ports: str) -> int:
    first, dash, last = ports.partition("-")
    return int(last) - int(first) if dash else 0


def _address(address: str, at: Path) -> Iterator[Complaint]:
    if address not in EVERYWHERE:
        yield Complaint(
            at,
            f"a swarm publishes on every address of the node: `{address}` would be ignored, and the port open to all",
            f"{_NO_ADDRESS} reach the container without it",
        )
