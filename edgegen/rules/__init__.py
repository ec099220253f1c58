"""Cross-domain rules: what nobody can see who knows DNS, edge or registry alone. Pure; one file each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgegen.rules import (
    anonymous_registry_network,
    bind_outside_project,
    buffering_on_registry,
    dashboard_without_users,
    dependency_cycle,
    edge_of_another_project,
    entrypoint_conflict,
    old_traefik,
    open_registry,
    registry_behind_proxy,
    registry_on_several_nodes,
    replicas_with_file_storage,
    same_host_and_path,
    socket_proxy_image,
    tls_challenge_behind_proxy,
    unpinned_image,
    wildcard_without_dns_challenge,
)
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

RULES: tuple[Callable[[Spec], Iterator[Violation]], ...] = (
    registry_behind_proxy.check,
    tls_challenge_behind_proxy.check,
    wildcard_without_dns_challenge.check,
    replicas_with_file_storage.check,
    open_registry.check,
    anonymous_registry_network.check,
    buffering_on_registry.check,
    registry_on_several_nodes.check,
    dashboard_without_users.check,
    same_host_and_path.check,
    entrypoint_conflict.check,
    old_traefik.check,
    unpinned_image.check,
    socket_proxy_image.check,
    dependency_cycle.check,
    bind_outside_project.check,
    edge_of_another_project.check,
)


def violations(spec: Spec) -> list[Violation]:
    """All that the rules have to say, in their order."""
    return [violation for rule in RULES for violation in rule(spec)]


__all__ = ["RULES", "Violation", "violations"]
