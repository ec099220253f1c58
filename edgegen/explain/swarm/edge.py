"""The edge of a swarm's stack: whether Traefik and its socket proxy run, and what keeps them from it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.explain.reason import Reason, Weight
from edgegen.explain.swarm.tasks import trouble
from edgegen.explain.swarm.view import SwarmInside
from edgegen.explain.wanted import Wanted
from edgegen.verify.checks.check import Hop

_OUTER = (Hop.TCP, Hop.TLS, Hop.ENTRYPOINT)


def edge_reasons(seen: SwarmInside, wanted: Wanted | None) -> Iterator[Reason]:
    """Without Traefik, every link from here on is broken; without its socket proxy it sees no service."""
    whose = f" of stack `{wanted.edge_project}`" if wanted and wanted.edge_is_shared else ""
    if seen.edge is None:
        hint = f"`edgegen up`{whose and ' in that project'} deploys it"
        yield from (Reason(hop, Weight.EXPLAINS, f"Traefik{whose} has no service", hint) for hop in _OUTER)
    elif found := trouble(seen, seen.edge):
        sentence = f"Traefik does not run: {found.sentence}"
        yield from (Reason(hop, Weight.EXPLAINS, sentence, found.hint) for hop in _OUTER)
    if seen.proxy is not None and (found := trouble(seen, seen.proxy)):
        sentence = f"Traefik's socket proxy does not run, so Traefik sees no services: {found.sentence}"
        yield Reason(Hop.ROUTER, Weight.EXPLAINS, sentence, found.hint, drops=True)
