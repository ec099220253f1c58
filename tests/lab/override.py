"""The user's own file beside the rendered one, which Compose lays over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

OVERRIDE = "compose.override.yaml"
_SOON = {"interval": "1s"}


class Yaml(str):
    """A value that is written as it stands, tags included."""


def text(services: Mapping[str, Mapping[str, Any]]) -> str:
    """The file with these changes."""
    return _yaml({"services": services})


def hasty(compose: Mapping[str, Any], services: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The changes, and every service asked for its health each second.

    This engine asks for the first time when an interval is over: `up` would wait for ten seconds in which nothing
    happens.
    """
    slow = {name for name, service in compose["services"].items() if "interval" in service.get("healthcheck", {})}
    soon = {name: {"healthcheck": _SOON} for name in sorted(slow)}
    return {name: {**soon.get(name, {}), **services.get(name, {})} for name in {**soon, **services}}


def _yaml(value: Any) -> str:
    """JSON, which is YAML, with room for Compose's own tags."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return str(value) if isinstance(value, Yaml) else json.dumps(value)
