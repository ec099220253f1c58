"""The places of a text that has none, because it is empty or nobody can know what is in it."""

from __future__ import annotations

from edgegen.core.location import Path


class Nowhere:
    """See `edgegen.lint.model.Places`."""

    def index(self, path: Path, *, key: bool = False) -> int:  # noqa: ARG002  # every path leads to the beginning
        """The first character."""
        return 0
