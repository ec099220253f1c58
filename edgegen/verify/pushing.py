"""`--push`, after everything else was seen: one registry at a time, and only where a push can say something."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from edgegen.endpoints import Kind
from edgegen.net.deadline import Deadline
from edgegen.system.waiting import waiting_for
from edgegen.verify import detours
from edgegen.verify.observation import AddressSeen, Observation, PushSeen
from edgegen.verify.pool import Pool
from edgegen.verify.settings import Settings

STEP = 0.1
"""Seconds until a signal is noticed."""
CLEAN_UP = 2.0
"""Seconds on top of the run's timeout that a stopped push has to delete what it made."""


def push_all(
    observations: Iterable[Observation],
    settings: Settings,
    *,
    stop: threading.Event | None = None,
    progress: Callable[[str], None] | None = None,
    cut: Callable[[str, bool | None], None] | None = None,
) -> tuple[Observation, ...]:
    """The same observations, those of registries with what a push to them did. `progress` gets each registry's name.
    `cut` gets the name of the one whose push was stopped, and whether what it made is gone (None: nothing is deleted
    there).

    Without `settings.push` nothing is pushed. When `stop` is set, the push under way deletes what it made, and its
    observation and all that follow are `incomplete`.
    """
    if settings.push is None:
        return tuple(observations)
    settings, stop = detours.resolved(settings), stop or threading.Event()
    with Pool(1) as pool:
        run = _Run(stop, progress or (lambda _name: None), cut or (lambda _name, _gone: None))
        return tuple(_pushed(pool, seen, settings, run) for seen in observations)


class _Run(Struct, frozen=True):
    """What stops it, and who hears of what."""

    stop: threading.Event
    progress: Callable[[str], None]
    cut: Callable[[str, bool | None], None]


def _pushed(pool: Pool, seen: Observation, settings: Settings, run: _Run) -> Observation:
    if seen.endpoint.kind is not Kind.REGISTRY:
        return seen
    if run.stop.is_set():
        return replace(seen, incomplete=True)
    address = next(filter(_is_good, seen.addresses), None)
    why = _why_not(seen, address)
    if why or address is None:
        return replace(seen, push=PushSeen(skipped=why))
    run.progress(seen.endpoint.authority)
    with waiting_for(f"pushing to {seen.endpoint.authority}"):
        pushed = _push(pool, seen, address, settings, run)
    return replace(seen, incomplete=True) if pushed is None else replace(seen, push=pushed)


def _is_good(seen: AddressSeen) -> bool:
    """Whether it has a trusted certificate and a registry that answered."""
    trusted = seen.lives and seen.tls is not None and seen.tls.verified
    return trusted and seen.registry is not None and seen.registry.anonymous.failure is None


def _why_not(seen: Observation, address: AddressSeen | None) -> str:
    """Why nothing is pushed, or ""."""
    if not seen.endpoint.writable:
        return "a pull-through cache does not accept pushes"
    if address is not None:
        return ""
    if not any(item.tls is not None and item.tls.verified for item in seen.addresses):
        return "no address with a trusted certificate"
    return "the registry did not answer"


def _push(pool: Pool, seen: Observation, address: AddressSeen, settings: Settings, run: _Run) -> PushSeen | None:
    """What the push did, or None where the run was stopped meanwhile."""
    from edgegen.verify.push.trip import push

    endpoint, found = seen.endpoint, list[PushSeen]()
    credentials = settings.credentials.get(endpoint.authority)
    pool.submit(lambda: push(endpoint, address.address, settings, credentials, stop=run.stop), found.append)
    while not found and not run.stop.is_set():
        pool.step(STEP)
    if run.stop.is_set():
        # A push that is stopped deletes what it made, and then has its result.
        end = Deadline.after(settings.timeout + CLEAN_UP)
        while not found and end.left:
            pool.step(min(STEP, end.left))
        run.cut(endpoint.authority, found[0].cleaned if found else False)
        return None
    return found[0]
