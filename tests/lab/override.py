"""The user's own file beside the rendered one, which Compose lays over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

OVERRIDE = "compose.override.yaml"
_SOON = {"interval": "1s"}
_PATIENT = {"start_period": "60s"}
"""What is rendered has six tries of ten seconds each: six seconds would be too few on a busy machine."""


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
    checks = {name: service.get("healthcheck", {}) for name, service in sorted(compose["services"].items())}
    soon = {
        name: {"healthcheck": {**_SOON, **(_PATIENT if "start_period" in check else {})}}
        for name, check in checks.items()
        if "interval" in check
    }
    return {name: {**soon.get(name, {}), **services.get(name, {})} for name in {**soon, **services}}


def _yaml(value: Any) -> str:
    """JSON, which is YAML, with room for Compose's own tags."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_yaml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return str(value) if isinstance(value, Yaml) else json.dumps(value)
