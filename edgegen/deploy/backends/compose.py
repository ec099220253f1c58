"""Target compose: `docker compose` on one host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from msgspec import structs

from edgegen.core.errors import OutsideError, Problem
from edgegen.core.show import first_few
from edgegen.deploy import engine
from edgegen.deploy.backends import compose_check, compose_cli, compose_far, compose_left
from edgegen.deploy.backends.base import Asked, Backend, Changes, LogsWanted, Place, Reporter, Start, refuse_many_lines
from edgegen.deploy.backends.compose_session import Session
from edgegen.deploy.backends.compose_start import start
from edgegen.deploy.command import INTERRUPTED, MOST_LOG_BYTES, UNREAD, Command, ending
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.docker_words import known_hint
from edgegen.deploy.health import Standing
from edgegen.deploy.host import is_far, is_ssh, refuse_files
from edgegen.deploy.model import Project, external_names, own_names, read_yaml
from edgegen.deploy.preflight import Preflight
from edgegen.deploy.terminal_text import tail
from edgegen.deploy.whereabouts import earlier, elsewhere, of_another_folder, started_by_compose
from edgegen.spec.variables import evaluate

_MOST_NAMED = 10
"""Containers in one sentence."""


class ComposeBackend(Session, Backend):
    """What Compose does with the project of one place."""

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self._surveyed: compose_far.Surveyed | None = None

    def preflight(self, project: Project, asked: Asked) -> Preflight:
        found = engine.inspect_engine(self.runner, asked.host)
        if self.place.far is None or not is_ssh(found.host):
            refuse_files(project.host_files, found.host)
            seen = compose_check.check(self.place, project, asked, compose_check.Host(found, self.place.folder))
            return structs.replace(seen, notices=(*self._remarks, *seen.notices))
        self._surveyed = far = compose_far.survey(self, project, self.place.far, found.host)
        known = compose_far.known_folders(self.place.folder)
        host = compose_check.Host(found, self.folder, known, far.holding)
        seen = compose_check.check(self.place, project, asked, host)
        notices = (*self._remarks, *far.notices, *seen.notices)
        return structs.replace(seen, problems=(*far.problems, *seen.problems), notices=notices)

    @property
    def _remarks(self) -> tuple[str, ...]:
        """What there is to say of the Compose that is used."""
        return (self.found.passed_over,) if self.found.passed_over else ()

    def others(self, project: Project) -> Iterator[Problem]:
        return compose_far.others(self, project)

    def instead(self, project: Project) -> Iterator[Problem]:
        place, host = self.place, self.place.host
        if not is_far(host or engine.engine_host(self.runner)):
            yield from earlier(project.name, place.file, self._started, place.names)
        if not host:  # whoever names one means that one
            yield from elsewhere(self.runner, project.name, place.folder)

    def strangers(self) -> Iterator[Problem]:
        if not is_far(engine.engine_host(self.runner, self.place.host)):
            yield from of_another_folder(self.stack.name, self.place.folder, self._started)

    @cached_property
    def _started(self) -> tuple[ContainerSeen, ...]:
        return started_by_compose(self.runner)

    def up(self, project: Project, how: Start, changes: Changes, reporter: Reporter) -> Standing:
        if self._surveyed:
            compose_far.copy(self, self._surveyed, changes, reporter)
            project = replace(project, host_files=self._surveyed.files)
        return start(self, project, how, changes, reporter)

    def down(self, changes: Changes, *, volumes: bool) -> None:
        self.place.carry_out(
            compose_cli.down_command(self.compose, self.stack, volumes=volumes, quiet=self.place.quiet)
        )
        changes.ran("docker compose down")
        if self.stack.name:
            changes.remarks += compose_left.remove_networks(self.runner, self.stack.name)
        if self.stack.name and volumes:
            compose_left.remove_volumes(self.runner, self.volumes(self.stack.name))

    def left_behind(self, name: str) -> Iterator[Problem]:
        if left := self.running(name):
            yield Problem(
                "Compose ended without an error, and these containers are still there: " + first_few(left, _MOST_NAMED),
                hint="`docker logs` and `docker inspect` of one of them may show why; then run the command again",
            )

    def status(self, project: Project, host: str = "") -> Standing:
        engine.inspect_engine(self.runner, host)
        standing = self.standing(project)
        is_there = any(row.container for row in standing.rows)
        doubts = self.strangers() if is_there else self.instead(project)
        return structs.replace(standing, doubts=tuple(doubts))

    def snapshot(self, name: str) -> frozenset[str]:
        return engine.snapshot(self.runner, name)

    def running(self, name: str) -> tuple[str, ...]:
        return engine.container_names(self.runner, name)

    def volumes(self, name: str) -> tuple[str, ...]:
        named = own_names(self.whole(self.place.folder, resolved=False), "volumes")
        there = engine.list_names(self.runner, "volume")
        return tuple(sorted({*engine.project_volumes(self.runner, name), *there.intersection(named)}))

    def logs(self, wanted: LogsWanted) -> None:
        self._expect(wanted)
        result = self.runner.stream(compose_cli.logs_command(self.compose, self.stack, wanted))
        if result.returncode in INTERRUPTED:
            raise KeyboardInterrupt
        if not result.ok and result.returncode not in UNREAD:
            wanted.refuse_unknown([service.name for service in self.read().services])
            raise OutsideError(f"Compose could not show the logs: it {ending(result.returncode)}")

    def _expect(self, wanted: LogsWanted) -> None:
        """Of what has no container, Compose shows nothing, and ends well.

        Raises OutsideError for that, UsageError for a service that the project does not have.
        """
        own = {item.service for item in self._started if item.project == self.stack.name}
        if own and own.issuperset(wanted.services):
            return
        project = self.read()
        wanted.refuse_unknown([service.name for service in project.services])
        if not own:
            problem = Problem(f"project `{project.name}` has no container", hint="`edgegen up` starts it")
            raise OutsideError([problem, *self.instead(project)])
        without = [Problem(f"service `{name}` has no container") for name in wanted.services if name not in own]
        raise OutsideError(without)

    def log_lines(self, wanted: LogsWanted) -> list[dict[str, str]]:
        self._expect(wanted)
        plain = replace(wanted, follow=False, color=False)
        command = compose_cli.logs_command(self.compose, self.stack, plain, timestamps=True)
        result = self.runner.run(replace(command, most=MOST_LOG_BYTES))
        if not result.ok:
            wanted.refuse_unknown([service.name for service in self.read().services])
            said = tail(result.stderr, 3)
            raise OutsideError(f"Compose could not show the logs: {said}", hint=known_hint(result.stderr))
        lines = [line for line in result.stdout.splitlines() if line.strip()]
        refuse_many_lines(len(lines))
        return [_log_line(line) for line in lines]

    def up_commands(
        self, text: str, wait: int, *, build: bool = True, values: Mapping[str, str] | None = None
    ) -> list[Command]:
        """The external networks and volumes, each created only if missing, then Compose.

        The user's override may use Compose's own YAML tags, which only Compose can merge: its externals are left to
        the real `up`.
        """
        data = read_yaml(text)
        stack = replace(self.stack, name=str(data.get("name") or ""))
        if self.place.far and is_ssh(self.place.far.host):
            stack = stack.on_another_host(self.place.far.named(stack.name), text)
        externals = [
            engine.create_command(kind, evaluate(name, values or {}).text)
            for kind in ("network", "volume")
            for name in external_names(data, f"{kind}s")
        ]
        return [*externals, compose_cli.up_command(compose_cli.find_offline(), stack, wait, build=build)]

    def unlisted(self, text: str) -> Iterator[str]:  # noqa: ARG002 - Compose itself finds out
        return iter(())

    def down_commands(self, *, volumes: bool = False) -> list[Command]:
        return [compose_cli.down_command(compose_cli.find_offline(), self.stack, volumes=volumes)]


def _log_line(line: str) -> dict[str, str]:
    """`web-1  | 2026-01-01T00:00:00Z text`: Compose's prefix, the engine's time, and the text."""
    container, _, rest = line.partition("|")
    time, _, text = rest.strip().partition(" ")
    return {"container": container.strip(), "time": time, "text": text}
