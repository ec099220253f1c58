"""Networks that no overlay can be, and addresses that Swarm gives itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint


def check(spec: Spec) -> Iterator[Complaint]:
    """Declared networks, then how services join them."""
    for name, network in spec.networks.items():
        at: Path = ("networks", name)
        if not network.external:
            yield from _driver(network.driver, at)
        if network.enable_ipv6 is not None and network.enable_ipv6 is not False:
            yield Complaint((*at, "enable_ipv6"), "overlays of a swarm have no IPv6", "remove it", at_key=True)
    for name, options in mapping(spec.extra.get("networks")).items():
        yield from _driver(mapping(options).get("driver"), ("extra", "networks", name))
    for name, service in spec.containers.items():
        for network_name, use in service.networks.items():
            for key in ("ipv4_address", "ipv6_address"):
                if getattr(use, key) is not None:
                    message = "Swarm gives each task its address: a fixed one would be ignored"
                    hint = "remove it: other services find this one by its name, or by `aliases`"
                    yield Complaint(("services", name, "networks", network_name, key), message, hint, at_key=True)


def _driver(driver: Any, at: Path) -> Iterator[Complaint]:
    if driver not in (None, "overlay"):
        message = f"services of a swarm can't join a network with the driver `{driver}`: it ends at its host"
        yield Complaint((*at, "driver"), message, "remove `driver`: it is an overlay then")
