"""`docker stack deploy`, made reliable: what it needs first, an own wait after it, and old generations removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from edgegen.compose.swarm_names import OWNER_LABEL
from edgegen.core.errors import OutsideError
from edgegen.deploy.backends.base import Changes, Place, Reporter, Start
from edgegen.deploy.command import Result
from edgegen.deploy.swarm import generations
from edgegen.deploy.swarm.commands import deploy_command
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.stack_file import StackFile
from edgegen.deploy.swarm.standing import Seen
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.wait import Wait, look
from edgegen.deploy.terminal_text import printable


@dataclass(frozen=True, slots=True)
class Deploying:
    """One start of one stack. `owner`: what tells its project from another one of its name, or ""."""

    talk: Talk
    place: Place
    stack: StackFile
    reporter: Reporter
    owner: str = ""

    def run(self, how: Start, changes: Changes) -> Seen:
        """Deploy, wait until every service runs, and remove old secrets and configs. Raises OutsideError."""
        talk, stack = self.talk, self.stack
        before = look(talk, stack.name)
        over = over_text(stack, self.owner, {})
        result = talk.order(deploy_command(self.place.file, stack.name, self.place.values, over=over))
        changes.ran("docker stack deploy")
        self._show(result)
        seen = Wait(talk, before, how.wait).until_done([service.name for service in stack])
        remove_old(talk, stack, self.reporter, everything=how.prune)
        return seen

    def _show(self, result: Result) -> None:
        """What Docker's client says while it works."""
        if not self.place.quiet:
            for line in f"{result.stdout}\n{result.stderr}".splitlines():
                if line.strip():
                    self.reporter.note(printable(line.strip()))


def over_text(stack: StackFile, owner: str, images: Mapping[str, str]) -> str:
    """What is laid over the file: the owner's label, and built images by their digests. "" if there is nothing."""
    over: dict[str, Any] = {}
    for service in stack:
        own: dict[str, Any] = {}
        if owner:
            own["deploy"] = {"labels": {OWNER_LABEL: owner}}
        if service.name in images:
            own["image"] = images[service.name]
        if own:
            over[service.name] = own
    return json.dumps({"services": over}) if over else ""


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
