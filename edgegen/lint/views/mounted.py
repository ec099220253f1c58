"""A service's mounts, read only where it pays: most services of a large file have none that a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.lint.model import Mount, Service


def mounts_naming(service: Service, words: Sequence[str]) -> Sequence[Mount]:
    """All mounts of a service of which one may have one of these words (in lower case) in its text; else none."""
    volumes = service.data.get("volumes")
    items = volumes if isinstance(volumes, list) else (volumes,)  # one text is read as a list of one
    return service.mounts if any(_may_name(item, words) for item in items if item is not None) else ()


def _may_name(item: object, words: Sequence[str]) -> bool:
    if not isinstance(item, str) or "$" in item:
        return True
    text = item.lower()
    return any(word in text for word in words)
