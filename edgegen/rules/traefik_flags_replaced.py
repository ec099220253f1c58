"""A command or entrypoint under `extra` that replaces Traefik's flags.

What it does
    Warns of `command` and `entrypoint` for the edge's Traefik under `extra`; the spec is rendered all the same.

Why
    Lists under `extra` replace what edgegen writes. Traefik then starts without the entrypoints, resolvers and
    providers of this spec, and no container has a route.

Example
    `edge: {extra: {command: ["--accesslog=true"]}}`

Instead
    The keys of `edge` and `acme`. For a flag without a key, repeat all flags of the rendered file.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, service_layers

ID = "ER030"
_KEYS = ("command", "entrypoint")


def check(spec: Spec) -> Iterator[Violation]:
    """Everything that is laid over the edge's container."""
    layers = service_layers(spec, ())[EDGE] if spec.has_own_edge else ()
    for keys, at in layers:
        for key in _KEYS:
            if key in keys:
                message = (
                    f"`{key}` replaces all of Traefik's flags: the entrypoints, resolvers and providers of this spec "
                    "are gone"
                )
                hint = "remove it and use the keys of `edge` and `acme`, or repeat every flag of the rendered file"
                yield Violation((*at, key), message, hint, refused=False, severity=Severity.HIGH)
