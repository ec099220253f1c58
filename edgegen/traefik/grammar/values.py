"""A single value against the type that Traefik reads it into."""

from __future__ import annotations

from edgegen.core.show import shown
from edgegen.traefik.go_values import is_decimal, is_duration, is_flag, is_number
from edgegen.traefik.grammar.type import Type


def value_fault(value: str, kind: Type) -> str:
    """Why Traefik can't read it; empty where it can."""
    match kind.kind:
        case "flag" if not is_flag(value):
            return f"`{shown(value)}` is not `true` or `false`"
        case "number" if not is_number(value, kind.bits):
            return f"`{shown(value)}` is not a whole number"
        case "decimal" if not is_decimal(value):
            return f"`{shown(value)}` is not a number"
        case "duration" if not is_duration(value):
            return f"`{shown(value)}` is not a duration like `30s`"
        case "decimals":
            return next((why for item in value.split(",") if value and (why := value_fault(item.strip(), _ONE))), "")
    return ""


_ONE = Type("decimal")
