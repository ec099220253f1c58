"""The places of a text that has none: it is empty, or what is in it can't be told."""

from __future__ import annotations

from edgegen.core.location import Path


class Nowhere:
    """See `edgegen.lint.model.Places`."""

    def index(self, path: Path, *, key: bool = False) -> int:  # noqa: ARG002  # every path leads to the beginning
        """The first character."""
        return 0
