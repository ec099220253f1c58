"""A service's mounts, read only where it pays: most services of a large file have none that a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.lint.model import Mount, Service


def mounts_naming(service: Service, words: Sequence[str]) -> Sequence[Mount]:
    """All mounts of a service of which one may have one of these words (in lower case) in its text; else none."""
    volumes = service.data.get("volumes")
    if volumes is None:
        return ()
    items = volumes if isinstance(volumes, list) else [volumes]  # one text is read as a list of one
    return service.mounts if _may_name(items, words) else ()


def _may_name(items: list[str], words: Sequence[str]) -> bool:
    try:
        text = "\n".join(items).lower()
    except TypeError:  # one of them is in the long form
        return True
    if "$" in text:
        return True
    for word in words:  # noqa: SIM110  # asked of every service: `any` takes twice as long
        if word in text:
            return True
    return False
