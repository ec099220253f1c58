"""What a swarm ignores, shows to others, or ends for good: worth knowing, and rendered all the same."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.compose.stack_keys import LEFT_OUT
from edgegen.core.data import mapping
from edgegen.core.location import Path
from edgegen.spec.container import Container
from edgegen.spec.edge import Spec
from edgegen.spec.layers import service_layers
from edgegen.spec.problems import Complaint
from edgegen.spec.volume_mounts import Mount
from edgegen.targets.swarm_parts.placing import deploy_of
from edgegen.targets.swarm_parts.templates import expanded, placeholder


def remarks(spec: Spec) -> Iterator[Complaint]:
    """All of them."""
    yield from _secrets_in_sight(spec)
    yield from _ends_for_good(spec)
    yield from _left_out(spec)
    yield from _placeholders(spec)


def _secrets_in_sight(spec: Spec) -> Iterator[Complaint]:
    for name, service in spec.services.items():
        for use in service.names_used():
            if use.what == "secret" and use.at[0] != "secrets":
                is_variable = use.at[0] == "environment"
                yield _in_sight(use.name, ("services", name, *use.at), str(use.at[1]) if is_variable else "")
    if spec.acme.eab and spec.has_own_edge and not spec.acme.is_local:
        yield _in_sight(spec.acme.eab.hmac.secret, ("acme", "eab", "hmac"), "")


def _in_sight(secret: str, at: Path, variable: str) -> Complaint:
    mount = f"mount it instead, if the image knows `{variable}_FILE`: `secrets: [{secret}]` and `{variable}_FILE:"
    return Complaint(
        at,
        f"the value of `{secret}` becomes a variable of the service: `docker service inspect` shows it, and so does"
        " whatever may read services, the edge's socket proxy included",
        f"{mount} /run/secrets/{secret}`"
        if variable
        else "no file can hold it: give few people access to the managers",
    )


def _ends_for_good(spec: Spec) -> Iterator[Complaint]:
    layers = service_layers(spec, ("deploy",))
    for name, service in spec.containers.items():
        condition = mapping(deploy_of(layers[name]).get("restart_policy")).get("condition")
        restart = service.restart or ""
        if not _never_ends(spec, name, service):
            continue
        if condition == "on-failure" or (condition is None and restart.startswith("on-failure")):
            yield Complaint(
                ("services", name, *(("deploy", "restart_policy") if condition else ("restart",))),
                "a task that ends with 0 when its engine stops counts as complete: the service stays at 0 replicas",
                "use `any`, or leave it out, for a service that never ends by itself"
                if condition
                else "use `always`, or leave it out, for a service that never ends by itself",
            )


def _never_ends(spec: Spec, name: str, service: Container) -> bool:
    serves = service.own_hosts or service.ports or service.expose or service.healthcheck
    keeps = any(isinstance(volume, Mount) and volume.names for volume in service.volumes)
    needed = any(
        other.depends_on[name].condition != "service_completed_successfully"
        for other in spec.containers.values()
        if name in other.depends_on
    )
    return bool(serves or keeps or needed)


_HINTS = {
    "security_opt": "remove it",
    "depends_on": "let each service try again until the others answer: a health check keeps traffic away until then",
}


def _left_out(spec: Spec) -> Iterator[Complaint]:
    """One note for each key, at the first service that has it."""
    for key, why in LEFT_OUT.items():
        places = [
            (*at, key) for layers in service_layers(spec, (key,)).values() for keys, at in layers if keys.get(key)
        ]
        if places:
            others = f", here and in {len(places) - 1} more" if len(places) > 1 else ""
            yield Complaint(places[0], f"`{key}` is left out{others}: {why}", _HINTS[key], at_key=True)


def _placeholders(spec: Spec) -> Iterator[Complaint]:
    for name, service in spec.containers.items():
        for path, text in expanded(service):
            if part := placeholder(text):
                message = f"`{part}` is text here, and reaches the container as it is, on every target"
                hint = f"to have Swarm fill it in, write it under `extra: {{{path[0]}: ...}}`"
                yield Complaint(("services", name, *path), message, hint)
