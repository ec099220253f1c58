"""Spec -> Desired: everything that must exist, as data. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.compose.model import File, Service
from edgegen.core.data import items
from edgegen.desired.dynamic import dynamic_files, shared_placed
from edgegen.desired.edge import DASHBOARD_AUTH, TRAEFIK, dns_token, edge_env_files, edge_services, relative
from edgegen.desired.socket_proxy import SOCKET_NETWORK, SOCKET_PROXY
from edgegen.desired.used import shared_labels, with_used
from edgegen.kinds import Context, Parts, parts_of
from edgegen.kinds.composed import composed
from edgegen.kinds.parts import LOGGING, Data, EnvFile, SecretFile, UsersFile, network_name
from edgegen.spec.configs import ConfigSource
from edgegen.spec.edge import Spec
from edgegen.spec.mounted import secret_modes
from edgegen.spec.secrets import SecretSource
from edgegen.spec.service import ServiceBase
from edgegen.targets import Target, target_of

_FOR_ALL = 0o444


class Desired(Struct, frozen=True):
    """What must exist for a spec, before any of it is text."""

    spec: Spec
    target: Target
    file: File
    """Every service, described once: `targets.translated` makes it the target's own."""
    dynamic: dict[str, Data]
    secrets: dict[str, SecretSource]
    """Every secret that is needed, the spec's and edgegen's own."""
    secret_modes: dict[str, int]
    """Secret -> mode of its file, of those that a container besides Traefik mounts from here; Traefik reads 0600."""
    env_files: tuple[EnvFile, ...]
    users_files: tuple[UsersFile, ...]
    secret_files: tuple[SecretFile, ...]
    notes: dict[str, str]
    """A line about each service, for whoever reads the rendered file."""


def build(spec: Spec, mentions: tuple[str, ...] = ()) -> Desired:
    """Everything that must exist for `spec`. `mentions`: texts of files that are read with the rendered ones."""
    target = target_of(spec.target)
    context = Context(spec, target, mentions)
    parts = with_used(context, {name: parts_of(context, name, service) for name, service in spec.services.items()})
    shared = shared_placed(context) if spec.has_own_edge else {}
    edge = Parts(
        secret_files=tuple(file for item in shared.values() for file in item.secret_files),
        edge_secrets=tuple(secret for item in shared.values() for secret in item.secrets),
        users_files=_dashboard_users(spec),
        env_files=edge_env_files(spec),
        secrets=tuple(name for name in (dns_token(spec),) if name),
    )
    pieces = [*map(_mounted_users, parts.values()), _mounted_users(edge)]
    labels, dynamic = target.said_by_labels(dynamic_files(context, shared, pieces))
    return Desired(
        spec=spec,
        target=target,
        file=(file := _file(context, parts, pieces, edge_services(context, pieces, list(dynamic), labels))),
        dynamic=dynamic,
        secrets=needed_secrets(spec, pieces),
        secret_modes={} if target.files_are_sent else mounted_modes(spec, file),
        env_files=tuple(item for part in pieces for item in part.env_files),
        users_files=tuple(item for part in pieces for item in part.users_files),
        secret_files=tuple(item for part in pieces for item in part.secret_files),
        notes={name: note(spec, name) for name in (*file.services, *spec.extra.get("services", {}))},
    )


def note(spec: Spec, name: str) -> str:
    """What a service is there for, in one line."""
    if name == TRAEFIK:
        return "The edge: everything that comes from outside passes here."
    if name == SOCKET_PROXY:
        reads = target_of(spec.target).reads
        return f"Lets Traefik read {reads} and nothing else; the raw socket would be root on this host."
    return _about(spec.services[name]) if name in spec.services else "as `extra:` says"


def _about(service: ServiceBase) -> str:
    if service.local_port:
        return f"{service.kind}: http://127.0.0.1:{service.local_port}, for this machine only"
    if not service.own_hosts:
        return f"{service.kind}, reachable from inside only"
    host = service.own_hosts[0]
    if service.own_entrypoint:
        return f"{service.kind}: {host}:{service.own_entrypoint[1]}"
    return f"{service.kind}: https://{host}{service.own_paths[0].rstrip('/')}"


def _mounted_users(part: Parts) -> Parts:
    """Files with a middleware's users are secrets of Traefik's container."""
    names = (file.path.removeprefix("secrets/") for file in part.secret_files)
    return replace(part, edge_secrets=(*part.edge_secrets, *names))


