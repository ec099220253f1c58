"""What a spec asks for and a swarm can't do: every complaint has its place, a reason and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts import (
    complaints_build,
    complaints_drain,
    complaints_edge,
    complaints_keys,
    complaints_mounts,
    complaints_names,
    complaints_networks,
    complaints_ports,
    complaints_templates,
    complaints_variables,
    complaints_volumes,
)

CHECKS: tuple[Callable[[Spec], Iterator[Complaint]], ...] = (
    complaints_keys.check,
    complaints_build.check,
    complaints_ports.check,
    complaints_volumes.check,
    complaints_mounts.check,
    complaints_templates.check,
    complaints_variables.check,
    complaints_networks.check,
    complaints_names.check,
    complaints_edge.check,
    complaints_drain.check,
)


def complaints(spec: Spec) -> Iterator[Complaint]:
    """All of them."""
    for check in CHECKS:
        yield from check(spec)
