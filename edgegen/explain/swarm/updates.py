"""What the last update of the service behind the host came to, and whether requests were lost in it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from edgegen.core.show import shown
from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.explain.log import router_names
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.swarm.tasks import task_errors, trouble, update_words
from edgegen.explain.swarm.view import SwarmInside
from edgegen.explain.wanted import Wanted
from edgegen.kinds.container import HEEDED_BY_NOBODY
from edgegen.traefik.access_log import read_access_log
from edgegen.traefik.log import in_order
from edgegen.verify.checks.check import Hop

_LOST = (502, 503, 504)
_HINT = "`edgegen up` deploys what edge.yaml says; fix its cause first"


def update_reasons(seen: SwarmInside, wanted: Wanted | None) -> Iterator[Reason]:
    """An update that stopped half-way is a fault; one that was rolled back only where edge.yaml still asks for it."""
    if seen.service is None:
        return
    if trouble(seen, seen.service) is None:  # else that says more
        yield from _outcome(seen, seen.service, wanted)
    yield from _lost_requests(seen, seen.service, wanted)


def _outcome(seen: SwarmInside, service: ServiceSeen, wanted: Wanted | None) -> Iterator[Reason]:
    update, words = service.update, next(update_words(service), "")
    if update.state == "updating":
        yield Reason(Hop.CONTAINER, Weight.REMARK, words)
    if not words or update.state == "updating":
        return
    why = next(task_errors(seen, service), "") or _past_error(seen, service) or update.message
    sentence = f"{words}{f' ({shown(why, 300)})' if why else ''}"
    image = str(wanted.body.get("image", "")) if wanted else ""
    runs = service.image.partition("@")[0]
    if update.state == "rollback_completed":
        missing = bool(image) and "$" not in image and image.partition("@")[0] != runs
        sentence += f": {shown(runs)} runs, and edge.yaml asks for {shown(image)}" if missing else ""
        weight = Weight.FAULT if missing else Weight.REMARK
    else:
        weight = Weight.FAULT
    yield Reason(Hop.CONTAINER, weight, sentence, _HINT, wanted.key_place("image") if wanted else None)


def _past_error(seen: SwarmInside, service: ServiceSeen) -> str:
    """Why a task of the update failed: after a rollback, none of these is wanted any more."""
    update = in_order(service.update.started)
    failed = (task for task in seen.of(service) if task.error and in_order(task.created) >= update)
    return next((task.error for task in failed), "")


def _lost_requests(seen: SwarmInside, service: ServiceSeen, wanted: Wanted | None) -> Iterator[Reason]:
    """Requests that Traefik sent to a task that had just ended. A service with `drain`, known by its stop signal, has
    what helps already."""
    update = service.update
    if not update.started or service.stop_signal == HEEDED_BY_NOBODY:
        return
    own = set(router_names(service.labels))
    begin, end = in_order(update.started), in_order(update.completed) if update.completed else "~"
    lost = Counter(
        line.status
        for line in read_access_log(seen.log)
        if line.status in _LOST and line.router in own and begin <= in_order(line.at) <= end
    )
    if not lost:
        return
    number, codes = lost.total(), ", ".join(map(str, sorted(lost)))
    sentence = (
        f"during the last update of {service.name}, Traefik answered {number} request{'s' if number > 1 else ''} with "
        f"{codes}: a task ended while it still answered, or before Traefik had forgotten it. With `drain: 6s` the old "
        "task goes on for that long; it must be longer than a request takes"
    )
    yield Reason(Hop.SERVICE, Weight.REMARK, sentence, where=wanted.where if wanted else None)
