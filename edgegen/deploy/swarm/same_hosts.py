"""Other stacks that have a route of this one: this project under an earlier name, or another one. Pure.

Nothing on a swarm says from which folder a stack was deployed, and each name is another stack: after a change of
`name:` the old one runs on, with the same hosts, and the new one begins with empty volumes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from edgegen.compose.swarm_names import NAMESPACE_LABEL, OWNER_LABEL
from edgegen.core.errors import Problem
from edgegen.deploy.edges import Edge
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.deploy.swarm.stack_file import StackFile
from edgegen.deploy.swarm.standing import is_off
from edgegen.traefik.named import defined, enabled


class Shared(Struct, frozen=True):
    """A service of another stack that has the rule of a router of this one."""

    service: ServiceSeen
    rule: str


def shared(stack: StackFile, everything: Iterable[ServiceSeen]) -> list[Shared]:
    """One for each other stack, which mostly shares either nothing or everything."""
    own = _of_stack(stack)
    found: dict[str, Shared] = {}
    for service in everything:
        rule = next((rule for rule in _rules(service) if _plain(rule) in own), "")
        if service.stack != stack.name and rule and not is_off(service):
            found.setdefault(service.stack, Shared(service, rule))
    return list(found.values())


def earlier(found: Iterable[Shared], owner: str | None, names: Collection[str] = ()) -> list[str]:
    """The stacks that are this project under an earlier name: they have its owner, and a host of it. `names` are those
    that its environments give it: each of them may run."""
    return [one.service.stack for one in found if owner and _owner(one) == owner and one.service.stack not in names]


def still_runs(name: str, old: str, more: str = "") -> Problem:
    """The sentence about a project that still runs under an earlier name."""
    return Problem(
        f"the project is called `{name}` now, and still runs as stack `{old}`, with the same `dns.owner` and "
        f"hosts{more}",
        path="name",
        hint=f"`docker stack rm {old}` removes the old one and keeps its volumes; or set `name: {old}` again, or give "
        "this one another `dns.owner` if it is a copy",
    )


def twice(name: str, found: Iterable[Shared], owner: str) -> Iterator[Problem]:
    """The problem of a start under a new name."""
    for old in earlier(found, owner):
        yield still_runs(name, old, ": it would be there twice, the second time with new, empty volumes")


def served_twice(
    stack: StackFile, found: Iterable[Shared], own: Iterable[ServiceSeen], edges: Sequence[Edge]
) -> Iterator[Problem]:
    """Routes that one Traefik would see twice, and not only since an earlier start: it serves one of the two."""
    present = {_plain(rule) for service in own for rule in _rules(service)}
    for one in found:
        edge = next((edge for edge in edges if _sees(edge, stack.name) and _sees(edge, one.service.stack)), None)
        if edge is not None and _plain(one.rule) not in present:
            yield Problem(
                f"service `{one.service.name}` of stack `{one.service.stack}` already answers {one.rule}, and Traefik "
                f"`{edge.name}` sees both: it would serve one of the two",
                path="services",
                hint="give one of them another host or path",
            )


def also_served(found: Iterable[Shared]) -> Iterator[str]:
    """A remark about each: which of the two visitors reach depends on DNS, or on a Traefik that sees both."""
    for one in found:
        stack = one.service.stack
        cure = (
            f"if that is this project under an earlier name, `docker stack rm {stack}` removes it and keeps its volumes"
            if stack
            else "visitors reach one of the two"
        )
        yield f"service `{one.service.name}` has a route of this stack, too, {one.rule}: {cure}"


def has_route_of(stack: StackFile, running: Iterable[ServiceSeen]) -> bool:
    """Whether one of these services has a route of the stack."""
    own = _of_stack(stack)
    return any(_plain(rule) in own for service in running for rule in _rules(service))


def _of_stack(stack: StackFile) -> frozenset[str]:
    return frozenset(_plain(rule) for service in stack for rule in service.rules)


def _rules(service: ServiceSeen) -> Iterator[str]:
    if enabled(service.labels):
        for thing, content in defined(service.labels, service.name).items():
            if (thing.section, thing.kind) == ("http", "routers") and "Host" in content["rule"]:
                yield content["rule"]


def _plain(rule: str) -> str:
    return "".join(rule.split())


def _owner(one: Shared) -> str:
    return one.service.labels.get(OWNER_LABEL, "")


def _sees(edge: Edge, stack: str) -> bool:
    return bool(edge.sees({NAMESPACE_LABEL: stack, "traefik.enable": "true"}))
