"""What a command may ask about a stack that runs, whatever its target is."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from edgegen.certificates.store import CertificateStore, parse_acme
from edgegen.core.errors import OutsideError
from edgegen.core.location import Path
from edgegen.deploy.runner import Executor
from edgegen.spec.load import LoadedSpec

if TYPE_CHECKING:
    from edgegen.deploy.container_file import ContainerFile
    from edgegen.explain.insight import Insight
    from edgegen.explain.wanted import Wanted


class Asked(Struct, frozen=True):
    """The engine that is asked: `runner` runs the commands, `remote` is the value of `--host`, or ""."""

    runner: Executor
    remote: str = ""


class Kept(Struct, frozen=True):
    """The store; None where there is none. With `unseen` nobody could look: that is why."""

    store: CertificateStore | None = None
    unseen: str = ""


def kept(read: Callable[[], ContainerFile | None], shown: str) -> Kept:
    """The store that was read out of a container, or why nothing could be."""
    try:
        found = read()
    except OutsideError as error:
        hint = error.problems[0].hint
        return Kept(unseen=f"{shown} was not read: {error}{f' ({hint})' if hint else ''}")
    return Kept(parse_acme(found.content, found.mode, shown) if found else None)


class Sight(Protocol):
    """What is seen of one stack."""

    def own_addresses(self, loaded: LoadedSpec, wanted: Mapping[int, Path]) -> Mapping[int, str]:
        """IP version -> the public address that `auto` means. `wanted`: the versions, with a place of each word.

        Raises OutsideError where it can't be found out, RefusedError where what was found can't be published.
        """

    def store(self, loaded: LoadedSpec, project: pathlib.Path, /) -> Kept:
        """Traefik's own store of certificates. Raises RefusedError and LocalIOError for a file of the project."""

    def look_inside(self, host: str, wanted: Wanted | None) -> Insight:
        """What serves a host of the stack; without `wanted`, whatever of the engine does. What fails is in it."""
