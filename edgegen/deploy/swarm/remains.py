"""What the engines have of a stack: services, tasks, containers, networks, volumes, secrets and configs."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.deploy.engine import ask, names
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import of_stack


def parts(runner: Executor, stack: str) -> Iterator[str]:
    """Each part as `service ID:VERSION`, `network ID`, `secret ID`, `config ID`, `volume NAME`. Raises OutsideError."""
    services = names(ask(runner, "docker", "service", "ls", "--quiet", *of_stack(stack)))
    if services:
        form = "{{.ID}}:{{.Version.Index}}"
        told = names(ask(runner, "docker", "service", "inspect", "--format", form, *services))
        yield from (f"service {word}" for word in told)
    for kind in ("network", "secret", "config"):
        yield from (f"{kind} {word}" for word in names(ask(runner, "docker", kind, "ls", "--quiet", *of_stack(stack))))
    yield from (f"volume {name}" for name in volumes(runner, stack))


def service_names(runner: Executor, stack: str) -> tuple[str, ...]:
    """The real names of a stack's services. Raises OutsideError."""
    return tuple(sorted(names(ask(runner, "docker", "service", "ls", *of_stack(stack), "--format", "{{.Name}}"))))


def left(runner: Executor, stack: str) -> tuple[str, ...]:
    """What `docker stack rm` removes a while after it has ended: services, this node's containers, networks; and the
    secrets and configs that it has not removed, because another stack uses them."""
    found = [f"service `{name}`" for name in service_names(runner, stack)]
    asked = {"container": ("docker", "ps", "--all"), "network": ("docker", "network", "ls")}
    for kind, words in asked.items():
        form = "{{.Names}}" if kind == "container" else "{{.Name}}"
        found += [f"{kind} `{name}`" for name in names(ask(runner, *words, *of_stack(stack), "--format", form))]
    for kind in () if found else ("secret", "config"):
        listed = ask(runner, "docker", kind, "ls", *of_stack(stack), "--format", "{{.Name}}")
        found += [f"{kind} `{name}`" for name in names(listed)]
    return tuple(found)


def volumes(runner: Executor, stack: str) -> tuple[str, ...]:
    """The stack's volumes on the engine's own node. Raises OutsideError."""
    return tuple(sorted(names(ask(runner, "docker", "volume", "ls", *of_stack(stack), "--format", "{{.Name}}"))))
