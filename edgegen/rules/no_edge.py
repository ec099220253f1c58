"""What has no meaning without an edge.

What it does
    With `edge: none`, refuses registries and caches that have a `host`, and reports which services are left out
    (redirects and servers outside Docker) and which can't be reached from outside. Without its own edge (also with
    `edge: {use: NAME}`) a project needs a container.

Why
    There is no Traefik: nothing redirects, and a registry's address and its certificate are the edge's.

Example
    `environments: {dev: {edge: none}}` with a service of kind `redirect`

Instead
    Take the service out of that environment (`services: {NAME: null}`), or give it a published port (`ports`).
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.shared import NoEdge

ID = "ER020"


def check(spec: Spec) -> Iterator[Violation]:
    """Registries are refused; services that are left out are remarks."""
    edge = spec.edge
    if not isinstance(edge, NoEdge):
        if edge.use and not spec.services:
            why = f"there is nothing to run: the edge is that of project `{edge.use}`, and there is no service"
            yield Violation(("edge", "use"), why, "add one under `services:`")
        return
    if not spec.services and not edge.left_out:
        yield Violation(
            ("edge",), "there is nothing to run: no edge (`edge: none`) and no service", "add one under `services:`"
        )
    elif not spec.services:
        yield Violation(
            ("edge",),
            "there is nothing to run without an edge (`edge: none`): redirects and servers outside Docker need one",
            "add a service that is a container, or remove `edge: none`",
        )
    for name, registry in spec.registries.items():
        if registry.own_hosts:
            yield Violation(
                ("services", name),
                f"a registry answers at `{registry.own_hosts[0]}` through the edge, and there is none (`edge: none`)",
                f"remove it from this environment: `services: {{{name}: null}}`",
            )
    for name in edge.left_out:
        yield _remark(name, f"`{name}` is left out: there is no edge that could answer for it (`edge: none`)")
    for name in edge.hidden:
        yield _remark(
            name,
            f"`{name}` doesn't publish a port: without an edge it can't be reached from outside (`edge: none`)",
            'give it one in this environment, like `ports: ["127.0.0.1:8080:80"]`',
        )


def _remark(name: str, message: str, hint: str = "") -> Violation:
    return Violation(("services", name), message, hint, refused=False, severity=Severity.LOW)
