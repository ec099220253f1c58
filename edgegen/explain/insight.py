"""What was seen inside a stack, whatever runs it: the last link, and the reasons for the links before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from edgegen.core.location import Location
from edgegen.endpoints import Endpoint
from edgegen.explain.reason import Reason
from edgegen.explain.wanted import Wanted
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State


class Insight(Protocol):
    """What was seen behind one host."""

    dropped: str
    """What became of the routers of a host whose last link is broken, as a sentence."""

    def worded(self, hint: str, /) -> str:
        """A hint in the words of what runs the stack; as it is, it speaks of Compose."""
        return hint

    def last_link(self, wanted: Wanted | None, links: Iterable[Link], where: Location | None, /) -> Link:
        """What serves the host; `links` are those before it."""

    def reasons(self, endpoint: Endpoint, wanted: Wanted | None, /) -> Iterator[Reason]:
        """Why links are as they are. None where nothing was seen."""


def unseen_link(wanted: Wanted | None, trouble: str, hint: str, where: Location | None) -> Link:
    """The last link where nothing was seen: good where nothing serves the host but Traefik itself."""
    if wanted and wanted.without_container:
        return Link(Hop.CONTAINER, State.GOOD, wanted.without_container, where)
    return Link(Hop.CONTAINER, State.NOT_SEEN, trouble, where, hint)
