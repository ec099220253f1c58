"""The closed list of lint's rules. Pure; one file each, and one line here."""

from __future__ import annotations

import importlib
from functools import cache

from edgegen.lint.rule import Check, Rule

RULE_FILES = (
    "el001_label_dropped",
    "el002_label_ignored",
    "el004_middleware_unused",
    "el005_middleware_undefined",
    "el006_service_undefined",
    "el007_transport_undefined",
    "el008_tls_options_undefined",
    "el009_resolver_undefined",
    "el010_entrypoint_undefined",
    "el011_network_label",
    "el012_network_ambiguous",
    "el013_network_not_shared",
    "el014_port_missing",
    "el015_port_invalid",
    "el016_labels_misplaced",
    "el017_provider_mixed",
    "el018_rule_invalid",
    "el019_rule_missing",
    "el020_service_ambiguous",
    "el021_defined_twice",
    "el022_servers_mixed",
    "el023_name_with_at",
    "el024_same_rule",
    "el025_priority_too_high",
    "el026_generic_name",
    "el027_not_enabled",
    "el028_default_rule",
    "el029_tls_mismatch",
    "el030_sni_without_tls",
    "el031_default_certificate",
    "el032_dollar_not_doubled",
    "el033_hash_in_label",
    "el034_hash_unreadable",
    "el035_option_refused",
    "el036_label_deprecated",
    "el037_forward_auth_defaults",
    "el038_constraint_excludes",
    "el100_file_refused",
    "el101_number_rewritten",
)


@cache
def rules() -> tuple[tuple[Rule, Check], ...]:
    """All rules with their checks, in the order of their ids."""
    modules = (importlib.import_module(f"{__name__}.{name}") for name in RULE_FILES)
    return tuple((module.RULE, module.check) for module in modules)
