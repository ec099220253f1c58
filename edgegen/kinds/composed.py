"""What the user wrote for Compose, as the file has it: variables stay variables, every other `$` is doubled."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict, replace

from edgegen.compose.emit import Interpolation
from edgegen.compose.model import Service
from edgegen.spec.variables import written


def composed(value: Any) -> Any:
    """A value of one of Compose's own keys. Names of mappings stay as they are: Compose does not look into them."""
    if isinstance(value, str):
        return Interpolation(written(value)) if "$" in value and not isinstance(value, Interpolation) else value
    if isinstance(value, dict):
        return {key: composed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [composed(item) for item in value]
    return value


def composed_service(service: Service) -> Service:
    """A service of which everything comes from the user."""
    given = ((name, value) for name, value in asdict(service).items() if value is not None)
    return replace(service, **{name: composed(value) for name, value in given})