def _dashboard_users(spec: Spec) -> tuple[UsersFile, ...]:
    dashboard = spec.edge.dashboard
    if dashboard is None:
        return ()
    return (UsersFile(f"{DASHBOARD_AUTH}/htpasswd", tuple(dashboard.users), "dashboard", by_traefik=True),)


def _file(context: Context, parts: dict[str, Parts], pieces: Sequence[Parts], edge: dict[str, Service]) -> File:
    spec = context.spec
    services = edge | {name: part.service for name, part in parts.items() if part.service is not None}
    return File(
        name=spec.name,
        shared=(LOGGING, *shared_labels(parts.values())),
        services=services,
        networks=_networks(context, pieces),
        volumes=_volumes(spec, pieces),
        secrets=_compose_secrets(pieces),
        configs={name: composed(_config(source)) for name, source in spec.configs.items()},
        extra=composed(spec.extra),
        edge_network=spec.edge.network if spec.has_own_edge else "",
    )


def _networks(context: Context, pieces: Sequence[Parts]) -> dict[str, Data]:
    spec = context.spec
    networks: dict[str, Data] = {}
    if spec.edge.network not in spec.networks and (spec.has_own_edge or spec.edge.use):
        networks[spec.edge.network] = {"name": network_name(spec, context.target, spec.edge.network)}
        if spec.edge.use:
            networks[spec.edge.network]["external"] = True
    if spec.edge.docker_socket == "proxy" and spec.has_own_edge:
        networks[SOCKET_NETWORK] = {"name": network_name(spec, context.target, SOCKET_NETWORK), "internal": True}
    for own in (network for part in pieces for network in part.own_networks):
        networks[own.name] = {"name": context.real_network(own.name)} | ({"internal": True} if own.internal else {})
    for name, network in spec.networks.items():
        options = network.model_dump(exclude_none=True, exclude_defaults=True)
        if options.pop("encrypted", False):
            options["driver_opts"] = {"encrypted": "true"}
        networks[name] = {"name": network_name(spec, context.target, name)} | composed(options)
    return networks


def _volumes(spec: Spec, pieces: Sequence[Parts]) -> dict[str, Data]:
    volumes = {
        name: composed(volume.model_dump(exclude_none=True, exclude_defaults=True))
        for name, volume in spec.volumes.items()
    }
    for part in pieces:
        for name in part.volumes:
            volumes.setdefault(name, {})
    return volumes


def _compose_secrets(pieces: Sequence[Parts]) -> dict[str, Data]:
    names = dict.fromkeys(name for part in pieces for name in (*part.secrets, *part.edge_secrets))
    return {name: {"file": f"./secrets/{name}"} for name in names}


def _config(source: ConfigSource) -> Data:
    if source.external:
        return {"external": True}
    return {"file": relative(source.file)} if source.file else {"content": source.content}


def needed_secrets(spec: Spec, pieces: Sequence[Parts]) -> dict[str, SecretSource]:
    """Every secret that is used somewhere, or declared."""
    secrets = dict(spec.secrets)
    for part in pieces:
        for name, length in part.generated:
            secrets.setdefault(name, SecretSource(generate=length))
    if (token := dns_token(spec)) and token not in secrets:
        secrets[token] = SecretSource(env="CLOUDFLARE_API_TOKEN")
    return secrets


def mounted_modes(spec: Spec, file: File) -> dict[str, int]:
    """Secret -> mode of its file, as a swarm has it: 0444 unless a service asks for less.

    Traefik is left out: it runs as root and may read 0600 files of whoever deploys.
    """
    asked = secret_modes(spec)
    services = {**dict.fromkeys(spec.extra.get("services", {})), **file.services}
    names = (name for service, body in services.items() for name in _mounts(spec, service, body))
    return {name: asked.get(name, _FOR_ALL) for name in names}


def _mounts(spec: Spec, name: str, service: Service | None) -> Iterator[str]:
    """The secrets that a service mounts, those of `extra:` included: there a list replaces the one before."""
    mounts: Any = [] if service is None or name == TRAEFIK else service.secrets
    own = {} if service is None else service.extra
    for extra in (own, spec.extra.get("services", {}).get(name, {})):
        mounts = extra.get("secrets", mounts)
    for mount in items(mounts):
        source = mount.get("source") if isinstance(mount, dict) else mount
        if isinstance(source, str):
            yield source
