"""What a target (Compose on one host, a swarm) makes of a stack. Kinds and the edge are described once, for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from edgegen.compose.model import File
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.targets.contents import Contents
from edgegen.traefik.middlewares import Middleware
from edgegen.traefik.static import HasFlags

Dynamic = Mapping[str, Mapping[str, Any]]
"""Traefik's dynamic configuration: file of the file provider -> what it holds."""


class Target(Protocol):
    """One way of running the stack."""

    file_name: str
    """The file that is rendered for it. A frame `templates/project/<file_name>.j2` replaces the common one."""
    overrides: tuple[str, ...] = ()
    """The user's own files next to it, of which the first that exists is merged over it."""
    provider: str
    """Traefik's provider: `docker` or `swarm`; also the suffix of names (`https-only@docker`)."""
    proxy_rights: tuple[str, ...]
    """The paths of the engine's API that this provider reads through the socket proxy, as regular expressions."""
    reads: str
    """What these paths are of, in words."""
    files_are_sent: bool
    """Whether the client sends the files that services mount, named by what they hold. No service reads them here."""
    edge_has_labels: bool
    """Whether labels of Traefik's own service change without another Traefik: what routers share is written there."""
    publishes_on_addresses: bool
    """Whether a port can be published on one address of the host; if not, it is open on all of them."""
    log_level: str
    """Of Traefik, unless the spec says another."""
    tries_again: bool
    """Whether tasks come and go while requests are under way, so that Traefik should try another one."""

    def watching(self, endpoint: str, network: str, project: str | None) -> HasFlags:
        """Traefik's provider for an engine's endpoint. `project`: the only one that it sees; None for all."""

    def restarting(self, project: str, service: str, /) -> str:
        """The command that restarts one service of the project."""

    def real_name(self, project: str, name: str) -> str:
        """The name that the engine gives to a network or volume of the project."""

    def variable(self, value: str) -> str:
        """A variable's value in an env file, so that the container sees it as it is."""

    def keeps(self, middleware: Middleware) -> str:
        """Traefik's provider of a shared middleware: `file`, or `provider` where it becomes a label."""

    def said_by_labels(self, dynamic: Dynamic) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        """Dynamic configuration as labels of Traefik's own service, and the files with the rest."""

    def translated(self, file: File, contents: Contents) -> File:
        """The file in the words that this target reads. `contents`: of the files that services mount."""

    def complaints(self, spec: Spec) -> Iterator[Complaint]:
        """What the spec asks for but this target can't do."""

    def remarks(self, spec: Spec) -> Iterator[Complaint]:
        """What this target leaves out, or does in another way than the spec's author may think."""
