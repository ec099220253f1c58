"""`docker stack deploy`, made reliable: what it needs first, an own wait after it, and old generations removed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.compose.swarm_names import DEPLOYMENT_LABEL, OWNER_LABEL
from edgegen.core.errors import OutsideError
from edgegen.deploy.backends.base import Changes, Place, Reporter, Start
from edgegen.deploy.backends.swarm_images import Images
from edgegen.deploy.command import Command, Result
from edgegen.deploy.swarm import generations
from edgegen.deploy.swarm.asking import network_names
from edgegen.deploy.swarm.commands import of_older_client, text_deploy_command
from edgegen.deploy.swarm.encrypted import own_encrypted, prove
from edgegen.deploy.swarm.in_order import parts_before
from edgegen.deploy.swarm.services import ServiceSeen, services
from edgegen.deploy.swarm.stack_file import StackFile, part_of, with_more
from edgegen.deploy.swarm.standing import Seen
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.wait import Wait, look
from edgegen.deploy.terminal_text import printable
from edgegen.spec.shared import EdgeSettings
from edgegen.traefik.version import is_called_traefik


class Deploying(Struct, frozen=True):
    """One start of one stack."""

    talk: Talk
    place: Place
    stack: StackFile
    reporter: Reporter
    images: Images
    registry: str = ""
    """The service of the stack that the built images are pushed to, or ""."""
    owner: str = ""
    """What tells its project from another one of its name, or ""."""
    mark: str = field(default_factory=lambda: secrets.token_hex(6))
    """What tells this deployment from every other one."""

    def run(self, how: Start, changes: Changes) -> Seen:
        """Build and push, deploy, wait until every service runs, and remove old secrets and configs.

        Raises OutsideError, and RefusedError for encrypted networks that carry nothing.
        """
        talk, stack = self.talk, self.stack
        before = look(talk, stack.name)
        self._prove(before)
        built = self._built(before, how, changes) if how.build and stack.built else {}
        over = laid_over(stack, self._labels, built)
        for part in parts_before(stack, before, over):
            self._deploy(self._of_text(part), changes)
        last = removed_last(stack, before)
        self._deploy(self._whole(over, prune=not last), changes)
        seen = Wait(talk, before, self.reporter, how.wait, self.mark).until_done([service.name for service in stack])
        if last:
            seen = self._without(last, seen)
        for text in unresolved(stack, before, seen):
            self.reporter.note(text)
        for name in unfinished(stack, seen):
            self.reporter.note(f"`{name}` is still running: `edgegen status` shows how it ends")
        remove_old(talk, stack, self.reporter, everything=how.prune)
        return seen

    @property
    def _labels(self) -> dict[str, str]:
        return {DEPLOYMENT_LABEL: self.mark, **({OWNER_LABEL: self.owner} if self.owner else {})}

    def _whole(self, over: Mapping[str, Any], *, prune: bool) -> Command:
        return self._of_text(with_more(part_of(self.stack), over), prune=prune)

    def _of_text(self, text: str, *, prune: bool = False) -> Command:
        return text_deploy_command(text, self.place.folder, self.stack.name, self.place.values, prune=prune)

    def _prove(self, before: Seen) -> None:
        """Most stacks have no such network, and over ssh each question takes half a second."""
        if encrypted := own_encrypted(self.stack):
            present = network_names(self.talk).values()
            wanted = [one for one in encrypted if one.name not in present]
            prove(self.talk, self.stack, wanted, before.nodes, _edge_image(self.stack))

    def _built(self, before: Seen, how: Start, changes: Changes) -> Mapping[str, str]:
        """A registry of the same stack is started first, with everything else that needs no built image."""
        self.images.build()
        registry = before.service(self.registry) if self.registry else None
        runs = registry is not None and any(task.serves for task in before.tasks_of(registry))
        if not self.registry or runs:
            return self.images.push(0)
        built = frozenset(service.name for service in self.stack.built)
        rest = [service.name for service in self.stack if service.name not in built]
        text = with_more(part_of(self.stack, built), laid_over(self.stack, self._labels, {}))
        self.reporter.note(f"starting `{self.registry}` first: built images are pushed to it")
        self._deploy(self._of_text(text), changes)
        Wait(self.talk, before, self.reporter, how.wait, self.mark).until_done(rest)
        return self.images.push(how.wait)

    def _without(self, last: Sequence[ServiceSeen], seen: Seen) -> Seen:
        self.talk.order(Command(("docker", "service", "rm", *(service.id for service in last))))
        for service in last:
            self.reporter.note(f"removed the service `{service.short_name}`, which is no longer in the file")
        return replace(seen, services=tuple(one for one in seen.services if one.name not in {it.name for it in last}))

    def _deploy(self, command: Command, changes: Changes) -> None:
        result = self.talk.run(command)
        older = None if result.ok else of_older_client(command, result.stderr)
        self._show(self.talk.checked(older or command, self.talk.run(older) if older else result))
        changes.ran("docker stack deploy")

    def _show(self, result: Result) -> None:
        """What Docker's client says while it works."""
        if not self.place.quiet:
            for line in f"{result.stdout}\n{result.stderr}".splitlines():
                if line.strip():
                    self.reporter.note(printable(line.strip()))


