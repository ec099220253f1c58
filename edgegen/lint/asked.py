"""The rules that may find something in a project. Most projects need two thirds of them, and load no others. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgegen.lint.edge import edge_of
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Check, Rule
from edgegen.lint.rules import RULE_FILES, rule_of
from edgegen.lint.views.image import may_be_registry


def asked(project: Project) -> Iterator[tuple[Rule, Check]]:
    """These rules with their checks, in the order of their ids."""
    idle = {file for may_find, files in _ONLY_WITH for file in files if not may_find(project)}
    return (rule_of(file) for file in RULE_FILES if file not in idle)


def _has_middlewares(project: Project) -> bool:
    return "middlewares" in edge_of(project).by_kind


def _has_tcp(project: Project) -> bool:
    return any(item.section == "tcp" for item in edge_of(project).defined)


def _has_dashboard(project: Project) -> bool:
    return any(router.text("service").lower() == "api@internal" for router in edge_of(project).of("routers", "http"))


def _has_registry(project: Project) -> bool:
    return any(map(may_be_registry, project.services.values()))


def _has_traefik(project: Project) -> bool:
    return bool(project.traefiks)


def _has_expression(project: Project) -> bool:
    options = (option for traefik in project.traefiks for option in traefik.static.options)
    return any(option.endswith((".constraints", ".defaultrule")) for option in options)


def _is_built(project: Project) -> bool:
    return any(service.built for service in project.services.values())


def _has_dynamic_file(project: Project) -> bool:
    return bool(project.dynamic)


def _has_two_routers(project: Project) -> bool:
    return len(edge_of(project).by_kind.get("routers", ())) > 1


def _has_internal_network(project: Project) -> bool:
    return any(network.internal for network in project.networks.values())


def _is_for_swarm(project: Project) -> bool:
    return project.mode is Mode.SWARM


_ONLY_WITH: tuple[tuple[Callable[[Project], bool], tuple[str, ...]], ...] = (
    (
        _has_middlewares,
        (
            "el003_allow_list_sees_proxy",
            "el004_middleware_unused",
            "el033_hash_in_label",
            "el034_hash_unreadable",
            "el037_forward_auth_defaults",
            "el104_users_file_missing",
            "el106_option_cannot_work",
        ),
    ),
    (_has_tcp, ("el030_sni_without_tls", "el111_resolver_with_passthrough")),
    (_has_dashboard, ("el069_dashboard_without_users", "el070_dashboard_rule")),
    (
        _has_registry,
        (
            "el085_open_registry",
            "el086_registry_users_ignored",
            "el087_registry_read_timeout",
            "el088_registry_buffering",
            "el089_registry_replicated",
            "el090_registry_variables",
            "el091_registry_config_path",
            "el092_registry_cache_open",
        ),
    ),
    (
        _has_traefik,
        (
            "el040_static_option_unknown",
            "el041_static_option_of_another_version",
            "el042_static_value",
            "el043_flags_not_read",
            "el044_mixed_sources",
            "el046_entrypoints_on_one_port",
            "el047_redirect_to_nowhere",
            "el048_acme_challenge",
            "el050_file_provider",
            "el051_exposed_by_default",
            "el052_provider_network",
            "el054_api_without_router",
            "el055_healthcheck_without_ping",
            "el058_entrypoint_reference",
            "el060_traefik_refused_by_docker",
            "el061_docker_api_version",
            "el062_unpinned_traefik",
            "el063_traefik_end_of_life",
            "el064_docker_socket_in_traefik",
            "el068_api_insecure",
            "el071_ping_or_metrics_public",
            "el072_acme_store_lost",
            "el073_acme_store_mode",
            "el074_acme_store_folder",
            "el075_acme_store_shared",
            "el078_acme_staging",
            "el080_acme_challenge_port",
            "el082_dns_credentials_missing",
            "el083_dns_credentials_plain",
            "el084_tls_challenge_behind_proxy",
            "el093_forwarded_headers_insecure",
            "el105_port_without_entrypoint",
            "el114_docker_out_of_reach",
        ),
    ),
    (_has_expression, ("el038_constraint_excludes", "el053_provider_expression")),
    (_has_two_routers, ("el115_route_overtaken",)),
    (_has_internal_network, ("el116_internal_port",)),
    (_is_built, ("el077_secret_in_build_context",)),
    (
        _has_dynamic_file,
        ("el056_dynamic_file_refused", "el059_file_word_deprecated", "el119_certificate_file_missing"),
    ),
    (
        _is_for_swarm,
        (
            "el017_provider_mixed",
            "el096_loopback_port_on_swarm",
            "el099_stack_refused",
            "el112_stack_key_ignored",
            "el113_stack_variables",
            "el117_swarm_manager",
            "el118_swarm_restart",
        ),
    ),
)
"""What a rule is about, where it finds nothing without it. A rule that is not here is always asked."""
