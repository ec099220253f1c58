"""Takes away what a push has made: sessions that are open, the manifest, the blobs."""

from __future__ import annotations

from contextlib import suppress

from edgegen.verify.observation import Step, StepSeen
from edgegen.verify.push.exchange import BrokenError, Exchange
from edgegen.verify.push.image import MANIFEST
from edgegen.verify.push.made import Made

_GONE = (200, 202, 204, 404)
_OFF = (400, 403, 405, 501)
"""Answers of a registry that deletes nothing, or not for this user; 405 is what the specification names."""


def clean(exchange: Exchange, made: Made) -> bool | None:
    """Whether all is gone again; None where the registry deletes nothing. The steps say more.

    A session that was cut within a request can't be cancelled (the registry has more than its newest `Location`
    knows of); every registry forgets such sessions by itself.
    """
    for url in made.uploads.values():
        _delete(exchange, url)
    named = [f"manifests/{made.manifest}"] if made.manifest else []
    steps = [_delete(exchange, f"{exchange.base}/{path}") for path in [*named, *(f"blobs/{one}" for one in made.blobs)]]
    if steps and all(step.status in _OFF for step in steps):
        return None
    return all(step.status in _GONE for step in steps) and not _is_there(exchange, made)


def _delete(exchange: Exchange, url: str) -> StepSeen:
    with suppress(BrokenError):
        exchange.do(Step.DELETE, "DELETE", url, want=(*_GONE, *_OFF))
    return exchange.steps[-1]


def _is_there(exchange: Exchange, made: Made) -> bool:
    """Whether the manifest can still be pulled after it was deleted."""
    if not made.manifest:
        return False
    url = f"{exchange.base}/manifests/{made.manifest}"
    with suppress(BrokenError):
        exchange.do(Step.DELETE, "HEAD", url, want=(404,), headers={"Accept": MANIFEST})
    return not exchange.steps[-1].ok
