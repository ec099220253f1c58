"""What a kind of service is made of, before it is placed into files. Pure data."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from edgegen.compose.model import OwnMount, Service, Shared
from edgegen.core.data import mapping
from edgegen.spec.edge import Spec
from edgegen.targets import Target
from edgegen.traefik.static import EntryPoint

Data = dict[str, Any]

RESOLVER = "letsencrypt"
"""One name for every authority: a rehearsed stack and a shipped one differ only in the directory's URL."""

LOGGING = Shared("logging", {"driver": "json-file", "options": {"max-size": "10m", "max-file": "3"}})
HARDENING = ["no-new-privileges:true"]


class EnvFile(Struct, frozen=True):
    """Variables whose values are secrets: a 0600 file that Compose reads without interpolation."""

    path: str
    variables: dict[str, str]
    """Variable -> name of the secret."""


class UsersFile(Struct, frozen=True):
    """An htpasswd file of bcrypt lines, and the users that must be in it."""

    path: str
    users: tuple[str, ...]
    service: str
    by_traefik: bool = False
    """Traefik asks for these passwords, and not the service itself."""


class SecretFile(Struct, frozen=True):
    """A 0600 file whose lines the spec holds itself (users of a basic-auth middleware)."""

    path: str
    lines: tuple[str, ...]


class OwnNetwork(Struct, frozen=True):
    """A network of this project that a service shares with Traefik only."""

    name: str
    internal: bool = True
    """Without access to the internet."""


class Parts(Struct, frozen=True):
    """Everything that one service of the spec asks for."""

    service: Service | None = None
    """The container, if it has one."""
    dynamic: Data = field(default_factory=dict)
    """Routers, middlewares and services for Traefik's file provider."""
    entrypoints: tuple[EntryPoint, ...] = ()
    """Additional entrypoints of Traefik."""
    env_files: tuple[EnvFile, ...] = ()
    users_files: tuple[UsersFile, ...] = ()
    secret_files: tuple[SecretFile, ...] = ()
    secrets: tuple[str, ...] = ()
    """Secrets that must exist as Compose secrets."""
    generated: tuple[tuple[str, int], ...] = ()
    """Secrets that edgegen makes for itself: (name, length)."""
    volumes: tuple[str, ...] = ()
    """Volumes that must exist besides the declared ones."""
    edge_mounts: tuple[OwnMount, ...] = ()
    """Folders that Traefik needs for this service."""
    edge_secrets: tuple[str, ...] = ()
    """Secrets that Traefik needs for this service."""
    own_networks: tuple[OwnNetwork, ...] = ()
    """Networks that must exist for this service, and that Traefik joins."""
    lifts_read_timeout: bool = False
    """Whether requests of any length must be allowed (uploads to a registry)."""


class Context(Struct, frozen=True):
    """What a kind needs to know besides its own service."""

    spec: Spec
    target: Target
    mentions: tuple[str, ...] = ()
    """Texts of the user's files that are read together with the rendered ones."""

    def routed(self, name: str) -> str:
        """What Traefik calls something of this project. In another project's Traefik `web` could be any project's."""
        return f"{self.spec.name}-{name}" if self.spec.edge.use else name

    @property
    def labels_are_shared(self) -> bool:
        """Whether what all routers use is written once, at Traefik's own service."""
        return self.target.edge_has_labels and self.spec.has_own_edge

    @property
    def resolver(self) -> str | None:
        """Traefik's certificates resolver; None where certificates are files."""
        return None if self.spec.acme.is_local else RESOLVER

    @property
    def edge_network(self) -> str:
        """The real name of the network that Traefik shares with public services."""
        return self.real_network(self.spec.edge.network)

    def real_network(self, name: str) -> str:
        """The real name of a network of the rendered file."""
        return network_name(self.spec, self.target, name)

    def public_url(self, host: str) -> str:
        """`https://host`, with the port where it is not 443."""
        port = self.spec.edge.ports.websecure
        return f"https://{host}" if port == 443 else f"https://{host}:{port}"


def network_name(spec: Spec, target: Target, name: str) -> str:
    """The real name of a network of the spec."""
    declared = spec.networks.get(name)
    if declared is not None and declared.name:
        return declared.name
    if declared is not None and declared.external:
        return name
    if declared is None and spec.edge.use and name == spec.edge.network:
        return name
    return target.real_name(spec.name, name)


def limits(spec: Spec, name: str, mem_limit: str, pids_limit: int, extra: Data) -> Data:
    """Limits of a container as Compose's own keys; as `deploy:` where `extra:` gives any limit so.

    Compose refuses a file that uses both forms for one container, even for two limits.
    """
    if mapping(extra, "deploy", "resources", "limits") or mapping(
        spec.extra, "services", name, "deploy", "resources", "limits"
    ):
        return {"deploy": {"resources": {"limits": {"memory": mem_limit, "pids": pids_limit}}}}
    return {"mem_limit": mem_limit, "pids_limit": pids_limit}


def env_file_path(name: str) -> str:
    """Where a service's secret variables are written."""
    return f"secrets/{name}.env"


def raw_env_file(path: str) -> Data:
    """An env file that Compose takes literally: in its usual format a `$` or a quote in a password changes it."""
    return {"path": f"./{path}", "format": "raw"}


def auth_folder(name: str) -> str:
    """The folder of a registry's htpasswd: `registry` for the service of that name, `registry-NAME` for others."""
    return "registry" if name == "registry" else f"registry-{name}"


def users_path(name: str) -> str:
    """The registry's htpasswd file, relative to the project directory."""
    return f"{auth_folder(name)}/htpasswd"
