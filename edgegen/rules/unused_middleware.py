"""A middleware that nothing uses.

What it does
    Reports an entry of `middlewares` that no service and no chain names; the spec is rendered all the same. A name
    in `traefik_labels`, under `extra` or in an environment counts as a use, and an edge that serves other projects
    (`edge: {serves: all}`) may have its middlewares for them. Where an environment changes the middlewares of a service
    or removes one, nothing is reported.

Why
    Traefik applies a middleware only where a router names it: an allow list or a password that is declared and not used
    protects nothing, and nothing looks wrong.

Example
    `middlewares: {office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}}` and a service without `middlewares`

Instead
    `middlewares: [office]` at the service that it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER042"
_PROTECTS = frozenset(("basic-auth", "digest-auth", "forward-auth", "ip-allow-list"))
_WORD = re.compile(r"[A-Za-z0-9_.-]+")


def check(spec: Spec) -> Iterator[Violation]:
    """Each of them once; of a chain that nothing uses, only the chain."""
    if not spec.middlewares or spec.edge.is_none or spec.edge.serves == "all" or _uses_vary(spec):
        return
    used = {use for service in spec.services.values() for use in service.uses if isinstance(use, str)}
    used |= {name for _, _, item in spec.middleware_places() for name in item.chained}
    idle = [name for name in spec.middlewares if name not in used]
    mentioned = set(_words(_written_freely(spec))) if idle else set()
    for name in (name for name in idle if name not in mentioned):
        protects = spec.middlewares[name].kind in _PROTECTS
        yield Violation(
            ("middlewares", name),
            f"no service uses `{name}`: " + ("it protects nothing" if protects else "it does nothing"),
            f"write `middlewares: [{name}]` at the service that it is for, or remove it",
            refused=False,
            severity=Severity.MEDIUM if protects else Severity.LOW,
        )


def _uses_vary(spec: Spec) -> bool:
    """Whether an environment removes what may use one: without it, or in another, the middleware has its use."""
    for overlay in spec.environments.values():
        services = mapping((overlay or {}).get("services"))
        if any(keys is None or "middlewares" in mapping(keys) for keys in services.values()) or "edge" in (
            overlay or {}
        ):
            return True
    return False


def _written_freely(spec: Spec) -> Iterator[Any]:
    """Everything in which Traefik's own words, or other parts of a spec, may name a middleware."""
    yield from (spec.extra, spec.edge.extra, spec.environments)
    for service in spec.services.values():
        yield from (service.extra, service.labels_by_hand)


def _words(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, dict):
            yield from _words(value.keys())
            yield from _words(value.values())
        elif isinstance(value, list):
            yield from _words(value)
        else:
            yield from _WORD.findall(str(value))
