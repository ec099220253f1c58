"""Images that a stack builds: a swarm's nodes pull, so each is pushed to its registry and deployed by its digest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from msgspec import Struct

from edgegen.core.errors import OutsideError, Problem
from edgegen.core.names import ImageRef
from edgegen.deploy.backends import compose_cli
from edgegen.deploy.backends.base import Place, Reporter
from edgegen.deploy.command import Command, Result
from edgegen.deploy.swarm.stack_file import Service, StackFile
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.terminal_text import tail

_DIGEST = re.compile(r"digest: (sha256:[0-9a-f]{64})")
_PAUSE = 3.0
"""Seconds between two tries to push to a registry that has just come up: its certificate takes a moment."""
_UNAUTHORIZED = ("no basic auth credentials", "unauthorized", "denied")


class Images(Struct, frozen=True):
    """What is built and pushed for one stack."""

    talk: Talk
    place: Place
    stack: StackFile
    reporter: Reporter

    def build(self) -> None:
        """Build every service that has a `build`, as Compose builds it. Raises OutsideError."""
        compose = compose_cli.find(self.talk)
        names = [service.name for service in self.stack.built]
        command = replace(build_command(compose, self.place, names), variables=self.place.values)
        self.place.carry_out(command)

    def push(self, seconds: float) -> dict[str, str]:
        """Push each image; service -> its image with its digest. Raises OutsideError.

        `seconds`: how long to try again. A registry that has just been started has no certificate yet.
        """
        pushed: dict[str, str] = {}
        for service in self.stack.built:
            result = self._push(service.image, seconds)
            found = _DIGEST.search(result.stdout)
            if not result.ok or found is None:
                raise OutsideError([_not_pushed(service, result)])
            pushed[service.name] = f"{service.image}@{found[1]}"
            self.reporter.note(f"pushed {service.image}")
        return pushed

    def _push(self, image: str, seconds: float) -> Result:
        end = self.talk.clock.now() + seconds
        while True:
            result = self.talk.run(Command(("docker", "push", image), None))
            if result.ok or self.talk.clock.now() >= end or _is_refused(result):
                return result
            self.talk.clock.sleep(_PAUSE)


def build_command(compose: compose_cli.Compose, place: Place, services: Sequence[str]) -> Command:
    """Build images; Compose reads the stack's file as it reads its own."""
    words = ("-f", str(place.file), "--project-directory", str(place.folder), "--project-name", place.name)
    return Command((*compose, *words, "build", *services), timeout=None)


def own_registry(stack: StackFile) -> str:
    """The service of the same stack that an image is pushed to: the one that is served under the image's registry."""
    hosts = {ImageRef(service.image).registry.partition(":")[0] for service in stack.built} - {""}
    rules = ((service.name, rule) for service in stack for rule in service.rules)
    return next((name for name, rule in rules if any(f"`{host}`" in rule for host in hosts)), "")


def _is_refused(result: Result) -> bool:
    return any(words in result.stderr for words in _UNAUTHORIZED)


def _not_pushed(service: Service, result: Result) -> Problem:
    host = ImageRef(service.image).registry
    hint = f"`docker push {service.image}` by hand shows more; the engine itself pushes, and must reach {host}"
    if _is_refused(result):
        hint = f"log in first: `docker login {host}`, or `edgegen registry login`"
    said = tail(result.stderr or result.stdout, 2)
    return Problem(f"{service.image} could not be pushed: {said}", path=f"services.{service.name}.image", hint=hint)
