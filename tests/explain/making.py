"""A project and its containers as the engine would describe them, healthy unless said otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.deploy.containers import ContainerSeen
from edgegen.desired.endpoints import endpoints
from edgegen.endpoints import Endpoint
from edgegen.explain.engine_view import Inside
from edgegen.explain.reason import Reason
from edgegen.explain.wanted import Override, Wanted, wanted
from edgegen.spec.load import load_text
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State

SPEC = """\
name: shop
acme: {email: ops@example.com}
domains:
  example.com: {addresses: [192.0.2.10]}
services:
  registry:
    kind: registry
    host: r.example.com
    users: [ci]
  web:
    image: web:1
    port: 80
    host: www.example.com
    environment: {COLOUR: blue}
    volumes: ["./pages:/pages"]
    labels: {traefik.http.routers.own.tls.certresolvers: x}
  api: {image: "api:1", port: 80, host: api.example.com}
  hub: {kind: registry, host: hub.example.com, users: [ci], anonymous: pull}
  old: {kind: redirect, host: old.example.com, to: "https://www.example.com"}
  nas: {kind: external, host: nas.example.com, url: "http://192.0.2.9:5000"}
edge: {dashboard: {host: traefik.example.com, users: [ops]}}
"""
STARTED = "2026-01-01T00:00:00Z"
FOLDER = "/srv/shop"
LOADED = load_text(SPEC.encode())
WEB, REGISTRY, API, HUB, OLD, DASHBOARD = (
    f"{name}.example.com" for name in ("www", "r", "api", "hub", "old", "traefik")
)  # fmt: skip


def endpoint_of(host: str) -> Endpoint:
    """What the spec expects of a host."""
    return next(item for item in endpoints(LOADED.spec, LOADED.locate) if item.host == host)


def wanted_of(host: str, *, override: str = "", project: Path = Path("/nonexistent")) -> Wanted:
    """What the spec wants behind a host; `override` is the text of a compose.override.yaml."""
    found = wanted(LOADED, endpoint_of(host), project, {})
    assert found is not None
    return (
        replace(found, override=Override("compose.override.yaml", tuple(override.splitlines()))) if override else found
    )


def container(of: Wanted, **changes: Any) -> ContainerSeen:
    """The container of a service as edge.yaml wants it."""
    service: Mapping[str, Any] = of.body
    mounts = {mount["target"]: f"{FOLDER}/{mount['source'].removeprefix('./')}" for mount in service.get("volumes", ())
              if mount["type"] == "bind"}  # fmt: skip
    labels = {
        "com.docker.compose.project": "shop",
        "com.docker.compose.service": of.service,
        "com.docker.compose.project.working_dir": FOLDER,
        **service.get("labels", {}),
    }
    good: dict[str, Any] = {
        "id": f"{of.service}0123456789",
        "name": f"shop-{of.service}-1",
        "service": of.service,
        "image": service.get("image", ""),
        "state": "running",
        "started": STARTED,
        "labels": labels,
        "args": tuple(service.get("command") or ()),
        "variables": frozenset(service.get("environment") or ()),
        "networks": {f"shop_{name}": f"172.{20 + number}.0.2" for number, name in enumerate(service["networks"])},
        "mounts": mounts,
    }
    return ContainerSeen(**{**good, **changes})


def traefik(**changes: Any) -> ContainerSeen:
    """Traefik as edge.yaml wants it."""
    return container(wanted_of(DASHBOARD), **{"health": "healthy", **changes})


def inside(of: Wanted, *behind: ContainerSeen, **changes: Any) -> Inside:
    """An engine on which all is well."""
    return Inside(**{"traefik": traefik(), "behind": behind or (container(of),), **changes})


def links(**states: str) -> list[Link]:
    """The links that are seen from the outside, good unless said otherwise."""
    return [
        Link(hop, State(states.get(hop.value, "good")), f"{hop.value} it is", Location("edge.yaml", 1, 1), "a hint")
        for hop in Hop
        if hop is not Hop.CONTAINER
    ]


def sentences(reasons: Any) -> list[str]:
    """What reasons say."""
    return [reason.sentence for reason in reasons]


def only(reasons: Any) -> Reason:
    """The one reason that there is."""
    (reason,) = reasons
    assert isinstance(reason, Reason)
    return reason
