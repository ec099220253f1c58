"""Looks at many endpoints at once: names first, then every address, each with its own deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.lookup import system_servers
from edgegen.net.answer import Failure, Phase, Trouble
from edgegen.verify import detours
from edgegen.verify.look import names
from edgegen.verify.look.address import look_at_address
from edgegen.verify.look.issuer import settled
from edgegen.verify.observation import AddressSeen, CaaSeen, NamesSeen, Observation
from edgegen.verify.pool import Pool, affordable
from edgegen.verify.scope import may_connect
from edgegen.verify.settings import Settings

if TYPE_CHECKING:
    from edgegen.verify.look.trust import Trust

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""(how many endpoints are done, of how many)."""

STEP = 0.1
"""Seconds until a signal is noticed."""
RENEWAL = 2.0
"""Seconds for the question whether a good certificate can be renewed."""
LEAST = 0.5
"""Seconds that a part gets at least, when the parts before it have used up the endpoint's own."""
MOST_ADDRESSES = 64
"""Addresses of one name that are looked at. Thousands fit into an answer of the DNS, and a third party writes it."""
_TOO_MANY = Failure(Trouble.LOCAL, Phase.CONNECT, f"only the first {MOST_ADDRESSES} addresses of a name are checked")


def look(
    endpoints: Sequence[Endpoint],
    settings: Settings,
    *,
    trust: Trust,
    stop: threading.Event | None = None,
    progress: Progress | None = None,
) -> tuple[Observation, ...]:
    """What is seen of each endpoint, in their order. Nothing is pushed: see `push_all`.

    When `stop` is set no further job is handed out; what is there is given at once, with `incomplete` where a part
    is missing. What the network does never raises. Raises OutsideError where the DNS has to be asked, `settings` name
    no resolver, and this machine has none.
    """
    run = _Run(
        detours.resolved(settings), trust, progress or (lambda _done, _total: None), [_Slot(item) for item in endpoints]
    )
    run.finish(stop or threading.Event())
    return tuple(settled(slot.observation(), trust) for slot in run.slots)


class _Slot(Struct):
    """One endpoint while it is looked at."""

    endpoint: Endpoint
    names: NamesSeen = field(default_factory=NamesSeen)
    addresses: dict[str, AddressSeen | None] = field(default_factory=dict)
    """Every address in the DNS's order; None while it is looked at."""
    caa: CaaSeen = field(default_factory=CaaSeen)
    seconds: float = 0.0
    done: bool = False

    @property
    def seen(self) -> tuple[AddressSeen, ...]:
        return tuple(item for item in self.addresses.values() if item is not None)

    def observation(self) -> Observation:
        return Observation(
            self.endpoint, self.names, self.seen, self.caa, seconds=self.seconds, incomplete=not self.done
        )


class _Run(Struct):
    """The books of one round: only the thread that calls `finish` writes in them."""

    settings: Settings
    trust: Trust
    progress: Progress
    slots: list[_Slot]
    done: int = 0
    shared: names.SharedNames = field(default_factory=names.SharedNames)

    def finish(self, stop: threading.Event) -> None:
        """Hand out the jobs and collect what they saw, until all is done or `stop` is set."""
        self.progress(0, len(self.slots))
        with Pool(affordable(self.settings.at_once)) as pool:
            for slot in () if stop.is_set() else self.slots:
                self._look_up(pool, slot)
            while not stop.is_set() and self.done < len(self.slots):
                pool.step(STEP)

    def _look_up(self, pool: Pool, slot: _Slot) -> None:
        def then(timed: tuple[NamesSeen, float]) -> None:
            slot.names, slot.seconds = timed
            self._look_at_addresses(pool, slot)

        if names.asks(slot.endpoint, self.settings):
            self._find_resolvers()
        pool.submit(lambda: _timed(lambda: names.look_up(slot.endpoint, self.settings, self.shared)), then)

    def _look_at_addresses(self, pool: Pool, slot: _Slot) -> None:
        left = self._left(slot)
        # A rule for every host (`::192.0.2.7:`) leaves the DNS to be judged, and yet only one address is dialled.
        detour = slot.names.detour or detours.leads_to(slot.endpoint, self.settings)
        slot.addresses = dict.fromkeys((detour,) if detour else slot.names.addresses)
        for number, address in enumerate(slot.addresses):
            if number >= MOST_ADDRESSES:
                slot.addresses[address] = AddressSeen(address, connect=_TOO_MANY)
            elif may_connect(slot.endpoint, address, self.settings.allow_private, detour):
                self._look_at(pool, slot, address, left)
            else:
                slot.addresses[address] = AddressSeen(address, not_public=True)
        self._look_further(pool, slot)

    def _look_at(self, pool: Pool, slot: _Slot, address: str, left: float) -> None:
        def job() -> tuple[AddressSeen, float]:
            return _timed(lambda: look_at_address(slot.endpoint, address, self.settings, self.trust, left))

        started = slot.seconds

        def then(timed: tuple[AddressSeen, float]) -> None:
            slot.addresses[address] = timed[0]
            slot.seconds = max(slot.seconds, started + timed[1])
            self._look_further(pool, slot)

        pool.submit(job, then, soon=True)

    def _look_further(self, pool: Pool, slot: _Slot) -> None:
        """When all addresses were seen: CAA, where a certificate has to be issued, now or when this one ends."""
        if any(item is None for item in slot.addresses.values()):
            return
        most = self._seconds_for_caa(slot)
        if not most:
            self._close(slot)
            return

        def then(caa: CaaSeen) -> None:
            slot.caa = caa
            self._close(slot)

        try:
            self._find_resolvers()
        except OutsideError:  # every host has a detour, and this machine may have no DNS at all
            then(CaaSeen())
            return
        settings = replace(self.settings, timeout=most)
        pool.submit(lambda: names.caa_of(slot.endpoint.host, settings, self.shared), then, soon=True)

    def _seconds_for_caa(self, slot: _Slot) -> float:
        """0 where it does not matter. A good certificate's own question must not make a run slow."""
        spoken = [item.tls for item in slot.seen if item.tls is not None and item.tls.failure is None]
        if not all(tls.verified for tls in spoken):
            return self._left(slot)
        # With `--connect-to` the names are not those of the DNS, and this machine may have none.
        asks = slot.endpoint.is_renewed_by_a_public_authority and slot.names.resolved and not self.shared.no_caa
        return min(RENEWAL, self._left(slot)) if spoken and asks and not slot.names.detour else 0

    def _left(self, slot: _Slot) -> float:
        return max(LEAST, self.settings.timeout - slot.seconds)

    def _find_resolvers(self) -> None:
        """This machine's own, where none were named and there is something to ask: a library of 25 ms is behind it."""
        if not self.settings.resolvers:
            self.settings = replace(self.settings, resolvers=system_servers())

    def _close(self, slot: _Slot) -> None:
        slot.done = True
        self.done += 1
        self.progress(self.done, len(self.slots))


def _timed(job: Callable[[], T]) -> tuple[T, float]:
    started = time.monotonic()
    result = job()
    return result, time.monotonic() - started
