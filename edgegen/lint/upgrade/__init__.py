"""`lint --upgrade`: what of these files changes its meaning, stops Traefik or loses a route with a newer Traefik. Pure.

One file a step, like a rule: its docstring is its page, `RULE` and `check(way)` are its names.
"""

from __future__ import annotations

import importlib
from functools import cache

from msgspec.structs import replace

from edgegen.lint.model import Project
from edgegen.lint.results import Result, bound, in_order
from edgegen.lint.rule import Rule
from edgegen.lint.upgrade.way import Step, Way
from edgegen.traefik.version import Version

OF_IMAGE = "EL200"
UPGRADE_FILES = (
    "el200_image_pinned",
    "el201_rule_of_version_2",
    "el202_option_gone",
    "el203_swarm_mode",
    "el204_option_without_effect",
    "el205_label_revealed",
    "el206_rule_matches_others",
    "el207_users_empty",
    "el208_docker_api_version",
    "el209_reference_of_swarm",
    "el210_read_timeout",
    "el211_health_check_url",
)


@cache
def steps() -> tuple[tuple[Rule, Step], ...]:
    """All steps, in the order of their ids."""
    modules = (importlib.import_module(f"{__name__}.{name}") for name in UPGRADE_FILES)
    return tuple((module.RULE, module.check) for module in modules)


def changes(project: Project, old: Version, new: Version, written: set[str] | None = None) -> list[Result]:
    """What changes for this project between the two Traefiks, in the order of its places.

    `written` is the memory of a way with several rounds of fixes: hand the same set to each.
    """
    if new <= old:
        return []
    way = Way(project, old, new, set() if written is None else written)
    return _together(in_order((bound(rule, item) for rule, check in steps() for item in check(way)), project))


def _together(results: list[Result]) -> list[Result]:
    """Without any fix, where that of the image's tag is missing: the old Traefik would read what the others write."""
    stays = any(item.finding.id == OF_IMAGE and item.fix is None for item in results)
    return [replace(item, fix=None) for item in results] if stays else results
