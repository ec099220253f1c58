"""A stack on one host: its edge is on this machine, unless `--host` names another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from edgegen.core.errors import RefusedError
from edgegen.core.location import Path
from edgegen.deploy.host import is_far
from edgegen.project.sights.base import Asked, Sight
from edgegen.spec.load import LoadedSpec

if TYPE_CHECKING:
    from edgegen.explain.insight import Insight
    from edgegen.explain.wanted import Wanted


class ComposeSight(Sight):
    """What is seen of a project of Compose."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def own_addresses(self, loaded: LoadedSpec, wanted: Mapping[int, Path]) -> Mapping[int, str]:
        """This machine's own, which only it can find out."""
        from edgegen.dns.own_address import own_addresses

        if is_far(self._asked.remote):
            raise RefusedError(
                f"`auto` is the address of the machine that edgegen runs on, not that of {self._asked.remote}",
                where=loaded.locate(next(iter(wanted.values()))),
                hint="run the command on that host, or write its address instead of `auto`",
            )
        return own_addresses(wanted)

    def look_inside(self, host: str, wanted: Wanted | None) -> Insight:
        """The containers of the engine. Without a spec, the services of a swarm where one of them has the host."""
        from edgegen.explain.engine_view import look_inside
        from edgegen.explain.of_containers import OfContainers
        from edgegen.explain.swarm.insight import OfServices
        from edgegen.explain.swarm.view import look_into_swarm, serves_host

        if wanted is None and serves_host(self._asked.runner, host):
            return OfServices(look_into_swarm(self._asked.runner, host, None))
        return OfContainers(look_inside(self._asked.runner, host, wanted, remote=self._asked.remote))
