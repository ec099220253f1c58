"""A label that does not do what it seems to say."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Effect(Enum):
    """What Traefik does for a label."""

    STOPS = "doesn't show any container's routes because of it"
    """It ends the reading of all labels with a panic, and retries forever."""
    DROPS = "drops the whole container for it"
    IGNORES = "silently ignores it"
    OFF = "reads it as false"


class Fault(Struct, frozen=True):
    """A label that does not do what it seems to say."""

    label: str
    effect: Effect
    why: str
    word: str = ""
    """The word that Traefik does not know there, or the value that it can't read."""
    meant: str = ""
    """The label as it was meant, as far as that can be guessed."""

    @property
    def drops_container(self) -> bool:
        """Whether all routers of the container are gone for it."""
        return self.effect in (Effect.DROPS, Effect.STOPS)
