"""What is kept of an answer once it was seen: a run over a thousand hosts shall not hold a thousand pages. Pure."""

from __future__ import annotations

from dataclasses import replace

from edgegen.verify.observation import AddressSeen, RegistrySeen, Response, Trouble

KEPT = 2048
"""Bytes of a body. What checks look for (Traefik's own 404, a registry's JSON, a page's title) stands before."""


def slim(seen: AddressSeen) -> AddressSeen:
    """The same, with every body cut to its beginning. Where an answer broke off, checks say how much had come."""
    return replace(
        seen,
        answers=_cut(seen.answers),
        plain=_cut(seen.plain),
        exposed=_cut(seen.exposed),
        registry=_registry(seen.registry) if seen.registry else None,
    )


def _registry(seen: RegistrySeen) -> RegistrySeen:
    return replace(
        seen,
        anonymous=_short(seen.anonymous),
        wrong=_short(seen.wrong) if seen.wrong else None,
        right=_short(seen.right) if seen.right else None,
    )


def _cut(responses: tuple[Response, ...]) -> tuple[Response, ...]:
    return tuple(map(_short, responses))


def _short(response: Response) -> Response:
    broken = response.failure is not None and response.failure.trouble is not Trouble.TOO_LARGE
    return response if broken or len(response.body) <= KEPT else replace(response, body=response.body[:KEPT])
