"""A container or router that the old Traefik hides and the new one publishes.

What it does
    Reports a service whose labels the old Traefik does not understand, so that it shows none of its routers, and the
    new one does; and a router whose rule only the new one can read. It is only reported: there is no fix.

Why
    The upgrade publishes what was not reachable before, perhaps without the protection that its owner believes in.

Example
    `traefik.http.routers.admin.observability.accesslogs=false` with Traefik 3.0, which does not know `observability`
    of a router and drops the whole container

Instead
    Look at the service before the upgrade. If nobody should reach it, remove its labels or set
    `traefik.enable=false`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.router_rules import fault_of
from edgegen.lint.rule import Found, Rule
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.label_words import faults
from edgegen.traefik.version import Version

RULE = Rule("EL205", "label-revealed", Severity.HIGH)


def check(way: Way) -> Iterator[Found]:
    """Services, then routers."""
    for service, labels in way.edge.labelled:
        texts = way.project.texts(labels)
        # A fix may have written `rulesyntax`, which Traefik 2 does not know.
        own = {label: text for label, text in texts.items() if not label.lower().endswith(".rulesyntax")}
        before = dropping(own if way.leaves_2 else texts, way.old, is_swarm=way.is_swarm)
        if before and not dropping(texts, way.new, is_swarm=way.is_swarm):
            label, why = next(iter(before.items()))
            message = f"Traefik {way.old} hides this service for `{label}` ({why}), and Traefik {way.new} publishes it"
            yield Found(service.name, message, labels[label].spot.of_key, "look at it before the upgrade")
    if not way.leaves_2:
        yield from _routers(way)


def dropping(labels: Mapping[str, str], version: Version, *, is_swarm: bool) -> dict[str, str]:
    """The labels for which this Traefik drops the container, and why."""
    provider = "swarm" if is_swarm and version.major >= 3 else "docker"
    return {fault.label: fault.why for fault in faults(labels, provider, version) if fault.drops_container}


def _routers(way: Way) -> Iterator[Found]:
    for router in way.edge.of("routers"):
        rule = router.text("rule")
        if router.section == "udp" or not rule:
            continue
        if fault_of(way.edge, router, way.old) and not fault_of(way.edge, router, way.new):
            message = (
                f"Traefik {way.old} can't read the rule of `{shown(router.name)}`, and Traefik {way.new} publishes it"
            )
            yield Found(router.owner, message, router.place("rule"), "look at it before the upgrade")
