"""Secrets and configs of a stack: the spec's, and what edgegen's own mounts hold, each named by its content."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from edgegen.compose.model import Data, File, Holds, OwnMount, Service
from edgegen.compose.swarm_names import ACME_VOLUME
from edgegen.spec.variables import has_variables
from edgegen.targets.contents import HASH, Contents, plain_path, text_path

_OWNERS_ONLY = 0o400
LONGEST = 64
"""Swarm's limit for the name of a secret or a config."""


class Item(Struct, frozen=True):
    """One file that a mount becomes: the key in the stack, the file here, the path in the container."""

    key: str
    path: str
    target: str


class Held:
    """What the files of a project become in its stack."""

    def __init__(self, file: File, contents: Contents) -> None:
        self._file = file
        self._contents = contents

    def mounts(self, service: Service) -> tuple[list[Any], list[Data], list[Data]]:
        """edgegen's own mounts of a service as (volumes, secrets, configs)."""
        volumes: list[Any] = []
        for mount in service.own_mounts:
            if mount.holds is Holds.STATE:
                volumes.append({"type": "volume", "source": ACME_VOLUME, "target": mount.target})
            elif mount.holds is Holds.SOCKET:
                volumes.append({"type": "bind", "source": mount.source, "target": mount.target, "read_only": True})
        secrets = [
            {"source": item.key, "target": item.target, "mode": _OWNERS_ONLY}
            for item in self._items([service], Holds.SECRET)
        ]
        configs = [{"source": item.key, "target": item.target} for item in self._items([service], Holds.CONFIGURATION)]
        return volumes, secrets, configs

    def secrets(self) -> dict[str, Data]:
        """The section `secrets`."""
        found = {key: self._secret(key, str(options["file"])) for key, options in self._file.secrets.items()}
        for item in self._items(self._file.services.values(), Holds.SECRET):
            found[item.key] = self._secret(item.key, item.path)
        return found

    def configs(self) -> dict[str, Data]:
        """The section `configs`."""
        found = {key: self._config(key, options) for key, options in self._file.configs.items()}
        for item in self._items(self._file.services.values(), Holds.CONFIGURATION):
            found[item.key] = self._config(item.key, {"file": item.path})
        return found

    def _secret(self, key: str, path: str) -> Data:
        return {"name": hashed_name(self._file.name, key, self._contents.secret(path)), "file": path}

    def _config(self, key: str, options: Data) -> Data:
        if options.get("external"):
            return options
        path = options.get("file") or f"./{text_path(key)}"
        # The value of a variable may be a password, which a plain hash in a committed file would let people guess.
        named = self._contents.secret if has_variables(str(options.get("content", ""))) else self._contents.config
        return {"name": hashed_name(self._file.name, key, named(path)), "file": path}

    def _items(self, services: Any, holds: Holds) -> Iterator[Item]:
        for service in services:
            for mount in service.own_mounts:
                if mount.holds is holds:
                    yield from self._of_mount(mount, holds)

    def _of_mount(self, mount: OwnMount, holds: Holds) -> Iterator[Item]:
        taken = self._file.secrets if holds is Holds.SECRET else self._file.configs
        names = sorted({*mount.files, *self._contents.below(mount.source)})
        if not names:
            yield Item(_key(plain_path(mount.source), taken), mount.source, mount.target)
        for name in names:
            path = f"{mount.source}/{name}"
            yield Item(_key(plain_path(path), taken), path, f"{mount.target}/{name}")


def _key(path: str, taken: Sequence[str] | Data) -> str:
    """`traefik/dynamic/tls.yml` -> `traefik-dynamic-tls.yml`; longer where the spec uses that name."""
    key = re.sub(r"[^a-zA-Z0-9_.-]+", "-", path).strip("-.")
    while key in taken:
        key += "-edge"
    return key


def hashed_name(stack: str, thing: str, digest: str) -> str:
    """`STACK-THING-HASH`: neither changes on a swarm, so another content has another name.

    Where that is too long, the thing is cut, with a hash of what it was.
    """
    name = f"{stack}-{thing}-{digest}"
    if len(name) <= LONGEST:
        return name
    whole = hashlib.sha256(f"{stack}/{thing}".encode()).hexdigest()[:HASH]
    room = LONGEST - len(f"-{whole}-{digest}")
    return f"{f'{stack}-{thing}'[:room]}-{whole}-{digest}"
