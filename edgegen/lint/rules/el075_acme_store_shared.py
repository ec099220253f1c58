"""A certificate store that several Traefiks write.

What it does
    Reports a Traefik with certificates resolvers that runs more than once (`replicas`, or `mode: global`), and one
    store that two Traefiks of the project have.

Why
    Traefik has no lock on the file: each one writes what it knows over what the other wrote. The challenge of one
    arrives at the other. Certificates come and go, and orders are repeated until the limit is reached.

Example
    `deploy: {replicas: 2}` with `--certificatesresolvers.le.acme.storage=/acme/acme.json`

Instead
    One replica with host-mode ports; or certificates from another program, and the file provider.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.data import items
from edgegen.core.finding import Severity
from edgegen.lint.model import Mode, Project, Service
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.acme import Store, stores

RULE = Rule("EL075", "acme-store-shared", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each Traefik that runs several times, and each store of two."""
    seen: dict[tuple[str, str, str], Store] = {}
    told: set[str] = set()
    for store in stores(project):
        traefik = store.service
        if traefik.name not in told and (count := _count(project, traefik)):
            told.add(traefik.name)
            message = f"{count}, and each writes over the certificates of the others"
            yield Found(traefik.name, message, store.spot, "run one Traefik that orders certificates")
        other = seen.setdefault(store.key, store).service
        if store.place is not None and other.name != traefik.name:
            yield Found(
                traefik.name,
                f"`{traefik.name}` and `{other.name}` have the same store of certificates, and write over each other's",
                store.spot,
                "give each its own file",
            )


def _count(project: Project, traefik: Service) -> str:
    if traefik.replicas is not None and traefik.replicas > 1:
        return f"`{traefik.name}` runs {traefik.replicas} times"
    if traefik.is_global and project.mode is not Mode.COMPOSE and not _one_node(traefik):
        return f"`{traefik.name}` runs on every node of the swarm"
    return ""


def _one_node(traefik: Service) -> bool:
    """Whether a placement constraint may leave a single node."""
    return any("node." in str(item) for item in items(traefik.data, "deploy", "placement", "constraints"))
