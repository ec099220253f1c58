"""One change to every HTTP answer that was seen at an address. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from edgegen.verify.observation import AddressSeen, RegistrySeen, Response

Change = Callable[[Response], Response]


def changed(seen: AddressSeen, change: Change) -> AddressSeen:
    """The same address with each of its answers changed."""
    return replace(
        seen,
        answers=tuple(map(change, seen.answers)),
        plain=tuple(map(change, seen.plain)),
        exposed=tuple(map(change, seen.exposed)),
        registry=_registry(seen.registry, change) if seen.registry else None,
    )


def _registry(seen: RegistrySeen, change: Change) -> RegistrySeen:
    return replace(
        seen,
        anonymous=change(seen.anonymous),
        wrong=change(seen.wrong) if seen.wrong else None,
        right=change(seen.right) if seen.right else None,
    )
