"""Everything that is known to make the start of a stack fail, asked of a manager before anything is changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from edgegen.compose.swarm_names import NAMESPACE_LABEL, OWNER_LABEL
from edgegen.core.errors import Problem
from edgegen.deploy import engine
from edgegen.deploy.backends.base import Asked
from edgegen.deploy.containers import containers
from edgegen.deploy.edges import Edge
from edgegen.deploy.model import Project
from edgegen.deploy.passed import engine_passed, ports_passed, traefik_passed
from edgegen.deploy.preflight import Preflight, interval_notices, old_traefik
from edgegen.deploy.shared_edge import Wish, compared
from edgegen.deploy.swarm.edge_change import edge_notices
from edgegen.deploy.swarm.needed_networks import NetworkSeen, missing_networks, network_problems, present_networks
from edgegen.deploy.swarm.nodes import Membership, membership, nodes
from edgegen.deploy.swarm.pins import pins
from edgegen.deploy.swarm.placement import placement_notices, placement_problems
from edgegen.deploy.swarm.ports import Ground, port_problems
from edgegen.deploy.swarm.present_volumes import left_behind, volume_problems
from edgegen.deploy.swarm.same_hosts import Shared, also_served, has_route_of, served_twice, shared, twice
from edgegen.deploy.swarm.services import ServiceSeen, services
from edgegen.deploy.swarm.stack_file import StackFile
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.tasks import tasks
from edgegen.spec.layers import EDGE, SOCKET_PROXY

_SWARM = "providers.swarm"


def check(talk: Talk, stack: StackFile, project: Project, asked: Asked) -> Preflight:
    """All checks. Raises OutsideError if the engine does not answer."""
    found = engine.inspect_engine(talk, asked.host)
    member = membership(talk)
    if refused := tuple(membership_problems(member)):
        return Preflight(refused)
    everything = services(talk)
    members = nodes(talk)
    pinned = pins(stack, members, asked.edge_node, asked.volume_nodes)
    present = present_networks(talk)
    others = [service for service in everything if service.stack != stack.name and service.host_ports]
    ground = Ground(
        everything, tasks(talk, others), containers(talk, one_offs=True), member.node, is_local=found.is_local
    )
    own = {service.short_name: service for service in everything if service.stack == stack.name}
    edges = [_edge(service, present) for service in everything if service.is_traefik]
    ports = tuple(port_problems(stack, pinned.nodes, ground))
    old = tuple(old_traefik(project.services, found))
    same = shared(stack, everything)
    doubled = tuple(_doubled(stack, same, own.values(), edges, asked.wish))
    problems = (
        *other_stack(stack, own.values(), asked.wish.owner),
        *pinned.problems,
        *placement_problems(stack, members, pinned.nodes),
        *doubled,
        *_other_modes(stack, own),
        *ports,
        *network_problems(stack, present),
        *volume_problems(talk, stack),
        *(compared(asked.wish, stack.name, edges, everything) if asked.wish.use else ()),
        *old,
    )
    notices = (
        *edge_notices(stack, own),
        *interval_notices(project.services, found),
        *placement_notices(stack, members, pinned.nodes),
        *left_behind(talk, stack, pinned, member.node),
        *_strangers(asked.wish, stack.name, edges),
        *(() if doubled else also_served(same)),
    )
    passed = (
        f"{engine_passed(found)}, and manages a swarm",
        *(() if pinned.problems else ("each service with a node or volume of its own knows its node",)),
        *ports_passed(project.published, ports),
        *traefik_passed(project, found, old),
    )
    return Preflight(problems, notices, (*pinned.missing, *missing_networks(stack, present)), passed=passed)


def membership_problems(seen: Membership) -> Iterator[Problem]:
    """Why this engine can't run a stack."""
    if seen.state == "active" and not seen.is_manager:
        others = f" ({', '.join(seen.managers)})" if seen.managers else ""
        yield Problem(
            "this engine is a worker of its swarm, and only managers take stacks",
            hint=f"name a manager{others} with `--host ssh://me@server`",
        )
    elif seen.state == "locked":
        yield Problem("the swarm is locked: its managers need their key", hint="`docker swarm unlock` asks for the key")
    elif seen.state in ("pending", "error"):
        why = f": {seen.error}" if seen.error else ""
        yield Problem(
            f"this engine has begun to join a swarm, and is not in it yet ({seen.state}){why}",
            hint="`docker info` shows more; `docker swarm leave` gives up",
        )
    elif seen.state != "active":
        yield Problem(
            "this engine is not in a swarm",
            hint="`docker swarm init --advertise-addr ADDRESS` starts one; ADDRESS is where other nodes reach it",
        )


