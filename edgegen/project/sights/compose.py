"""A stack on one host: its edge is on this machine, unless `--host` names another one."""

from __future__ import annotations

from collections.abc import Mapping

from edgegen.core.errors import RefusedError
from edgegen.core.location import Path
from edgegen.deploy.host import is_far
from edgegen.project.sights.base import Asked, Sight
from edgegen.spec.load import LoadedSpec


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
