"""What `dns status` found of each record set, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edgegen.dns.propagation import Spread
    from edgegen.lookup import Reply


def text(item: Spread, *, verbose: bool) -> Iterator[str]:
    """One line; where something is wrong, or with `verbose`, what each server says."""
    yield f"{item.verdict:<24} {item.kind.value:<5} {item.name} -> {', '.join(item.wanted) or 'nothing'}"
    if item.verdict == "ok" and not verbose:
        return
    yield f"    at the provider: {', '.join(item.at_provider) or 'nothing'}"
    for reply in (*item.at_authorities, *([item.resolved] if item.resolved else [])):
        where = "resolver" if reply is item.resolved else "authority"
        said = ", ".join(reply.values) or reply.status.value
        yield f"    {where} {reply.server}: {said}{f' ({reply.detail})' if reply.detail else ''}"


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
