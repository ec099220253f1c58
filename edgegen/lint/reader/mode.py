"""What the files of a project are written for: Compose, a swarm, or one can't tell. Pure.

Compose ignores `deploy.labels` and Swarm's Traefik ignores a service's `labels`, so where the labels are decides most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.pattern import late_pattern
from edgegen.lint.model import Mode

_STACK = late_pattern(r"(?:^|[-_.])(?:stack|swarm)s?(?:[-_.]|$)|(?:^|[-_.])stack", re.IGNORECASE)
_ONLY_SWARM = ("placement", "update_config", "rollback_config", "endpoint_mode")
_ONLY_COMPOSE = ("container_name", "restart", "network_mode", "extends", "profiles", "privileged", "links", "scale")
_ONLY_COMPOSE_TOP = ("include", "name", "x-podman")


def mode_of(top: Mapping[str, Any], files: Iterable[str], labelled: Labelled, flags: Iterable[str]) -> Mode:
    """The mode of merged files. `flags` are the words of every command, `labelled` which side has Traefik's labels."""
    provider = _provider(flags)
    if provider is not None:
        return provider
    services = [item for item in mapping(top.get("services")).values() if isinstance(item, dict)]
    swarm, compose = _swarm_signs(top, services), _compose_signs(top, services)
    named = any(_STACK.search(name.rpartition("/")[2]) for name in files)
    if labelled.deploy != labelled.service:
        return _by_labels(labelled, swarm + 2 * named, compose)
    if named or (swarm > 1 and not compose):
        return Mode.SWARM
    if labelled.deploy or (swarm > 1 and compose):
        return Mode.SWARM if swarm > compose else Mode.COMPOSE if compose > swarm + 1 else Mode.UNCLEAR
    return Mode.COMPOSE


class Labelled:
    """Which side of any service has labels of Traefik."""

    __slots__ = ("deploy", "service")

    def __init__(self, services: Mapping[str, Any]) -> None:
        self.service = self.deploy = False
        for item in services.values():
            if isinstance(item, dict):
                self.service = self.service or _has_traefik(item.get("labels"))
                deploy = item.get("deploy")
                self.deploy = self.deploy or (isinstance(deploy, dict) and _has_traefik(deploy.get("labels")))


def _has_traefik(labels: Any) -> bool:
    if isinstance(labels, (dict, list)):
        return any(isinstance(item, str) and item[:7].lower() == "traefik" for item in labels)
    return False


def _by_labels(labelled: Labelled, swarm: int, compose: int) -> Mode:
    if labelled.deploy:
        # The mistake of a Compose file with `deploy.labels` looks like one that `docker stack` would not even take.
        return Mode.UNCLEAR if compose > swarm + 1 else Mode.SWARM
    return Mode.UNCLEAR if swarm > compose + 1 else Mode.COMPOSE


def _provider(flags: Iterable[str]) -> Mode | None:
    """What the Traefik of the project reads, if it is here."""
    found: Mode | None = None
    for flag in flags:
        name, equals, value = flag.lower().partition("=")
        is_on = not equals or value in ("true", "1", "t")
        if name.startswith("--providers.swarm") and (is_on or name != "--providers.swarm"):
            return Mode.SWARM
        if name == "--providers.docker.swarmmode" and is_on:
            return Mode.SWARM
        if name == "--providers.docker" and is_on:
            found = Mode.COMPOSE
    return found


def _swarm_signs(top: Mapping[str, Any], services: list[dict[str, Any]]) -> int:
    signs: int = 0
    for item in services:
        deploy = mapping(item.get("deploy"))
        signs += any(key in deploy for key in _ONLY_SWARM) + (deploy.get("mode") == "global")
    networks = mapping(top.get("networks")).values()
    overlays: int = sum(isinstance(item, dict) and item.get("driver") == "overlay" for item in networks)
    return signs + overlays


def _compose_signs(top: Mapping[str, Any], services: list[dict[str, Any]]) -> int:
    signs: int = sum(key in top for key in _ONLY_COMPOSE_TOP)
    for item in services:
        signs += any(key in item for key in _ONLY_COMPOSE)
        signs += isinstance(item.get("depends_on"), dict) or ("build" in item and "image" not in item)
    return signs
