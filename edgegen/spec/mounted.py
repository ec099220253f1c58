"""What services mount: that names and modes of secrets fit together, and that each path is mounted once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from edgegen.core.location import Path, path_text
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.spec.container import Container
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.secrets import DEFAULT_MODE, SecretMount
from edgegen.spec.variables import has_variables, split
from edgegen.spec.volume_mounts import Mount

_OWN_FILES = late_pattern(r"\.(env|users|bak(\.\d+)?)\Z")
"""What edgegen itself writes into `secrets/`: variables of services, users of middlewares, what `--force` replaced."""


def taken_secret_names(spec: Spec) -> Iterator[Complaint]:
    """Secrets whose files would be others of edgegen's."""
    for name in spec.secrets:
        if match := _OWN_FILES.search(name):
            message = f"a secret can't be named `{name}`: edgegen keeps its own files in `secrets/` that end in"
            yield Complaint(("secrets", name), f"{message} `{match[0]}`", "give the secret another name", at_key=True)


def twice_mounted(spec: Spec) -> Iterator[Complaint]:
    """Paths of a container that two entries take: Compose drops the first without a word, Swarm refuses the service."""
    for name, container in spec.containers.items():
        first: dict[str, Path] = {}
        for key, index, target in _targets(container):
            if has_variables(target):
                continue
            at: Path = ("services", name, key, index)
            other = first.setdefault(posixpath.normpath(target), at)
            if other != at:
                message = f"`{shown(target)}` is mounted a second time, after `{path_text(other[2:])}`"
                yield Complaint(at, message, "remove one of the two, or give it another target")


def _targets(container: Container) -> Iterator[tuple[str, int, str]]:
    """(key, index, path in the container) of all that it mounts."""
    for index, volume in enumerate(container.volumes):
        if isinstance(volume, Mount):
            yield "volumes", index, volume.target
    for index, memory in enumerate(container.tmpfs):
        yield "tmpfs", index, split(memory, ":")[0]
    for index, secret in enumerate(container.secrets):
        yield "secrets", index, posixpath.join("/run/secrets", secret.target or secret.source)
    for index, config in enumerate(container.configs):
        yield "configs", index, posixpath.join("/", config.target or config.source)


def contradicting_modes(spec: Spec) -> Iterator[Complaint]:
    """Secrets that two services want with two modes, told at both places: for a target that mounts one file for all."""
    first: dict[str, _Use] = {}
    for use in _uses(spec):
        other = first.setdefault(use.mount.source, use)
        if use.mode != other.mode:
            yield _contradicts(other, use)
            yield _contradicts(use, other)


class _Use(NamedTuple):
    service: str
    place: int
    mount: SecretMount

    @property
    def mode(self) -> str:
        """In octal, with the leading 0."""
        return (self.mount.mode or DEFAULT_MODE).rjust(4, "0")


def _contradicts(use: _Use, other: _Use) -> Complaint:
    where = f"{other.mode} in `{other.service}`"
    message = f"`{use.mount.source}` is mounted {use.mode} here and {where}: it is one file with one mode"
    hint = "give both the same `mode`, or declare a second secret"
    return Complaint(("services", use.service, "secrets", use.place), message, hint)


def secret_modes(spec: Spec) -> dict[str, int]:
    """Secret -> mode of its file, of those that services of the spec mount."""
    return {use.mount.source: int(use.mode, 8) for use in _uses(spec)}


def _uses(spec: Spec) -> Iterator[_Use]:
    for name, service in spec.containers.items():
        for index, mount in enumerate(service.secrets):
            yield _Use(name, index, mount)
