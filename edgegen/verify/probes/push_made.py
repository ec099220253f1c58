"""What a push has made in a registry: to be taken away again, whatever happened."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob that the registry has taken."""

    digest: str
    size: int


@dataclass(slots=True)
class Made:
    """Sessions that are open, blobs, and the manifest's digest."""

    uploads: dict[object, str] = field(default_factory=dict)
    """Upload -> the URL at which it is cancelled."""
    blobs: list[str] = field(default_factory=list)
    manifest: str = ""
