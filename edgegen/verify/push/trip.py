"""`--push`: a whole round trip through a registry's public name, as `docker push` and `docker pull` make it."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import closing, suppress

from msgspec import Struct, field

from edgegen.core.secret import Credentials
from edgegen.endpoints import Endpoint
from edgegen.net.deadline import Deadline
from edgegen.verify.look.registry_client import open_client
from edgegen.verify.observation import PushSeen, Step, StepSeen
from edgegen.verify.push.exchange import BrokenError, Exchange
from edgegen.verify.push.gate import enter
from edgegen.verify.push.image import MANIFEST, config, manifest, pull_blob, pull_manifest, push_manifest
from edgegen.verify.push.upload import Made, push_chunks, push_slowly, push_small, push_whole
from edgegen.verify.settings import PushSettings, Settings

FOLDER = "edgegen-verify"
"""Everything is pushed below this name."""
_GONE = (200, 202, 204, 404)
_OFF = (400, 403, 405, 501)
"""Answers of a registry that deletes nothing, or not for this user; 405 is what the specification names."""


def push(
    endpoint: Endpoint,
    address: str,
    settings: Settings,
    credentials: Credentials | None,
    *,
    stop: threading.Event | None = None,
) -> PushSeen:
    """Push random blobs and a manifest to `address` under the endpoint's name, pull them, and delete them again.

    `settings.push` says how much and how slowly. When `stop` is set, what was made is deleted and the rest is
    skipped. Nothing that a registry or the network does raises.
    """
    wanted = settings.push or PushSettings()
    trip = _Trip(endpoint, address, settings, wanted, credentials, stop or threading.Event())
    skipped = trip.there_and_back()
    cleaned = None if skipped else trip.clean()
    return PushSeen(tuple(trip.steps), skipped, trip.wanted.size, trip.wanted.slow, cleaned)


class _Trip(Struct):
    """One round trip."""

    endpoint: Endpoint
    address: str
    settings: Settings
    wanted: PushSettings
    credentials: Credentials | None
    stop: threading.Event
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    made: Made = field(default_factory=Made)
    steps: list[StepSeen] = field(default_factory=list)

    def there_and_back(self) -> str:
        """All steps except the deletions. Why there were none, or ""."""
        return self._talk(self.wanted.timeout + self.wanted.slow, "pull,push", self.stop, self._go)

    def clean(self) -> bool | None:
        """The deletions, over a new connection and with a separate deadline: the first may have failed."""
        found: list[bool | None] = []
        if self.made.uploads or self.made.blobs or self.made.manifest:
            self._talk(
                self.settings.timeout, "pull,push,delete", threading.Event(),
                lambda exchange: found.append(clean(exchange, self.made)),
            )  # fmt: skip
            return found[0] if found else False
        return True

    def _talk(self, seconds: float, rights: str, stop: threading.Event, part: Callable[[Exchange], None]) -> str:
        repository = f"{FOLDER}/{self.run}"
        with closing(open_client(self.endpoint, self.address, self.settings, Deadline.after(seconds))) as client:
            gate = enter(client, self.endpoint, self.credentials, f"repository:{repository}:{rights}")
            if isinstance(gate, str):
                return gate
            exchange = Exchange(client, self.endpoint, repository, gate, stop)
            try:
                part(exchange)
            finally:
                self.steps += exchange.steps
        return ""

    def _go(self, exchange: Exchange) -> None:
        with suppress(BrokenError):
            self._round_trip(exchange)
        # How long an upload may take is a different question from how large it may be: both are answered.
        if self.wanted.slow and any(step.step is Step.START and step.ok for step in exchange.steps):
            with suppress(BrokenError):
                push_slowly(exchange, self.made, self.wanted.slow)

    def _round_trip(self, exchange: Exchange) -> None:
        layers = [
            push_whole(exchange, self.made, self.run, self.wanted.size),
            push_chunks(exchange, self.made, self.run),
        ]
        configuration = push_small(exchange, self.made, config(self.run, layers))
        content = manifest(configuration, layers)
        digest = push_manifest(exchange, self.made, content)
        pull_manifest(exchange, digest, content)
        for blob in (*layers, configuration):
            pull_blob(exchange, blob)


def clean(exchange: Exchange, made: Made) -> bool | None:
    """Whether everything was deleted; None where the registry deletes nothing. The steps say more.

    A session that was cut within a request can't be cancelled (the registry has more than its newest `Location`
    accounts for); every registry forgets such sessions by itself.
    """
    for url in made.uploads.values():
        _delete(exchange, url)
    named = [f"manifests/{made.manifest}"] if made.manifest else []
    steps = [_delete(exchange, f"{exchange.base}/{path}") for path in [*named, *(f"blobs/{one}" for one in made.blobs)]]
    if steps and all(step.status in _OFF for step in steps):
        return None
    return all(step.status in _GONE for step in steps) and not _is_there(exchange, made)


def _delete(exchange: Exchange, url: str) -> StepSeen:
    with suppress(BrokenError):
        exchange.do(Step.DELETE, "DELETE", url, want=(*_GONE, *_OFF))
    return exchange.steps[-1]


def _is_there(exchange: Exchange, made: Made) -> bool:
    """Whether the manifest can still be pulled after it was deleted."""
    if not made.manifest:
        return False
    url = f"{exchange.base}/manifests/{made.manifest}"
    with suppress(BrokenError):
        exchange.do(Step.DELETE, "HEAD", url, want=(404,), headers={"Accept": MANIFEST})
    return not exchange.steps[-1].ok
