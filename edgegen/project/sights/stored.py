"""A store of certificates that is read out of a container."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from edgegen.certificates.store import parse_acme
from edgegen.core.errors import OutsideError
from edgegen.project.sights.base import Kept

if TYPE_CHECKING:
    from edgegen.deploy.container_file import ContainerFile


def kept(read: Callable[[], ContainerFile | None], shown: str) -> Kept:
    """What was read, or why nothing could be."""
    try:
        found = read()
    except OutsideError as error:
        hint = error.problems[0].hint
        return Kept(unseen=f"{shown} was not read: {error}{f' ({hint})' if hint else ''}")
    return Kept(parse_acme(found.content, found.mode, shown) if found else None)
