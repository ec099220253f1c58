"""What keeps Traefik from reaching a running container, or makes that answer wrongly. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.show import shown
from edgegen.deploy.containers import WORKING_DIR, ContainerSeen
from edgegen.explain.engine_view import Inside
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.kinds.registry import AUTH_PATH
from edgegen.traefik.log import in_order
from edgegen.verify.checks.check import Hop

_MADE_A_USER = "htpasswd is missing, provisioning with default user"
"""The registry's own words where its htpasswd is not there. Seen on 2.8 and 3."""
_PATH = 200


def service_reasons(inside: Inside, wanted: Wanted | None) -> Iterator[Reason]:
    """What keeps Traefik from reaching a running container, or makes that answer wrongly."""
    for container in inside.behind:
        if inside.traefik is not None and container.id != inside.traefik.id:
            yield from _networks(container, inside.traefik, wanted)
    yield from own_reasons(inside, wanted)


def own_reasons(inside: Inside, wanted: Wanted | None) -> Iterator[Reason]:
    """What differs from edge.yaml in the containers themselves."""
    if wanted is None:
        return
    for container in inside.behind:
        yield from _neighbours(container, wanted)
        yield from _variables(container, wanted)
        yield from _mounts(container, wanted)
    if inside.behind and _made_a_user(inside):
        sentence = "the registry found no htpasswd file and created its own user with a random password"
        yield Reason(Hop.SERVICE, Weight.FAULT, sentence, wanted.mend, wanted.auth_where or wanted.where)


def _made_a_user(inside: Inside) -> bool:
    """Whether it said so since it was started last."""
    started = in_order(inside.behind[0].started)
    lines = (line for line in inside.own_log.splitlines() if _MADE_A_USER in line)
    return any(in_order(line.split(" ", 1)[0]) >= started for line in lines)


def _networks(container: ContainerSeen, traefik: ContainerSeen, wanted: Wanted | None) -> Iterator[Reason]:
    where = wanted.where if wanted else None
    common = set(container.networks) & set(traefik.networks)
    if not common and traefik.networks:
        sentence = f"{container.name} and Traefik have no network in common, so Traefik can't reach it"
        yield Reason(Hop.SERVICE, Weight.CAUSE, sentence, "put both on one network; `edgegen up` does", where)
    named = container.labels.get("traefik.docker.network", "")
    if common and named in container.networks and named not in common:
        sentence = f"Traefik is not on `{shown(named)}`, where the labels of {container.name} send it"
        yield Reason(Hop.SERVICE, Weight.CAUSE, sentence, wanted.mend if wanted else "put both on it", where)
    if named and named not in container.networks:
        sentence = f"the label `traefik.docker.network` names `{shown(named)}`, and {container.name} is not on it"
        yield Reason(Hop.SERVICE, Weight.REMARK, sentence, "use the network's real name, with its prefix", where)


def _neighbours(container: ContainerSeen, wanted: Wanted) -> Iterator[Reason]:
    """Other ways to a registry that leaves its passwords to Traefik."""
    strange = sorted(set(container.networks) - set(wanted.networks))
    if wanted.asks_no_password and strange:
        sentence = (
            f"{container.name} is on `{shown(strange[0])}` too, and every container there can push to it without a "
            "password"
        )
        yield Reason(Hop.SERVICE, Weight.FAULT, sentence, wanted.mend, wanted.auth_where or wanted.where)


def _variables(container: ContainerSeen, wanted: Wanted) -> Iterator[Reason]:
    lacking = sorted(set(mapping(wanted.body.get("environment"))) - container.variables)
    if not lacking:
        return
    opens = wanted.is_registry and any(name.startswith("REGISTRY_AUTH") for name in lacking)
    effect = ", so the registry asks for no passwords" if opens else ""
    yield Reason(
        Hop.SERVICE, Weight.FAULT if opens else Weight.REMARK,
        f"{container.name} lacks {', '.join(lacking[:4])}{' …' if len(lacking) > 4 else ''} of edge.yaml{effect}",
        wanted.mend, (wanted.auth_where if opens else None) or wanted.where,
    )  # fmt: skip


def _mounts(container: ContainerSeen, wanted: Wanted) -> Iterator[Reason]:
    for mount in wanted.body.get("volumes") or ():
        source = _source(mount, container)
        target = str(mount.get("target", "")) if source else ""
        present = container.mounts.get(target, "")
        if not source or present == source:
            continue
        users = wanted.is_registry and target == AUTH_PATH
        what = f"has {shown(present, _PATH)}" if present else "has nothing"
        yield Reason(
            Hop.SERVICE, Weight.FAULT if users else Weight.REMARK,
            f"{container.name} {what} at {target}, and edge.yaml wants {shown(source, _PATH)} there", wanted.mend,
            wanted.place(target, default=wanted.auth_where if users else None),
        )  # fmt: skip


def _source(mount: Any, container: ContainerSeen) -> str:
    """The path on the host that edge.yaml mounts, from the folder that Compose was run in; "" if that is not known."""
    if not isinstance(mount, dict) or mount.get("type") != "bind":
        return ""
    path = PurePosixPath(container.labels.get(WORKING_DIR, "")) / str(mount.get("source", ""))
    return str(path) if path.is_absolute() and ".." not in path.parts and "~" not in path.parts else ""