def other_stack(stack: StackFile, running: Iterable[ServiceSeen], owner: str | None) -> Iterator[Problem]:
    """A stack of this name that is another project's: a deployment would replace or remove its services.

    Its owner decides where it has one. `owner` is this project's, "" for none, None where it is not known.
    """
    present = list(running)
    said = {service.labels[OWNER_LABEL] for service in present if service.labels.get(OWNER_LABEL)}
    if said and owner is not None and owner not in said:
        others = " and ".join(f"`{one}`" for one in sorted(said))
        hint = f"its `dns.owner` is {others}: set that one again if it is this project's, or give this one another name"
        yield _of_another(stack, present, hint)
    elif not said and _is_strange(stack, present):
        hint = f"remove that one first (`docker stack rm {stack.name}`; volumes stay), or give this one another `name:`"
        yield _of_another(stack, present, hint)


def _doubled(
    stack: StackFile, same: Sequence[Shared], own: Iterable[ServiceSeen], edges: Sequence[Edge], wish: Wish
) -> Iterator[Problem]:
    """What other stacks have of this one, so that it must not start."""
    old = list(twice(stack.name, same, wish.owner)) if wish.alone else []
    yield from old or served_twice(stack, same, own, edges)


def _other_modes(stack: StackFile, running: Mapping[str, ServiceSeen]) -> Iterator[Problem]:
    """A service's mode can't be changed: Docker says so in the middle of a deployment."""
    for service in stack:
        present = running.get(service.name)
        wanted = "global" if service.is_global else "replicated"
        if present is not None and present.mode != wanted:
            yield Problem(
                f"service `{present.name}` is {present.mode} on the swarm, and {wanted} in the file: Swarm can't "
                "change that",
                path=f"services.{service.name}.deploy.mode",
                hint=f"`docker service rm {present.name}`, then `edgegen up` makes it again",
            )


def _is_strange(stack: StackFile, present: Sequence[ServiceSeen]) -> bool:
    """Whether the two have no service in common. The edge's own ones have the same names in every stack; a service
    that only got another name still has its route.
    """
    known, there = {service.name for service in stack}, {service.short_name for service in present}
    own = {EDGE, SOCKET_PROXY}
    shared = (known - own) & (there - own) if known - own and there - own else known & there
    return bool(there) and not shared and not has_route_of(stack, present)


def _of_another(stack: StackFile, present: Sequence[ServiceSeen], hint: str) -> Problem:
    listed = ", ".join(service.short_name for service in present[:5])
    message = f"a stack `{stack.name}` of another project already runs on this swarm, with the services {listed}"
    return Problem(message, path="name", hint=hint)


def _edge(service: ServiceSeen, networks: Sequence[NetworkSeen]) -> Edge:
    own = frozenset(one.name for one in networks if one.id in service.networks)
    return Edge(service.name, service.stack, service.static, own, provider=_SWARM)


def _strangers(wish: Wish, stack: str, edges: Iterable[Edge]) -> Iterator[str]:
    """Traefiks of other stacks that read this one's labels: they order certificates for its hosts too."""
    labels = {NAMESPACE_LABEL: stack, "traefik.enable": "true"}
    for edge in edges:
        if edge.project not in (stack, wish.use) and edge.sees(labels):
            yield (
                f"Traefik `{edge.name}` reads the labels of every stack, including this one, and may order "
                f"certificates for its hosts: give it a constraint on `{NAMESPACE_LABEL}`"
            )
