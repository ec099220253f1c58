"""Cross-domain rules: what nobody can see who knows DNS, edge or registry alone. Pure; one file each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgegen.rules import (
    anonymous_registry_network,
    bind_outside_project,
    buffering_on_registry,
    build_context_with_secrets,
    dashboard_without_users,
    dependency_cycle,
    edge_of_another_project,
    entrypoint_conflict,
    labels_of_traefik,
    local_registry,
    newer_than_traefik,
    no_domains,
    no_edge,
    old_traefik,
    open_registry,
    port_on_all_interfaces,
    registry_behind_proxy,
    registry_on_several_nodes,
    replicas_with_file_storage,
    same_host_and_path,
    socket_proxy_image,
    tls_challenge_behind_proxy,
    traefik_labels_complete,
    traefik_labels_of_edgegen,
    traefik_labels_protection,
    traefik_labels_read,
    unpinned_image,
    wildcard_without_dns_challenge,
)
from edgegen.rules.inventory import Inventory
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.targets import find_target

RULES: tuple[Callable[[Spec], Iterator[Violation]], ...] = (
    registry_behind_proxy.check,
    tls_challenge_behind_proxy.check,
    wildcard_without_dns_challenge.check,
    replicas_with_file_storage.check,
    open_registry.check,
    local_registry.check,
    anonymous_registry_network.check,
    buffering_on_registry.check,
    registry_on_several_nodes.check,
    dashboard_without_users.check,
    same_host_and_path.check,
    entrypoint_conflict.check,
    old_traefik.check,
    newer_than_traefik.check,
    unpinned_image.check,
    socket_proxy_image.check,
    dependency_cycle.check,
    bind_outside_project.check,
    edge_of_another_project.check,
    no_edge.check,
    no_domains.check,
    labels_of_traefik.check,
    traefik_labels_read.check,
    traefik_labels_of_edgegen.check,
    traefik_labels_complete.check,
    traefik_labels_protection.check,
    port_on_all_interfaces.check,
)

DISK_RULES: tuple[Callable[[Spec, Inventory], Iterator[Violation]], ...] = (build_context_with_secrets.check,)
"""Rules that also judge what lies on the disk, as an inventory tells it."""


def violations(spec: Spec) -> list[Violation]:
    """What the target can't do, then all that the rules have to say, in their order."""
    target = find_target(spec.target)
    impossible = target.complaints(spec) if target else ()
    return [
        *(Violation(complaint.path, complaint.message, complaint.hint) for complaint in impossible),
        *(violation for rule in RULES for violation in rule(spec)),
    ]


def violations_on_disk(spec: Spec, inventory: Inventory) -> list[Violation]:
    """All that the rules have to say about the disk, in their order."""
    return [violation for rule in DISK_RULES for violation in rule(spec, inventory)]


__all__ = ["DISK_RULES", "RULES", "Inventory", "Violation", "violations", "violations_on_disk"]
