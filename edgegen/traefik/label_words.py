"""What Traefik makes of a container's labels: which one drops the container, which one it silently ignores.

Thousands of labels were tried with real Traefiks of each minor, and the tests try them again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from edgegen.core.suggest import suggest
from edgegen.traefik.grammar import provider_type, routing_type
from edgegen.traefik.grammar.history import too_new_or_removed
from edgegen.traefik.label_check import below_struct, unknown_word
from edgegen.traefik.label_fault import Effect, Fault
from edgegen.traefik.label_tree import FOR_PROVIDER, FOR_PROVIDER_OF_SWARM, FOR_ROUTING, ROOT, Misshapen, read_by, tree
from edgegen.traefik.version import Version

__all__ = ["Effect", "Fault", "faults"]

ROOTS = ("enable", "docker", "swarm", "http", "tcp", "udp", "tls")
_NOBODYS = ("constraint-label",)
"""Words after `traefik` that are not mistakes: labels for a provider's constraints have had such names for years."""
_OF_VERSION_1 = ("backend", "frontend", "port", "protocol", "weight", "frontends", "backends", "domain")
_KNOWN_ELSEWHERE = {
    "swarm": "only Traefik's swarm provider reads it",
    "tls": "TLS options, certificates and stores belong in a file",
}


def faults(labels: Mapping[str, str], provider: str = "docker", version: Version | None = None) -> list[Fault]:
    """What is wrong with the labels of one container, or of a swarm's service, in their order.

    `provider` is the one of Traefik's that reads them, `version` the Traefik. Other labels don't concern it.
    """
    found: list[Fault] = []
    own = _beginnings(provider, version)
    for table, beginnings, types in (
        ("provider", own, provider_type(version)),
        ("dynamic", FOR_ROUTING, routing_type(version)),
    ):
        root, bad = tree(labels, beginnings)
        found += [_misshapen(item) for item in bad]
        found += [_with_history(fault, table, version) for fault in below_struct(root, types)]
    found += [fault for label in labels if (fault := _passed_over(label, (*own, *FOR_ROUTING)))]
    order = {label: index for index, label in enumerate(labels)}
    return sorted(dict.fromkeys(found), key=lambda fault: order[fault.label])


def _beginnings(provider: str, version: Version | None) -> tuple[str, ...]:
    """How the labels for the provider itself begin. `traefik.swarm` came with 3.2.2."""
    of_swarm = provider == "swarm" and provider_type(version).word("swarm")
    return FOR_PROVIDER_OF_SWARM if of_swarm else FOR_PROVIDER


def _misshapen(item: Misshapen) -> Fault:
    effect = Effect.STOPS if item.stops else Effect.DROPS
    return Fault(item.label, effect, item.why, item.label.partition(".")[0], _in_lower_case(item.label))


def _with_history(fault: Fault, table: str, version: Version | None) -> Fault:
    """A word that another Traefik knows was not misspelt."""
    if fault.effect is not Effect.DROPS or fault.why != unknown_word(fault.word):
        return fault
    history = too_new_or_removed(table, fault.label.partition(".")[2], version)
    return replace(fault, why=f"{fault.why}: {history}", meant="") if history else fault


def _in_lower_case(label: str) -> str:
    root, dot, rest = label.partition(".")
    return "" if root == ROOT or root.lower() != ROOT else f"{ROOT}{dot}{rest}"


def _passed_over(label: str, read: tuple[str, ...]) -> Fault | None:
    """A label that Traefik does not read, and that was meant for it. `read`: how the labels begin that it reads."""
    root, *words = label.split(".")
    if read_by(label, read):
        return None
    if not words:
        return _with_other_marks(label)
    if root.strip().lower() != ROOT:
        near = suggest(root, [ROOT])
        return Fault(label, Effect.IGNORES, unknown_word(root), root, ".".join([ROOT, *words])) if near else None
    return None if words[0].lower() in _NOBODYS else _of_no_use(label, words)


def _of_no_use(label: str, words: list[str]) -> Fault:
    first = words[0]
    if why := _KNOWN_ELSEWHERE.get(first.lower()):
        return Fault(label, Effect.IGNORES, why, first)
    if first.lower() in _OF_VERSION_1:
        return Fault(label, Effect.IGNORES, f"`{first}` is a word of Traefik 1", first)
    near = suggest(first, ROOTS)
    return Fault(label, Effect.IGNORES, unknown_word(first), first, ".".join([ROOT, near, *words[1:]]) if near else "")


def _with_other_marks(label: str) -> Fault | None:
    """`traefik-enable`, `traefik_http_routers_…`: no label of Traefik's has anything but dots between its words."""
    root, *words = re.split("[-_:/]", label)
    if root.lower() != ROOT or not words or words[0].lower() not in ROOTS:
        return None
    return Fault(label, Effect.IGNORES, "the words of a label are separated by dots", label, ".".join([ROOT, *words]))
