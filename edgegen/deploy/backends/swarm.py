"""Target swarm: `docker stack` on a manager. The client reads the stack's files, so nothing is copied to it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from msgspec import structs

from edgegen.compose.swarm_names import edge_node_label, in_stack
from edgegen.core.errors import OutsideError, Problem, RefusedError, UsageError
from edgegen.deploy import engine
from edgegen.deploy.backends import compose_cli
from edgegen.deploy.backends.base import Asked, Backend, Changes, LogsWanted, Place, Reporter, Start
from edgegen.deploy.backends.swarm_images import Images, build_command, own_registry
from edgegen.deploy.command import Command
from edgegen.deploy.health import Standing
from edgegen.deploy.model import Project, external_names, read_yaml
from edgegen.deploy.preflight import Preflight
from edgegen.deploy.swarm import commands, logs, remains
from edgegen.deploy.swarm.check import check, membership_problems, other_stack
from edgegen.deploy.swarm.client_variables import client_variables
from edgegen.deploy.swarm.left_certificates import left_certificates
from edgegen.deploy.swarm.nodes import membership
from edgegen.deploy.swarm.removal import remove, remove_volumes, volumes_here
from edgegen.deploy.swarm.same_hosts import earlier, shared, still_runs
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.stack_file import StackFile, read_stack
from edgegen.deploy.swarm.standing import standing
from edgegen.deploy.swarm.start import Deploying
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.unlisted import unlisted
from edgegen.deploy.swarm.wait import look
from edgegen.spec.variables import evaluate


class SwarmBackend(Backend):
    """What `docker stack` does with the stack of one place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.talk = Talk(place.runner)
        self._owner = ""

    @cached_property
    def _read(self) -> tuple[StackFile, Project]:
        return read_stack(self.talk, self.place.file, self._name, self._values)

    @cached_property
    def _values(self) -> dict[str, str]:
        """The variables that Docker's client gets."""
        text = self.place.file.read_text("utf-8", "replace")
        return client_variables(text, self.place.values, os.environ, *_env_files(read_yaml(text), self.place))

    @property
    def _name(self) -> str:
        """The stack's name. Raises UsageError where nothing says it: the file does not hold it."""
        if not self.place.name:
            raise UsageError(
                f"nothing in {self.place.folder} says what the stack is called", hint="`edgegen render` writes it down"
            )
        return self.place.name

    def read(self) -> Project:
        return self._read[1]

    def preflight(self, project: Project, asked: Asked) -> Preflight:
        self._owner = asked.wish.owner
        found = check(self.talk, self._read[0], project, asked)
        if any(item.name == edge_node_label(project.name) for item in found.missing):  # its first start here
            more = left_certificates(self.place.folder, project.name)
            found = structs.replace(found, notices=(*found.notices, *more))
        return found

    def others(self, project: Project) -> Iterator[Problem]:
        if refused := list(membership_problems(membership(self.talk))):
            raise RefusedError(refused)
        return other_stack(self._read[0], services(self.talk, project.name), self.place.owner)

    def instead(self, project: Project) -> Iterator[Problem]:
        """Under an earlier name. A stack is that of its swarm, so no other engine is asked."""
        if self.place.owner:
            same = shared(self._read[0], services(self.talk))
            for old in earlier(same, self.place.owner, self.place.names()):
                yield still_runs(project.name, old)

    def strangers(self) -> Iterator[Problem]:
        return iter(())

    def up(self, project: Project, how: Start, changes: Changes, reporter: Reporter) -> Standing:
        stack = self._read[0]
        place = replace(self.place, values=self._values)
        images = Images(self.talk, place, stack, reporter)
        deploying = Deploying(self.talk, place, stack, reporter, images, own_registry(stack), self._owner)
        return standing(project, deploying.run(how, changes))

    def down(self, changes: Changes, *, volumes: bool) -> None:
        stack = self._read[0]
        remove(self.talk, stack.name, changes)
        if volumes:
            changes.remarks += remove_volumes(self.talk, stack)

    def status(self, project: Project, host: str = "") -> Standing:
        engine.inspect_engine(self.talk, host)
        if refused := list(membership_problems(membership(self.talk))):
            raise RefusedError(refused)
        found = standing(project, look(self.talk, project.name))
        is_there = any(row.container for row in found.rows)
        return structs.replace(found, doubts=() if is_there else tuple(self.instead(project)))

    def left_behind(self, name: str) -> Iterator[Problem]:
        if left := remains.left(self.talk, name):
            yield Problem(
                f"`docker stack rm` ended without an error, and this is still there: {', '.join(left[:10])}",
                hint="`docker stack ps` and `docker network inspect` may show why; then run the command again",
            )

    def snapshot(self, name: str) -> frozenset[str]:
        return frozenset(remains.parts(self.talk, name))

    def running(self, name: str) -> tuple[str, ...]:
        """An engine that manages no swarm runs no stack."""
        return remains.service_names(self.talk, name) if membership(self.talk).is_manager else ()

    def volumes(self, name: str) -> tuple[str, ...]:  # noqa: ARG002 - it is that of the file
        return volumes_here(self.talk, self._read[0])

    def logs(self, wanted: LogsWanted) -> None:
        logs.stream(self.talk, self._named(wanted), wanted)

    def log_lines(self, wanted: LogsWanted) -> list[dict[str, str]]:
        return logs.lines(self.talk, self._named(wanted), wanted)

    def _named(self, wanted: LogsWanted) -> list[str]:
        """The real names of the services that are meant. Raises UsageError for one that the stack does not have."""
        running = {service.short_name: service.name for service in services(self.talk, self._name)}
        if not running:
            problem = Problem(f"no stack `{self._name}` runs on this swarm", hint="`edgegen up` starts it")
            raise OutsideError([problem, *self.instead(self.read())])
        wanted.refuse_unknown(list(running))
        return [running[word] for word in wanted.services] or list(running.values())

    def up_commands(
        self,
        text: str,
        wait: int,  # noqa: ARG002 - the wait is edgegen's own, and no command
        *,
        build: bool = True,
        values: Mapping[str, str] | None = None,
    ) -> list[Command]:
        """The external networks, each created only if missing; images to build and to push; then the stack."""
        data = read_yaml(text)
        names = [evaluate(name, values or {}).text for name in external_names(data, "networks")]
        deploy = commands.deploy_command(self.place.file, self._name, {})
        images = list(self._image_commands(data, values or {})) if build else []
        return [*map(commands.overlay_command, names), *images, deploy]

    def unlisted(self, text: str) -> Iterator[str]:
        return unlisted(self._name, read_yaml(text))

    def _image_commands(self, data: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[Command]:
        built = {name: body for name, body in (data.get("services") or {}).items() if body.get("build")}
        if built:
            yield build_command(compose_cli.find_offline(), self.place, list(built))
        for body in built.values():
            yield Command(("docker", "push", evaluate(str(body.get("image")), values).text), None)

    def down_commands(self, *, volumes: bool = False) -> list[Command]:
        removed = [Command(("docker", "volume", "rm", name)) for name in self._own_volumes()] if volumes else []
        return [commands.remove_command(self._name), *removed]

    def _own_volumes(self) -> Iterator[str]:
        """The real names of the volumes that belong to the stack, read only from the file."""
        for key, body in (read_yaml(self.place.file.read_text("utf-8", "replace")).get("volumes") or {}).items():
            said = body or {}
            if not said.get("external"):
                name = evaluate(str(said.get("name") or ""), self.place.values).text
                yield name or in_stack(self._name, key)


def _env_files(data: Mapping[str, Any], place: Place) -> Iterator[str]:
    """What the env files of the services say; `docker stack` itself refuses those that are missing."""
    for body in (data.get("services") or {}).values():
        named = (body or {}).get("env_file") or []
        for written in named if isinstance(named, list) else [named]:
            file = place.folder / evaluate(str(written), place.values).text
            if file.is_file():
                yield file.read_text("utf-8", "replace")
