"""A stack on one host: its edge is where the engine is, that of this machine or of another one.

Which one it is `--host` says, else DOCKER_HOST, else Docker's own context: as for `edgegen up`.
"""

from __future__ import annotations

import pathlib
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from edgegen.core.errors import OutsideError, RefusedError
from edgegen.core.location import Path
from edgegen.deploy.host import is_far
from edgegen.desired.edge import ACME_STORAGE, TRAEFIK
from edgegen.project.sights.base import Asked, Kept, Sight, kept
from edgegen.spec.load import LoadedSpec

if TYPE_CHECKING:
    from edgegen.deploy.container_file import ContainerFile
    from edgegen.explain.insight import Insight
    from edgegen.explain.wanted import Wanted


class ComposeSight(Sight):
    """What is seen of a project of Compose."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def own_addresses(self, loaded: LoadedSpec, wanted: Mapping[int, Path]) -> Mapping[int, str]:
        """This machine's own, which only it can find out."""
        from edgegen.dns.own_address import own_addresses

        if is_far(engine := self._engine):
            raise RefusedError(
                f"`auto` is the address of the machine that edgegen runs on, not that of {engine}",
                where=loaded.locate(next(iter(wanted.values()))),
                hint="run the command on that host, or write its address instead of `auto`",
            )
        return own_addresses(wanted)

    def store(self, loaded: LoadedSpec, project: pathlib.Path) -> Kept:
        """acme.json of the project's folder; where the engine is another host's, of the container that runs there."""
        if not is_far(engine := self._engine):
            from edgegen.files.acme_read import read_store

            return Kept(read_store(project))
        return kept(lambda: self._far_file(loaded.spec.name), f"{ACME_STORAGE} on {engine}")

    @cached_property
    def _engine(self) -> str:
        """Where it listens; "" where there is no Docker that knows."""
        from edgegen.deploy.engine import engine_host

        try:
            return engine_host(self._asked.runner, self._asked.remote)
        except OutsideError:
            return ""

    def _far_file(self, project: str) -> ContainerFile | None:
        from edgegen.deploy.container_file import read_container_file
        from edgegen.deploy.containers import containers

        runner = self._asked.runner
        edge = next((item for item in containers(runner, project) if item.service == TRAEFIK), None)
        if edge is None:
            raise OutsideError(f"{self._engine} has no container of `{TRAEFIK}` of project `{project}`")
        return read_container_file(runner, edge.id, ACME_STORAGE)

    def look_inside(self, host: str, wanted: Wanted | None) -> Insight:
        """The containers of the engine. Without a spec, the services of a swarm where one of them has the host."""
        from edgegen.explain.engine_view import look_inside
        from edgegen.explain.of_containers import OfContainers
        from edgegen.explain.swarm.insight import OfServices
        from edgegen.explain.swarm.view import look_into_swarm, serves_host

        if wanted is None and serves_host(self._asked.runner, host):
            return OfServices(look_into_swarm(self._asked.runner, host, None))
        return OfContainers(look_inside(self._asked.runner, host, wanted, remote=self._asked.remote))
