"""Which password a registry gets: the environment's, or what `docker login` has left behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from edgegen.verify.settings import Credentials

if TYPE_CHECKING:
    from edgegen.deploy.runner import Executor

USER = "EDGEGEN_REGISTRY_USER"
PASSWORD = "EDGEGEN_REGISTRY_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Logins:
    """Registry host (with `:port` where it is not 443) -> its credentials; and what went wrong while looking."""

    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def find(registries: Iterable[str], environment: Mapping[str, str], home: Path, executor: Executor) -> Logins:
    """The credentials of each registry that has some. Credential helpers are run through `executor`.

    Raises UsageError when only one of the two variables is set.
    """
    raise NotImplementedError
