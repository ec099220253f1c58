"""Secrets and configs where services use them: that each exists, and that its file can be as asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.secrets import DEFAULT_MODE, SecretMount

_OWN_FILES = re.compile(r"\.(env|users|bak(\.\d+)?)\Z")
"""What edgegen itself writes into `secrets/`: variables of services, users of middlewares, what `--force` replaced."""


def taken_secret_names(spec: Spec) -> Iterator[Complaint]:
    """Secrets whose files would be others of edgegen's."""
    for name in spec.secrets:
        if match := _OWN_FILES.search(name):
            message = f"a secret can't be named `{name}`: edgegen keeps its own files in `secrets/` that end in"
            yield Complaint(("secrets", name), f"{message} `{match[0]}`", "give the secret another name", at_key=True)


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
    return Complaint(
        ("services", use.service, "secrets", use.place),
        f"`{use.mount.source}` is mounted {use.mode} here and {where}: it is one file with one mode",
        "give both the same `mode`, or declare a second secret",
    )


def secret_modes(spec: Spec) -> dict[str, int]:
    """Secret -> mode of its file, of those that services of the spec mount."""
    return {use.mount.source: int(use.mode, 8) for use in _uses(spec)}


def _uses(spec: Spec) -> Iterator[_Use]:
    for name, service in spec.containers.items():
        for index, mount in enumerate(service.secrets):
            yield _Use(name, index, mount)
