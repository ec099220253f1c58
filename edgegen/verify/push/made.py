"""What a push has made in a registry, and whether the registry has got the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from edgegen.verify.observation import Response


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob that the registry has taken."""

    digest: str
    size: int


@dataclass(slots=True)
class Made:
    """Sessions that are open, blobs, and the manifest's digest: to be taken away again, whatever happened."""

    uploads: dict[object, str] = field(default_factory=dict)
    """Upload -> the URL at which it is cancelled."""
    blobs: list[str] = field(default_factory=list)
    manifest: str = ""


def other_digest(digest: str, answer: Response) -> str:
    """What is wrong with the digest that an answer names, or ""; one that names none may do so."""
    found = answer.header("docker-content-digest")
    return f"the registry says that it has {found[:80]}, and {digest} was sent" if found not in ("", digest) else ""
