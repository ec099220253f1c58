"""Two entrypoints on one port.

What it does
    Compares the addresses of all entrypoints, with the one that Traefik makes itself: `traefik` on :8080, for
    `api.insecure`, ping and metrics.

Why
    The second one can't listen (`bind: address already in use`), and Traefik exits.

Example
    `--entrypoints.web.address=:8080` with `--api.insecure=true`

Instead
    `--entrypoints.web.address=:80`, or a separate address for the entrypoint `traefik`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import Address, judged, listening

RULE = Rule("EL046", "entrypoints-on-one-port", Severity.HIGH)
_ALL = ("", "0.0.0.0", "::")  # noqa: S104  # compared, not bound


def check(project: Project) -> Iterator[Found]:
    """Each pair that can't both listen."""
    for item in judged(project):
        for (first, _, there), (second, spot, here) in combinations(listening(item), 2):
            if _collide(there, here):
                message = f"the entrypoints `{shown(first)}` and `{shown(second)}` both listen on port {here.port}"
                yield Found(
                    item.subject, f"{message}, and Traefik does not start", spot, "give one of them another port"
                )


def _collide(one: Address, two: Address) -> bool:
    if (one.port, one.protocol) != (two.port, two.protocol):
        return False
    return one.host == two.host or one.host in _ALL or two.host in _ALL
