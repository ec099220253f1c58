"""`kind: echo`: a container that answers each request with the same text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from edgegen.core.mention import Mention
from edgegen.spec.base import SecretUse, Text
from edgegen.spec.registry import secrets_named
from edgegen.spec.service import LabelledService, RoutedService


class Echo(RoutedService, LabelledService):
    """A text under a name."""

    kind: Literal["echo"]
    """The kind of service."""
    text: Text
    """What it answers."""
    token: SecretUse | None = None
    """What it asks for."""

    def names_used(self) -> Iterator[Mention]:
        yield from secrets_named((), token=self.token)
