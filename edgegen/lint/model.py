"""A project as its files show it: everything that is laid together, and where each part of it is written. Pure.

The parts are in `places`, `services` and `traefiks`; the other modules import them from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Protocol

from msgspec import Struct, field

from edgegen.lint.places import Character, File, Gap, Lossy, Remark, Spot, Value
from edgegen.lint.services import Mode, Mount, Network, Port, Service, Source, numbers
from edgegen.lint.traefiks import Dynamic, Static, Traefik
from edgegen.traefik.version import Version

__all__ = [
    "Character", "Disk", "Dynamic", "File", "Gap", "Lossy", "Mode", "Mount", "Network", "Port", "Project", "Remark",
    "Service", "Source", "Spot", "Static", "Traefik", "Value", "numbers",
]  # fmt: skip


class Project(Struct, frozen=True, eq=False, dict=True):
    """Files that belong together."""

    folder: str
    """As the user names it; `.` for the working directory."""
    name: str | None
    """The Compose project's name; None where it is unknown (a swarm's stack is named when it is deployed)."""
    mode: Mode
    files: tuple[File, ...] = ()
    services: Mapping[str, Service] = field(default_factory=dict)
    networks: Mapping[str, Network] = field(default_factory=dict)
    volumes: Mapping[str, Source] = field(default_factory=dict)
    secrets: Mapping[str, Source] = field(default_factory=dict)
    configs: Mapping[str, Source] = field(default_factory=dict)
    traefiks: tuple[Traefik, ...] = ()
    dynamic: tuple[Dynamic, ...] = ()
    """All dynamic files, those of `traefiks` too."""
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Remark, ...] = ()
    repeated: tuple[Remark, ...] = ()
    """Labels that a list has again further down, with another value."""
    env: tuple[File, ...] = ()
    """The files that Compose reads variables from: `.env`, where it is here."""
    lossy: tuple[Lossy, ...] = ()
    """Values of `.env` that lose a part."""
    stack_forms: tuple[Remark, ...] = ()
    """Variables in a stack of a form that only Compose knows."""
    unread: Mapping[str, Spot] = field(default_factory=dict)
    """Variables of a stack whose value is in `.env`, which `docker stack` does not read: the first place of each."""
    partial: bool = False
    """A whole file of it is missing: a service or a name that is not here may still be there."""
    wanted: Version | None = None
    """The version of `--traefik-version`: it counts for whatever names none itself."""
    top: Mapping[str, Any] = field(default_factory=dict)
    """The merged file, plain data."""
    disk: Disk | None = None

    @cached_property
    def version(self) -> Version | None:
        """The version of the project's Traefik as far as it is known; the wanted one counts first."""
        return self.wanted or next((item.version for item in self.traefiks if item.version), None)

    @property
    def has_one_traefik(self) -> bool:
        """Whether exactly one Traefik is here, with a static configuration that was read whole.

        Only then an entrypoint or a resolver that nobody defines is a fault: another project's Traefik may have it.
        """
        return len(self.traefiks) == 1 and not self.traefiks[0].static.hidden

    @property
    def proxies(self) -> Iterator[tuple[Traefik, Service]]:
        """Each Traefik that is a service here, with its service."""
        return ((item, item.service) for item in self.traefiks if item.service is not None)

    @cached_property
    def labelled(self) -> tuple[tuple[Service, Mapping[str, Value]], ...]:
        """Each service that has labels for Traefik, with them."""
        found = ((service, _of_traefik(service.routing_labels(self.mode))) for service in self.services.values())
        return tuple((service, labels) for service, labels in found if labels)

    def texts(self, labels: Mapping[str, Value]) -> dict[str, str]:
        """Label -> text, for the functions of `edgegen.traefik`; without those whose value is unknown."""
        return {key: value.text for key, value in labels.items() if value.known}


def _of_traefik(labels: Mapping[str, Value]) -> Mapping[str, Value]:
    return {key: value for key, value in labels.items() if key.lower().startswith("traefik")}


class Disk(Protocol):
    """What rules may ask about files other than those that were read. Paths are relative to the project's folder."""

    def shown(self, path: str) -> str:
        """The path as the user would name it, for messages."""

    def kind(self, path: str) -> str:
        """`file`, `folder`, `none`, or `unknown`."""

    def mode(self, path: str) -> int | None:
        """The permission bits; None where there is nothing."""

    def tracked(self, path: str) -> bool | None:
        """Whether git has it; None where there is no repository or git can't be asked."""

    def read(self, path: str, limit: int) -> bytes | None:
        """The bytes of a regular file of at most `limit` bytes."""

    def listing(self, path: str) -> Iterable[str]:
        """Names in a folder."""