def removed_last(stack: StackFile, before: Seen) -> list[ServiceSeen]:
    """The services that leave, where all of them can serve until everything else runs: one that got another name would
    answer 404 meanwhile. Two of a worker, or of what holds a port or a volume, must not run at once."""
    names = {service.name for service in stack}
    leaving = [service for service in before.services if service.short_name not in names]
    return leaving if all(_serves_only(service) for service in leaving) else []


def _serves_only(service: ServiceSeen) -> bool:
    is_routed = service.labels.get("traefik.enable", "").lower() == "true"
    return is_routed and not (service.ports or service.mounts)


def unresolved(stack: StackFile, before: Seen, seen: Seen) -> Iterator[str]:
    """New services whose image has no digest, where several nodes may run them: Docker's client says so only of a
    service that it updates."""
    if sum(node.takes_tasks for node in before.nodes) < 2:
        return
    images = {
        found.image
        for service in stack
        if not service.labels and before.service(service.name) is None
        if (found := seen.service(service.name)) is not None and "@" not in found.image
    }
    if images:
        yield (
            f"no registry told this manager the digest of {', '.join(sorted(images))}: each node uses the one that it "
            "has, or pulls it with the login that was sent along, so nodes may run different images"
        )


def unfinished(stack: StackFile, seen: Seen) -> Iterator[str]:
    """The services that are to end and have not: nobody waits for a long migration."""
    for service in stack:
        found = seen.service(service.name)
        if found is None or found.restart != "none" or service.rules or found.ports or found.is_checked:
            continue
        if any(task.serves for task in seen.tasks_of(found)):
            yield service.name


def _edge_image(stack: StackFile) -> str:
    """The image of the stack's Traefik; of the default one for a stack without."""
    own = (service.image for service in stack if is_called_traefik(service.image))
    return next(own, EdgeSettings.model_fields["image"].default)


def laid_over(stack: StackFile, labels: Mapping[str, str], images: Mapping[str, str]) -> dict[str, Any]:
    """What is laid over the file's services: labels, and built images by their digests."""
    image = {name: {"image": images[name]} for name in images}
    return {service.name: {"deploy": {"labels": labels}, **image.get(service.name, {})} for service in stack}


def remove_old(talk: Talk, stack: StackFile, reporter: Reporter, *, everything: bool) -> None:
    """Remove generations of secrets and configs that nothing needs; the last one before the present is kept.

    The start has worked: what can't be removed now is removed after the next one.
    """
    with suppress(OutsideError):
        found = generations.kept(talk, stack.name)
        current = {*stack.secrets.values(), *stack.configs.values()}
        used = {name for service in services(talk) for name in (*service.secrets, *service.configs)}
        for item in generations.old(found, current, used, everything=everything):
            if talk.run(generations.remove_command(item)).ok:
                reporter.note(f"removed the {item.kind} `{item.name}`, which no service uses any more")
