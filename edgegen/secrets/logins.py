"""The passwords of the registries that are checked: from the environment, or as `docker login` left them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.settings import Settings


class Logins(Struct, frozen=True):
    """Settings with the registries' passwords, and what went wrong while looking for them."""

    settings: Settings
    warnings: tuple[str, ...] = ()


def with_logins(
    settings: Settings, endpoints: Iterable[Endpoint], environment: Mapping[str, str], home: Path
) -> Logins:
    """The settings with each registry's credentials, which are only looked up if there is a registry."""
    registries = [item for item in endpoints if item.kind is Kind.REGISTRY]
    if not registries:
        return Logins(settings)
    from edgegen.deploy import docker_login  # loads what runs programs: only a registry needs it
    from edgegen.deploy.runner import Runner

    names = [item.authority for item in registries]
    found = docker_login.find(names, environment, home, Runner(), meant=_meant(registries))
    return Logins(replace(settings, credentials=found.credentials), found.warnings)


def _meant(registries: Sequence[Endpoint]) -> frozenset[str]:
    """Whose password the environment has: that of the spec's registries, or of the only host if it is outside the spec.

    A host outside the spec never gets the password of the spec's registries.
    """
    own = frozenset(item.authority for item in registries if item.has_spec)
    strangers = frozenset(item.authority for item in registries)
    return own or (strangers if len(strangers) == 1 else frozenset())
