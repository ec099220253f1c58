"""Which containers Traefik sees: the expressions of a provider's `constraints`, written and evaluated.

Source: Traefik's reference, "Docker provider, constraints", and pkg/provider/constraints/constraints_labels.go.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from edgegen.traefik.expression import Expression


def only_label(name: str, value: str) -> str:
    """An expression that only containers with this label satisfy. Raises ValueError for a backtick."""
    if "`" in name + value:
        raise ValueError("a backtick would end the expression's text")
    return f"Label(`{name}`,`{value}`)"


def lets_through(expression: str, labels: Mapping[str, str]) -> bool | None:
    """Whether a container with these labels is seen; None for an expression that can't be read here."""
    if not expression.strip():
        return True
    try:
        return _Constraint(expression, labels).whole()
    except (ValueError, re.error, RecursionError):
        return None


class _Constraint(Expression[bool]):
    """An expression as what it says about a container's labels."""

    def __init__(self, text: str, labels: Mapping[str, str]) -> None:
        super().__init__(text)
        self._labels = labels

    def some(self, items: list[bool]) -> bool:
        return any(items)

    def every(self, items: list[bool]) -> bool:
        return all(items)

    def negated(self, item: bool) -> bool:
        return not item

    def call(self, name: str, args: list[str]) -> bool:
        key, value = args
        present = self._labels.get(key, "")  # Traefik treats a missing label like an empty one
        match name:
            case "Label":
                return present == value
            case "LabelRegex":
                return re.search(value, present) is not None
        raise ValueError(f"`{name}` is not known here")
