"""`cert list`: the certificates of a project's store, and those that its live hosts send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from edgegen.certificates.held import Holdings, Served, held, label
from edgegen.certificates.store import CertificateStore
from edgegen.endpoints import Endpoint
from edgegen.net.answer import in_words
from edgegen.verify.observation import AddressSeen, Observation

if TYPE_CHECKING:
    from edgegen.project.sights import Asked
    from edgegen.verify.engine import Progress
    from edgegen.verify.settings import Settings


def gather(
    project: Path, environment: str | None, settings: Settings | None, progress: Progress, asked: Asked
) -> Holdings:
    """The project's store, and with `settings` its live hosts. Nothing is changed, and no password is sent.

    Raises SpecError, RefusedError and LocalIOError; what the network does is data.
    """
    from edgegen.desired.endpoints import endpoints
    from edgegen.files.acme_read import read_leaves
    from edgegen.project.sights import Kept, sight_of
    from edgegen.project.verify import with_local_authority
    from edgegen.spec.load import load

    loaded = load(project, environment)
    wanted = endpoints(loaded.spec, loaded.locate)
    other = loaded.spec.edge.use or ""
    local = loaded.spec.acme.is_local and not other
    # With another project's edge, an acme.json here is left from this project's own earlier edge.
    if other or local:
        found = Kept(None if other else read_leaves(project))
    else:
        found = sight_of(loaded.spec.target, asked).store(loaded, project)
    seen = _look(wanted, with_local_authority(settings, wanted, project), progress) if settings else None
    return replace(holdings(wanted, found.store, seen), kept_by=other, unseen=found.unseen)


def _look(wanted: Sequence[Endpoint], settings: Settings, progress: Progress) -> tuple[Observation, ...]:
    from edgegen.verify.engine import look
    from edgegen.verify.look.trust import Trust

    return look(wanted, settings, trust=Trust.load(settings.ca_file), progress=progress)


def holdings(
    endpoints: Sequence[Endpoint], store: CertificateStore | None, observations: Iterable[Observation] | None
) -> Holdings:
    """The store and what was observed, together. `observations` None: the live hosts were not checked."""
    return held(endpoints, store, None if observations is None else tuple(_served(observations)))


def _served(observations: Iterable[Observation]) -> Iterable[Served]:
    """Each address of each host once: endpoints that differ in their path share them."""
    found: dict[tuple[str, str], Served] = {}
    for seen in observations:
        host = label(seen.endpoint)
        for item in seen.addresses:
            one = Served(host, item.address, item.tls.certificate if item.tls else None, _why(item))
            known = found.get((host, item.address))
            if known is None or known.certificate is None:
                found[host, item.address] = one
    return found.values()


def _why(seen: AddressSeen) -> str:
    if seen.not_public:
        return "it is not a public address, and the spec does not name it"
    failure = seen.connect or (seen.tls.failure if seen.tls else None)
    if failure is not None:
        return in_words(failure)
    return "" if seen.tls and seen.tls.certificate else "it was not checked"
