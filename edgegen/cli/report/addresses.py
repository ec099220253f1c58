"""Where the services of a spec answer: one line for each public name that does not only redirect. Pure."""

from __future__ import annotations

from edgegen.desired.endpoints import endpoints
from edgegen.endpoints import Endpoint, Kind
from edgegen.spec.edge import Spec

MOST = 20


def addresses(spec: Spec) -> list[str]:
    """`https://www.example.com/  web`, in the spec's order. Names that only redirect are left out."""
    found = {_address(item): item.name for item in endpoints(spec) if item.kind is not Kind.REDIRECT}
    width = max(map(len, found), default=0)
    rows = [f"{address:<{width}}  {name}" for address, name in found.items()]
    return rows if len(rows) <= MOST else [*rows[:MOST], f"… and {len(rows) - MOST} more"]


def _address(endpoint: Endpoint) -> str:
    if not endpoint.speaks_http:
        return f"{endpoint.host}:{endpoint.port}"
    # A wildcard has no address to open: it is shown as it is written.
    return f"https://{endpoint.subject}" if endpoint.subject.startswith("*.") else endpoint.url
