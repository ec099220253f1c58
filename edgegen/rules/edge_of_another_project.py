"""What only a project's own Traefik can do, in a project that uses another's.

What it does
    With `edge: {use: NAME}`, refuses what needs files or flags of Traefik: `acme`, ports and the other settings of the
    edge, services of the kinds `tcp`, `external` and `redirect`, `insecure_tls`, anonymous pull, users of
    `basic-auth`, TLS files, and `caa: true`.

Why
    That Traefik runs with the flags and files of project NAME; this project can only tell it what fits into the
    labels of containers. The rest would silently have no effect.

Example
    `edge: {use: commenthouse}` with `services: {db: {kind: tcp, …}}`

Instead
    Write it into the edge.yaml of project NAME, or give this project its own edge.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.location import Path
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.labels import middleware_labels
from edgegen.traefik.middlewares import Middleware

ID = "ER019"

SHARED_KEYS = ("use", "network", "hsts")
"""What the section `edge` may still set: labels and the project's own networks carry it."""


def check(spec: Spec) -> Iterator[Violation]:
    """Everything that the labels of a container can't express."""
    if not spec.edge.use:
        return
    yield from _edge(spec)
    yield from _services(spec)
    for place, name, middleware in spec.middleware_places():
        if place[0] == "middlewares" or not spec.services[str(place[1])].needs_own_edge:
            yield from _middleware(spec, middleware, name, place)
    for zone, domain in spec.domains.items():
        if domain.caa:
            yield _needs_own(
                spec, ("domains", zone, "caa"), f"which authority issues is the choice of project `{spec.edge.use}`",
                "declare the record: `records: [{type: CAA, name: \"@\", content: …}]`",
            )  # fmt: skip


def _edge(spec: Spec) -> Iterator[Violation]:
    other = spec.edge.use
    if other == spec.name:
        yield Violation(("edge", "use"), f"`{other}` is this project itself", "leave `use` out: its own edge serves it")
    for key in sorted(spec.edge.model_fields_set - set(SHARED_KEYS)):
        yield _needs_own(spec, ("edge", key), f"`{key}` is a setting of the Traefik of project `{other}`")
    if "acme" in spec.model_fields_set:
        yield _needs_own(spec, ("acme",), f"the Traefik of project `{other}` asks for the certificates")


def _services(spec: Spec) -> Iterator[Violation]:
    for name, service in spec.services.items():
        at: Path = ("services", name)
        if service.needs_own_edge:
            yield _needs_own(spec, at, f"a service of kind `{service.kind}` {service.needs_own_edge}")
            continue
        if service.needs_transport:
            yield _needs_own(spec, (*at, "insecure_tls"), "`insecure_tls` needs a file of Traefik")
        if service.edge_asks:
            yield _needs_own(
                spec, (*at, "anonymous"), "with anonymous pull Traefik asks for the passwords, from its own file",
                "leave `anonymous` out: with `users` the registry itself asks",
            )  # fmt: skip


def _middleware(spec: Spec, middleware: Middleware, name: str, at: Path) -> Iterator[Violation]:
    """Options that name files of Traefik's container, and options that no label can carry."""
    files = list(middleware.files_needed())
    yield from (_needs_own(spec, (*at, *place), f"{what} that Traefik must have") for place, what in files)
    if any(middleware.static()):
        yield _needs_own(spec, at, f"a middleware of kind `{middleware.kind}` needs a flag of Traefik")
    if not files and (why := _unlabelled(middleware, name)):
        yield Violation(at, why, f"split it, or write it into the edge.yaml of project `{spec.edge.use}`")


def _unlabelled(middleware: Middleware, name: str) -> str:
    try:
        middleware_labels(name, middleware)
    except ValueError as error:
        return str(error).replace(". Declare it under `middlewares:` and use it by its name", "")
    return ""


def _needs_own(spec: Spec, path: Path, why: str, hint: str = "") -> Violation:
    other = spec.edge.use
    return Violation(
        path,
        f"{why}, and this project doesn't have its own (`edge.use: {other}`)",
        hint or f"write it into the edge.yaml of project `{other}`, or give this project its own edge",
    )
