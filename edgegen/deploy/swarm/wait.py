"""Waiting until what was deployed runs: `docker stack deploy --detach=false` ends with 0 even after a rollback."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.compose.swarm_names import DEPLOYMENT_LABEL
from edgegen.core.errors import OutsideError, at_most
from edgegen.deploy.backends.base import Reporter
from edgegen.deploy.swarm.clean import service_digests, task_digests
from edgegen.deploy.swarm.converged import NOTICED, Deployment, Judgement, judge, late
from edgegen.deploy.swarm.last_words import show_last_words
from edgegen.deploy.swarm.nodes import nodes
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.standing import Seen, ended, given_up
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.tasks import tasks
from edgegen.system.waiting import waiting_until

INTERVAL = 1.0
_MOST_NAMED = 5


def look(talk: Talk, stack: str) -> Seen:
    """What a manager says about a stack now. Raises OutsideError."""
    return replace(glance(talk, stack), nodes=nodes(talk))


def glance(talk: Talk, stack: str) -> Seen:
    """The same without the nodes: over ssh each question takes half a second."""
    found = services(talk, stack)
    return Seen(stack, found, tasks(talk, found) if found else ())


class Wait(Struct):
    """One deployment that is waited for. `before` is what there was."""

    talk: Talk
    before: Seen
    reporter: Reporter
    seconds: float
    """How long; while an update makes progress, it counts from the last new task: twenty replicas take their time."""
    mark: str = ""
    """What the services are labelled with by this deployment."""
    _since: dict[tuple[str, ...], float] = field(default_factory=dict)
    _moved: tuple[frozenset[str], float] = (frozenset(), 0.0)

    def until_done(self, wanted: Collection[str]) -> Seen:
        """What is there once every wanted service runs. Raises OutsideError with what does not."""
        began = self.talk.clock.now()
        self._moved = (frozenset(), began)
        known = frozenset(task.id for task in self.before.tasks)
        names = {node.id: node.hostname for node in self.before.nodes if len(self.before.nodes) > 1}
        with waiting_until() as missing:
            while True:
                seen = glance(self.talk, self.before.stack)
                self._refuse_another(seen)
                age = self.talk.clock.now() - began
                made = Deployment(known, age, self._outdated(seen, age), self._unchanged_for(seen), names)
                judged = judge(wanted, seen, made)
                if judged.is_done:
                    return replace(seen, nodes=self.before.nodes)
                idle = self._idle(seen)
                self._give_up(judged, idle, seen)
                late = ", ".join(f"{name} {reason}" for name, reason in judged.waiting.items())
                ready = f"{len(wanted) - len(judged.waiting)} of {len(wanted)} services run"
                missing(f"{ready}, waiting: {late}" if late else ready, self.seconds - idle)
                self.talk.clock.sleep(INTERVAL)

    def _refuse_another(self, seen: Seen) -> None:
        """Raises OutsideError once another deployment has replaced this one: what runs is another folder's, or another
        state of this one's."""
        before = {service.id: service.labels.get(DEPLOYMENT_LABEL) for service in self.before.services}
        found = ((service, service.labels.get(DEPLOYMENT_LABEL)) for service in seen.services)
        theirs = [one.short_name for one, mark in found if mark and mark not in (self.mark, before.get(one.id))]
        if theirs:
            raise OutsideError(
                f"another deployment of stack `{seen.stack}` started in the meantime, and replaced this one's "
                f"{', '.join(f'`{name}`' for name in theirs[:_MOST_NAMED])}",
                hint="wait until it has finished, then run `edgegen up` where the newest edge.yaml is",
            )

    def _give_up(self, judged: Judgement, idle: float, seen: Seen) -> None:
        """A failed service is reported once no other one is on its way, or when the time is over."""
        if idle >= self.seconds or (judged.failed and not judged.waiting):
            problems = [*judged.failed, *late(judged, idle)]
            names = [problem.path.removeprefix("services.") for problem in problems]
            known = frozenset(task.id for task in self.before.tasks)
            show_last_words(self.talk, self.reporter, replace(seen, nodes=self.before.nodes), names, known)
            raise OutsideError(at_most(problems))

    def _idle(self, seen: Seen) -> float:
        """Seconds since an update has last started a task; without one, since the deployment.

        An update ends by itself, in one way or another; a service that starts over and over does not.
        """
        now = self.talk.clock.now()
        updated = {service.id for service in seen.services if service.update.goes_on}
        running = frozenset(task.id for task in seen.tasks if task.serves and task.service in updated)
        if running - self._moved[0]:
            self._moved = (running | self._moved[0], now)
        return now - self._moved[1]

    def _unchanged_for(self, seen: Seen) -> dict[str, float]:
        now = self.talk.clock.now()
        states = {(task.id, task.state, task.desired, task.error) for task in seen.tasks}
        self._since = {state: self._since.get(state, now) for state in states}
        return {state[0]: now - since for state, since in self._since.items()}

    def _outdated(self, seen: Seen, age: float) -> frozenset[str]:
        """The swarm begins an update a moment after the client has gone: until then everything looks well."""
        quiet = [service for service in seen.services if not service.update.state]
        if age >= NOTICED or not quiet:
            return frozenset()
        wanted = service_digests(self.talk, [service.id for service in quiet])
        counted = [task for service in quiet for task in seen.tasks_of(service) if task.serves]
        for service in quiet:
            own = seen.tasks_of(service)
            counted += [*ended(service, own), *given_up(own)]
        started = task_digests(self.talk, [task.id for task in counted])
        return frozenset(task.service for task in counted if started.get(task.id) != wanted.get(task.service))
