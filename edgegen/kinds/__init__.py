"""Kinds of service: what each consists of. Pure. They are registered in `edgegen.spec.kinds`."""

from __future__ import annotations

from edgegen.kinds.parts import Context, Parts
from edgegen.spec.kinds import KINDS, resolved
from edgegen.spec.service import ServiceBase


def parts_of(context: Context, name: str, service: ServiceBase) -> Parts:
    """Everything that a service of the spec asks for, as its kind says."""
    found: Parts = resolved(KINDS[service.kind].build)(context, name, service)
    return found


__all__ = ["Context", "Parts", "parts_of"]
