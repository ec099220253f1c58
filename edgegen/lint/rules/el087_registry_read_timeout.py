"""A push that fails after sixty seconds.

What it does
    Reports the entrypoint of a registry whose `respondingTimeouts.readTimeout` is the default of 60 seconds, or
    less than ten minutes. Traefik before 2.11.2 has no such limit.

Why
    The limit counts the whole request with its body. `docker push` sends a layer in one request, so each layer that
    takes longer than a minute ends in 499, 502 or 504, and the push retries it endlessly.

Example
    `--entrypoints.websecure.address=:443`, and no `readtimeout`

Instead
    `--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.names import seconds_of
from edgegen.lint.edits import fix, insert_flag
from edgegen.lint.model import Project, Traefik, Value
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.statics import router_entrypoints
from edgegen.lint.views.registries import Registry, registries
from edgegen.traefik.version import Version, is_at_least

RULE = Rule("EL087", "registry-read-timeout", Severity.MEDIUM)

LEAST = 600.0
"""Seconds in which a layer may take its time."""
SINCE = (Version(2, 11, 2), Version(3, 0, 0))


def check(project: Project) -> Iterator[Found]:
    """Each entrypoint of a registry, once."""
    if not project.has_one_traefik:
        return
    traefik = project.traefiks[0]
    if not is_at_least(project.version, *SINCE):
        return
    told: set[str] = set()
    for registry in registries(project):
        for name in _entrypoints(traefik, registry):
            value = traefik.static.get(f"entrypoints.{name}.{OPTION}")
            if name in told or (value is not None and (not value.known or _is_long(value.text))):
                continue
            told.add(name)
            yield _found(traefik, registry, name, value)


OPTION = "transport.respondingtimeouts.readtimeout"


def _found(traefik: Traefik, registry: Registry, name: str, value: Value | None) -> Found:
    address = traefik.static.get(f"entrypoints.{name}.address")
    spot = value.spot if value else address.spot if address else traefik.spot
    limit = f"`readTimeout` {value.text}" if value else "the default `readTimeout` of 60 seconds"
    message = (
        f"{limit} of the entrypoint `{name}` cuts every layer that takes longer to push to `{registry.service.name}`"
    )
    hint = f"set `entrypoints.{name}.{OPTION}=0`"
    return Found(registry.service.name, message, spot, hint, fix=_fix(traefik, name, value, address))


def _fix(traefik: Traefik, name: str, value: Value | None, address: Value | None) -> Fix | None:
    """Only where it is missing: a time that is written may be meant."""
    if value is not None or address is None or traefik.static.source != "flags":
        return None
    flag = f"--entrypoints.{name}.{OPTION}=0"
    return fix(f"add `{flag}`", insert_flag(address, flag))


def _entrypoints(traefik: Traefik, registry: Registry) -> Iterator[str]:
    """Those of its routers that carry a push."""
    known = traefik.static.names("entrypoints")
    for router in registry.routers:
        for name in router_entrypoints(traefik, router) if router.section == "http" else ():
            if name in known and not traefik.static.has(f"entrypoints.{name}.http.redirections.entrypoint.to"):
                yield name


def _is_long(text: str) -> bool:
    seconds = float(text) if text.isdecimal() else seconds_of(text)
    return seconds == 0 or seconds >= LEAST
