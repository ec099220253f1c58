"""Whether Traefik can read the rule of a router, in the syntax that counts for it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgegen.lint.edge import Defined, Edge
from edgegen.traefik.rule_words import Syntax, default_syntax, rule_fault
from edgegen.traefik.version import Version

if TYPE_CHECKING:
    from edgegen.traefik.rule_syntax import Section


def section_of(router: Defined) -> Section:
    """Where its rule belongs."""
    return "tcp" if router.section == "tcp" else "http"


def syntax_of(edge: Edge, router: Defined, version: Version | None) -> Syntax | None:
    """The syntax of its rule; None where nobody knows."""
    if not router.knows("rulesyntax"):
        return None
    configured = edge.traefik.static.get("core.defaultrulesyntax") if edge.traefik else None
    said = router.text("rulesyntax").lower()
    if said in ("v2", "v3"):
        return "v2" if said == "v2" else "v3"
    return default_syntax(version, configured.text if configured else "")


def fault_of(edge: Edge, router: Defined, version: Version | None) -> str:
    """Why Traefik of this version can't read its rule; empty where it can, or nobody knows."""
    syntax = syntax_of(edge, router, version)
    return (rule_fault(router.text("rule"), syntax, section_of(router), version) if syntax else None) or ""
