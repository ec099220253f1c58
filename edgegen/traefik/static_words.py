"""Traefik's static options: which one keeps it from starting, and which one it passes over.

Flags, variables and files say the same options in three ways. Here they are `option in dotted form -> value`, like
`entrypoints.web.address` -> `:80`; case does not count, and a bare flag's value is `true`. Whatever way they are
given, one option that Traefik does not know ends it with exit code 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from edgegen.traefik.grammar import static_type
from edgegen.traefik.label_check import below_struct
from edgegen.traefik.label_fault import Effect, Fault
from edgegen.traefik.label_tree import ROOT, tree
from edgegen.traefik.static_gone import why_gone
from edgegen.traefik.version import Version

_BEFORE = len(ROOT) + 1


def static_faults(options: Mapping[str, str], version: Version | None = None) -> list[Fault]:
    """What is wrong with static options that are given as flags or variables, in their order.

    In a Fault `label` is the option as it was given. `Effect.STOPS`: Traefik ends with exit code 1.
    """
    root, bad = tree({f"{ROOT}.{option}": value for option, value in options.items()}, (f"{ROOT}.",))
    found = [Fault(item.label, Effect.STOPS, item.why) for item in bad]
    found += below_struct(root, static_type(version))
    order = {option: index for index, option in enumerate(options)}
    return sorted(dict.fromkeys(_of_option(fault, version) for fault in found), key=lambda fault: order[fault.label])


def _of_option(fault: Fault, version: Version | None) -> Fault:
    """The label's fault as one of an option."""
    option = fault.label[_BEFORE:]
    stops = fault.effect in (Effect.DROPS, Effect.STOPS)
    gone = why_gone(option, version) if stops and fault.word else ""
    return replace(
        fault,
        label=option,
        effect=Effect.STOPS if stops else fault.effect,
        why=gone or fault.why,
        meant="" if gone else fault.meant[_BEFORE:],
    )
