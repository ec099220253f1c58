"""Labels of the running containers, compared with Traefik's own and with those of edge.yaml. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgegen.core.show import shown
from edgegen.deploy.containers import ContainerSeen
from edgegen.explain.engine_view import Inside
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.label_words import Fault, faults
from edgegen.verify.checks.check import Hop


class Read(Struct, frozen=True):
    """Who reads the labels of what: a word for it, and Traefik's provider."""

    what: str = "container"
    provider: str = "docker"
    mend: str = "fix the label in the Compose file, then run `docker compose up -d`"


OF_CONTAINERS = Read()


def label_reasons(inside: Inside, wanted: Wanted | None, read: Read = OF_CONTAINERS) -> Iterator[Reason]:
    """What is wrong with the labels of the containers behind the host, or of the service on a swarm."""
    for container in inside.behind:
        found = faults(container.labels, read.provider)
        yield from _faulty(found, wanted, read)
        if wanted is not None and wanted.labels:
            yield from _different(container, found, wanted, read)


def _faulty(found: Sequence[Fault], wanted: Wanted | None, read: Read) -> Iterator[Reason]:
    for fault in found:
        label = shown(fault.label, 120)
        meant = f"; did you mean `{shown(fault.meant, 120)}`?" if fault.meant else ""
        weight = Weight.CAUSE if fault.drops_container else Weight.REMARK
        yield Reason(
            Hop.ROUTER, weight, f"the label `{label}`: {fault.why}. Traefik {fault.effect.value}{meant}",
            wanted.mend if wanted else read.mend, wanted.place(fault.label) if wanted else None,
            drops=fault.drops_container,
        )  # fmt: skip


def _different(container: ContainerSeen, found: Sequence[Fault], wanted: Wanted, read: Read) -> Iterator[Reason]:
    running = {name.lower(): value for name, value in container.labels.items()}
    bad = {fault.label.lower() for fault in found}
    lacking = [name for name in wanted.labels if name.lower() not in running]
    changed = [name for name, value in wanted.labels.items() if running.get(name.lower(), value) != value]
    extra = {name for name in running if name.startswith("traefik.")} - {name.lower() for name in wanted.labels} - bad
    differences = [
        *((name, f"the running {read.what} lacks the label `{name}`") for name in lacking),
        *(
            (name, f"the label `{name}` is `{shown(running[name.lower()])}` and not as in edge.yaml")
            for name in changed
        ),
        *(
            (name, f"the running {read.what} has the label `{shown(name, 120)}`, which is not from edge.yaml")
            for name in sorted(extra)
        ),
    ]
    for name, sentence in differences:
        yield Reason(Hop.ROUTER, Weight.REMARK, sentence, wanted.mend, wanted.place(name))
