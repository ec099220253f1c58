"""What `dns status` found of each record set, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from edgegen.cli.console import printable
from edgegen.cli.screen import BOLD, GREEN, RED, YELLOW, Screen
from edgegen.core.columns import wrapped

if TYPE_CHECKING:
    from edgegen.dns.propagation import Spread
    from edgegen.lookup import Reply


_VERDICT = 24
_HANGING = " " * 4
_COLOURS = {"ok": GREEN, "not looked up": YELLOW}


def text(seen: Sequence[Spread], *, verbose: bool, screen: Screen) -> str:
    """One line for each; where something is wrong, or with `verbose`, what each server says."""
    widest = _VERDICT if screen.width is None else max((len(item.verdict) for item in seen), default=0)
    return "\n".join(line for item in seen for line in _lines(item, widest, screen, verbose=verbose))


def _lines(item: Spread, widest: int, screen: Screen, *, verbose: bool) -> Iterator[str]:
    name, verdict = printable(item.name), f"{item.verdict:<{widest}}"
    before = f"{verdict} {item.kind.value:<5} "
    wanted = printable(", ".join(item.wanted) or "nothing")
    first, *more = wrapped(f"-> {wanted}", screen.width, lead=f"{before}{name} ", hanging=_HANGING, fold=True)
    colour = screen.colour(verdict, _COLOURS.get(item.verdict, RED))
    yield f"{colour}{before[len(verdict) :]}{screen.colour(name, BOLD)}{first[len(before) + len(name) :]}"
    yield from more
    if item.verdict != "ok" or verbose:
        for said in _said(item):
            yield from wrapped(printable(said), screen.width, lead=_HANGING, hanging=_HANGING * 2, fold=True)


def _said(item: Spread) -> Iterator[str]:
    yield f"at the provider: {', '.join(item.at_provider) or 'nothing'}"
    for reply in (*item.at_authorities, *([item.resolved] if item.resolved else [])):
        where = "resolver" if reply is item.resolved else "authority"
        said = ", ".join(reply.values) or reply.status.value
        yield f"{where} {reply.server}: {said}{f' ({reply.detail})' if reply.detail else ''}"


def as_json(item: Spread) -> dict[str, object]:
    """Its object in the JSON result."""
    return {
        "name": item.name,
        "type": item.kind.value,
        "verdict": item.verdict,
        "wanted": list(item.wanted),
        "provider": list(item.at_provider),
        "authorities": [_reply_json(reply) for reply in item.at_authorities],
        "resolver": _reply_json(item.resolved) if item.resolved else None,
    }


def _reply_json(reply: Reply) -> dict[str, object]:
    return {"server": str(reply.server), "status": reply.status.value, "values": list(reply.values)}
