"""What Compose makes of `deploy:`: keys that only Swarm reads, and a restart policy that would be none. Pure.

Tried with Compose 5.6.1 on a real engine, key by key. Compose before 5 says nothing about any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.layers import Layer, service_layers
from edgegen.spec.problems import Complaint

_ELSEWHERE = "remove it: only `target: swarm` knows it"
_IGNORED: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("mode",): ("it starts `replicas` containers on its host, 1 by default", _ELSEWHERE),
    ("endpoint_mode",): ("the name of a service always leads to its containers", _ELSEWHERE),
    ("labels",): ("they belong to the service of a swarm, not to its containers", "move them to `labels`"),
    ("placement",): ("it knows one host, and starts every container there", _ELSEWHERE),
    ("update_config",): ("it stops the old container before it starts the new one", _ELSEWHERE),
    ("rollback_config",): ("it never goes back to the old container", _ELSEWHERE),
    ("restart_policy", "delay"): ("Docker chooses the pause before it starts a container again", _ELSEWHERE),
    ("restart_policy", "window"): ("a container that has run for ten seconds counts as started", _ELSEWHERE),
    ("resources", "reservations", "cpus"): (
        "it reserves no CPUs",
        "give the other services `limits: {cpus: …}`",
    ),
}
"""Keys below `deploy` that Compose passes over: what is so instead, and what to do."""
_SAME: Mapping[tuple[str, ...], tuple[str, ...]] = {("mode",): ("replicated",), ("endpoint_mode",): ("vip",)}
"""Values that say what is so in any case."""


def remarks(spec: Spec) -> Iterator[Complaint]:
    """One note for each key, at the first service that has it. Not where an environment has another target."""
    if any("target" in (overlay or {}) for overlay in spec.environments.values()):
        return
    layers = [layer for found in _with_deploy(spec).values() for layer in found]
    for path, (instead, hint) in _IGNORED.items():
        places = [(*layer.at, "deploy", *path) for layer in layers if _says(layer.keys["deploy"], path)]
        if places:
            others = f", here and in {len(places) - 1} more" if len(places) > 1 else ""
            key = ".".join(("deploy", *path))
            yield Complaint(places[0], f"`{key}` does nothing in Compose{others}: {instead}", hint, at_key=True)


def complaints(spec: Spec) -> Iterator[Complaint]:
    """Restart policies with which Compose starts nothing again, or nothing at all."""
    for name, layers in _with_deploy(spec).items():
        policies = [(_at(layer.at), mapping(mapping(layer.keys["deploy"]).get("restart_policy"))) for layer in layers]
        said = {key: value for _, policy in policies for key, value in policy.items() if value is not None}
        if not said:
            continue
        at = next(at for at, policy in reversed(policies) if policy)
        condition = said.get("condition")
        if condition is None:
            yield _never(name, at)
        elif condition == "any" and said.get("max_attempts"):
            yield Complaint(
                next((*at, "max_attempts") for at, policy in reversed(policies) if policy.get("max_attempts")),
                "Docker refuses `max_attempts` with the condition `any`: only failures are counted on one host",
                "remove it, or write `condition: on-failure`",
            )


def _never(name: str, at: Path) -> Complaint:
    message = (
        f"without `condition` Compose never starts `{name}` again, not even after a reboot: this policy replaces"
        " `restart`"
    )
    return Complaint(
        at, message, "add `condition: any`, or remove the policy: then `restart` says it, `unless-stopped` by default"
    )


def _at(layer: Path) -> Path:
    return (*layer, "deploy", "restart_policy")


def _with_deploy(spec: Spec) -> dict[str, Sequence[Layer]]:
    found = {
        name: [layer for layer in layers if mapping(layer.keys.get("deploy"))]
        for name, layers in service_layers(spec, ("deploy",)).items()
    }
    return {name: layers for name, layers in found.items() if layers}


def _says(deploy: Any, path: tuple[str, ...]) -> bool:
    value = deploy
    for key in path:
        value = mapping(value).get(key)
    return _is_something(value) and value not in _SAME.get(path, ())


def _is_something(value: Any) -> bool:
    return any(map(_is_something, value.values())) if isinstance(value, dict) else bool(value)
