"""`traefik_labels` that Traefik does not read as intended.

What it does
    Refuses a label for which Traefik drops the container, or the routes of every container, and one whose value it
    reads as false. A word that it silently ignores is reported.

Why
    Traefik logs at most one line, and the service is gone.

Example
    `traefik_labels: {traefik.http.routers.own.tls.certresolvers: letsencrypt}`

Instead
    The intended word: `tls.certresolver`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.rules.label_keys import is_traefiks
from edgegen.rules.label_world import decides, world
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.label_words import Effect, Fault, faults

ID = "ER023"


def check(spec: Spec) -> Iterator[Violation]:
    """What is wrong with the words and values, together with edgegen's own labels of the container."""
    known = world(spec)
    for service, labels in (known.added if known else {}).items():
        own = known.own[service] if known else {}
        for label in labels:
            if not is_traefiks(label) and not faults({label: labels[label]}):
                yield Violation(
                    ("services", service, "traefik_labels", label),
                    f"`{shown(label, 120)}` is not a label of Traefik", "write it under `labels:`",
                )  # fmt: skip
        unseen = known.unseen[service] if known else frozenset()
        for fault in _faults({**own, **labels}, unseen):
            if fault.label in labels:
                yield _violation(service, fault)
        for label in labels:
            if label in unseen:
                yield _not_seen(service, label)


def _faults(labels: Mapping[str, str], unseen: frozenset[str]) -> list[Fault]:
    """Those that exist whatever the variables' values are."""
    found = [faults({**labels, **dict.fromkeys(unseen, value)}) for value in ("true", "1")[: 1 + bool(unseen)]]
    same = {(fault.label, fault.effect) for fault in found[-1]}
    return [fault for fault in found[0] if (fault.label, fault.effect) in same]


def _not_seen(service: str, label: str) -> Violation:
    at = ("services", service, "traefik_labels", label)
    if decides(label):
        return Violation(
            at, f"`{shown(label, 120)}` holds a variable: whose requests it takes could not be checked",
            "write the value itself",
        )  # fmt: skip
    return Violation(
        at, f"`{shown(label, 120)}` holds a variable: its value could not be checked", "make sure that it has one",
        refused=False, severity=Severity.LOW,
    )  # fmt: skip


def _violation(service: str, fault: Fault) -> Violation:
    refused = fault.effect is not Effect.IGNORES
    return Violation(
        ("services", service, "traefik_labels", fault.label),
        f"`{shown(fault.label, 120)}`: {fault.why}. Traefik {fault.effect.value}",
        f"did you mean `{shown(fault.meant, 120)}`?" if fault.meant else "" if refused else "remove it",
        refused=refused, severity=Severity.HIGH if refused else Severity.LOW,
    )  # fmt: skip
