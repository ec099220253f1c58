"""Rules of routers as they stand in labels and files: which one Traefik disables the router for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from edgegen.core.show import shown
from edgegen.traefik.since import host_takes_wildcards
from edgegen.traefik.version import Version

if TYPE_CHECKING:
    from edgegen.traefik.rule_syntax import Section

Syntax = Literal["v2", "v3"]


def rule_fault(
    text: str, syntax: Syntax = "v3", section: Section = "http", version: Version | None = None
) -> str | None:
    """Why Traefik can't read the rule; None where it can. The router is then disabled, and the log says so.

    An empty one is not read: it counts as none.
    """
    if not text:
        return None
    try:
        if syntax == "v2":
            from edgegen.traefik.rule_v2 import check_v2  # most rules need neither this nor the other syntax

            check_v2(text, section)
        else:
            _check_v3(text, section, version)
    except ValueError as error:
        return str(error)
    return None


def _check_v3(text: str, section: Section, version: Version | None) -> None:
    from edgegen.traefik.rule_syntax import matches, parse_rule

    rule = parse_rule(text, section)
    if section == "tcp" and not host_takes_wildcards(version):
        for match in matches(rule):
            if match.name == "HostSNI" and match.args[0].startswith("*."):
                raise ValueError(f"before Traefik 3.7 `{shown(match.args[0])}` is not a host for HostSNI")


def default_syntax(version: Version | None, configured: str = "") -> Syntax:
    """The syntax of a router that names none. `configured`: the static option `core.defaultRuleSyntax`."""
    if version is not None and version.major < 3:
        return "v2"
    return "v2" if configured.lower() == "v2" else "v3"


def fault_of_version_2(text: str, section: Section = "http") -> bool:
    """Whether it is a rule of Traefik 2 that Traefik 3 can't read: `rulesyntax=v2` would do."""
    return rule_fault(text, "v3", section) is not None and rule_fault(text, "v2", section) is None
