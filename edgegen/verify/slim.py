"""What is kept of an answer once it was seen: a run over a thousand hosts shall not hold a thousand pages. Pure."""

from __future__ import annotations

from dataclasses import replace

from edgegen.verify.every_answer import changed
from edgegen.verify.observation import AddressSeen, Response, Trouble

KEPT = 2048
"""Bytes of a body. What checks look for (Traefik's own 404, a registry's JSON, a page's title) stands before."""


def slim(seen: AddressSeen) -> AddressSeen:
    """The same, with every body cut to its beginning. Where an answer broke off, checks say how much had come."""
    return changed(seen, _short)


def _short(response: Response) -> Response:
    broken = response.failure is not None and response.failure.trouble is not Trouble.TOO_LARGE
    return response if broken or len(response.body) <= KEPT else replace(response, body=response.body[:KEPT])
