"""Labels of the running containers, compared with Traefik's own and with those of edge.yaml. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.show import shown
from edgegen.deploy.containers import ContainerSeen
from edgegen.explain.engine_view import Inside
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.label_words import faults
from edgegen.verify.checks.check import Hop

_MEND = "fix the label in the Compose file, then run `docker compose up -d`"


def label_reasons(inside: Inside, wanted: Wanted | None) -> Iterator[Reason]:
    """What is wrong with the labels of the containers behind the host."""
    for container in inside.behind:
        yield from _faulty(container, wanted)
        if wanted is not None and wanted.labels:
            yield from _different(container, wanted)


def _faulty(container: ContainerSeen, wanted: Wanted | None) -> Iterator[Reason]:
    for fault in faults(container.labels):
        label = shown(fault.label, 120)
        meant = f"; did you mean `{shown(fault.meant, 120)}`?" if fault.meant else ""
        weight = Weight.CAUSE if fault.drops_container else Weight.REMARK
        yield Reason(
            Hop.ROUTER, weight, f"the label `{label}`: {fault.why}. Traefik {fault.effect.value}{meant}",
            _hint(wanted), wanted.place(fault.label) if wanted else None, drops=fault.drops_container,
        )  # fmt: skip


def _different(container: ContainerSeen, wanted: Wanted) -> Iterator[Reason]:
    running = {name.lower(): value for name, value in container.labels.items()}
    bad = {found.label.lower() for found in faults(container.labels)}
    lacking = [name for name in wanted.labels if name.lower() not in running]
    changed = [name for name, value in wanted.labels.items() if running.get(name.lower(), value) != value]
    extra = sorted(_traefiks(running) - {name.lower() for name in wanted.labels} - bad)
    for name in lacking:
        yield _difference(f"the running container lacks the label `{name}`", name, wanted)
    for name in changed:
        yield _difference(
            f"the label `{name}` is `{shown(running[name.lower()])}` and not as in edge.yaml", name, wanted
        )
    for name in extra:
        yield _difference(
            f"the running container has the label `{shown(name, 120)}`, which is not from edge.yaml", name, wanted
        )


def _traefiks(labels: Mapping[str, str]) -> set[str]:
    return {name for name in labels if name.startswith("traefik.")}


def _difference(sentence: str, label: str, wanted: Wanted) -> Reason:
    return Reason(Hop.ROUTER, Weight.REMARK, sentence, _hint(wanted), wanted.place(label))


def _hint(wanted: Wanted | None) -> str:
    return wanted.mend if wanted else _MEND
