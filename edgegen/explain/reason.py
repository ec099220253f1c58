"""Reasons that were found inside, and the chain of links with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State


class Weight(IntEnum):
    """How a reason affects its link, from least to most."""

    REMARK = 0
    """Worth mentioning; it may be why a link is broken."""
    EXPLAINS = 1
    """Explains a broken link, and says nothing about a good one: a log line may be old."""
    CAUSE = 2
    """Breaks a link that was not seen; what was seen to work, works."""
    FAULT = 3
    """Breaks a link whatever else was seen."""


class Reason(Struct, frozen=True):
    """Why a link is as it is. `drops`: Traefik has no router for the host, so it asks for no certificate either."""

    hop: Hop
    weight: Weight
    sentence: str
    hint: str = ""
    where: Location | None = None
    drops: bool = False


def joined(links: Iterable[Link], reasons: Iterable[Reason]) -> tuple[Link, ...]:
    """The links with their reasons, the weightiest first."""
    found = sorted(dict.fromkeys(reasons), key=lambda reason: -reason.weight)
    return tuple(_with(link, _of(link, found)) for link in links)


def _of(link: Link, reasons: Sequence[Reason]) -> list[Reason]:
    own = [reason for reason in reasons if reason.hop is link.hop]
    if own or link.hop is not Hop.TLS or link.state is not State.BROKEN:
        return own
    return [reason for reason in reasons if reason.drops]


def _with(link: Link, reasons: Sequence[Reason]) -> Link:
    if link.state is State.BROKEN and reasons:
        return _and_also(link.because(reasons[0].sentence, reasons[0].hint, reasons[0].where), reasons[1:])
    breaking = Weight.FAULT if link.state is State.GOOD else Weight.CAUSE
    if reasons and reasons[0].weight >= breaking:
        first = reasons[0]
        broken = Link(link.hop, State.BROKEN, first.sentence, first.where or link.where, first.hint, link.also)
        return _and_also(broken, reasons[1:])
    return _and_also(link, [reason for reason in reasons if reason.weight is not Weight.EXPLAINS])


def _and_also(link: Link, reasons: Iterable[Reason]) -> Link:
    return replace(link, also=tuple(dict.fromkeys((*link.also, *(reason.sentence for reason in reasons)))))
