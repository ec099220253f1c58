"""Cross-domain rules: what only shows with DNS, edge and registry together. Pure; one file each, one line here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from edgegen.rules.inventory import Inventory
from edgegen.rules.rule import Rule
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.targets import Target, find_target

RULE_FILES = (
    "registry_behind_proxy",
    "tls_challenge_behind_proxy",
    "allow_list_behind_proxy",
    "rate_limit_behind_proxy",
    "wildcard_without_dns_challenge",
    "replicas_with_file_storage",
    "open_registry",
    "local_registry",
    "anonymous_registry_network",
    "buffering_on_registry",
    "registry_on_several_nodes",
    "uploads_cut",
    "dashboard_without_users",
    "same_host_and_path",
    "entrypoint_conflict",
    "tcp_without_hello",
    "tcp_behind_proxy",
    "service_off_the_edge",
    "network_mode_of_a_routed_service",
    "old_traefik",
    "newer_than_traefik",
    "unpinned_image",
    "socket_proxy_image",
    "dependency_cycle",
    "file_outside_project",
    "edge_of_another_project",
    "no_edge",
    "no_domains",
    "labels_of_traefik",
    "traefik_labels_read",
    "traefik_labels_of_edgegen",
    "traefik_labels_complete",
    "traefik_labels_protection",
    "port_on_all_interfaces",
    "port_on_internal_network",
    "traefik_flags_replaced",
    "lookalike_host",
    "key_without_host",
    "words_of_another_proxy",
    "unused_middleware",
    "settings_of_no_host",
    "example_email",
)
LABEL_RULE_FILES = frozenset(file for file in RULE_FILES if file.startswith("traefik_labels_"))
"""Rules about `traefik_labels`. They know much about Traefik: a spec without any does not load them."""
DISK_RULE_FILES = ("build_context_with_secrets",)
"""Rules that also check what is on the disk, as given by an inventory."""


RULES: tuple[Rule, ...] = tuple(Rule(__name__, file) for file in RULE_FILES)
DISK_RULES: tuple[Rule, ...] = tuple(Rule(__name__, file) for file in DISK_RULE_FILES)


def violations(spec: Spec, written: Spec | None = None) -> list[Violation]:
    """What the target can't do, all violations of the rules in their order, then what the target leaves out.

    `written`: the spec before its variables had values. A target may mind the variable itself.
    """
    target = find_target(spec.target)
    remarks = target.remarks(spec) if target else ()
    return [
        *_impossible(target, spec, written or spec),
        *(violation for rule in _asked(spec) for violation in rule.violations(spec)),
        *(Violation(item.path, item.message, item.hint, refused=False) for item in remarks),
    ]


def _asked(spec: Spec) -> Iterator[Rule]:
    """The rules that may find something."""
    idle = {file for may_find, files in _ONLY_WITH for file in files if not may_find(spec)}
    return (rule for rule in RULES if rule.file not in idle)


def _has_labels(spec: Spec) -> bool:
    return any(service.labels_by_hand for service in spec.services.values())


def _has_tcp(spec: Spec) -> bool:
    return any(service.own_entrypoint is not None for service in spec.services.values())


def _has_proxied(spec: Spec) -> bool:
    return any(
        domain.proxied or any(host.proxied for host in domain.hosts.values()) for domain in spec.domains.values()
    )


def _has_url(spec: Spec) -> bool:
    asked = any(service.asks_url for service in spec.services.values())
    return asked or any(item.kind == "forward-auth" for _, _, item in spec.middleware_places())


def _has_extra(spec: Spec) -> bool:
    return bool(spec.extra or spec.edge.extra or any(service.extra for service in spec.services.values()))


_ONLY_WITH: tuple[tuple[Callable[[Spec], bool], Collection[str]], ...] = (
    (_has_labels, LABEL_RULE_FILES),
    (_has_tcp, ("tcp_without_hello", "tcp_behind_proxy")),
    (_has_proxied, ("allow_list_behind_proxy", "rate_limit_behind_proxy", "tcp_behind_proxy")),
    (_has_url, ("service_off_the_edge",)),
    (_has_extra, ("network_mode_of_a_routed_service",)),
    (lambda spec: bool(spec.middlewares), ("unused_middleware",)),
)
"""What a rule is about, where it finds nothing without it. A rule that is not here is always asked."""


def _impossible(target: Target | None, spec: Spec, written: Spec) -> Iterator[Violation]:
    if target is None:
        return
    found = list(target.complaints(spec))
    places = {item.path for item in found}
    if written is not spec:
        found += (item for item in target.complaints(written) if item.path not in places)
    yield from (Violation(item.path, item.message, item.hint) for item in found)


def violations_on_disk(spec: Spec, inventory: Inventory) -> list[Violation]:
    """All violations of the rules about the disk, in their order."""
    return [violation for rule in DISK_RULES for violation in rule.violations(spec, inventory)]


__all__ = ["DISK_RULES", "RULES", "Inventory", "Rule", "Violation", "violations", "violations_on_disk"]
