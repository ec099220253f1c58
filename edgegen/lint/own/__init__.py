"""What lint reports without a rule: its own matters, and what the real Traefik says. Pure; one file each."""

from __future__ import annotations

from edgegen.lint.own.el000_not_seen import RULE as NOT_SEEN
from edgegen.lint.own.el199_unused_suppression import RULE as UNUSED

OWN_FILES = (
    "el000_not_seen",
    "el199_unused_suppression",
    "el900_traefik_says",
    "el901_traefik_not_asked",
    "el902_rule_and_traefik_disagree",
)

__all__ = ["NOT_SEEN", "OWN_FILES", "UNUSED"]
