"""A container of any image: Compose's keys as they are, plus the edge's labels where it has a host."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from edgegen.compose.model import Service
from edgegen.kinds.composed import composed, composed_service
from edgegen.kinds.middlewares import asked_without_host
from edgegen.kinds.parts import HARDENING, LOGGING, Context, Data, EnvFile, Parts, env_file_path, raw_env_file
from edgegen.kinds.routing import any_certificate, as_labels, enabling_labels, http_routes
from edgegen.spec.base import SecretUse, SpecModel
from edgegen.spec.configs import ConfigMount
from edgegen.spec.container import Build, Container, NetworkUse
from edgegen.spec.ports import as_compose
from edgegen.spec.secrets import SecretMount
from edgegen.spec.variables import has_variables
from edgegen.spec.volume_mounts import Mount
from edgegen.traefik.router import HttpService, service_dynamic

PASSED_THROUGH = (
    "container_name", "platform", "pull_policy", "profiles", "entrypoint", "command", "user", "working_dir",
    "hostname", "init", "tty", "stdin_open", "expose", "extra_hosts", "dns", "tmpfs", "read_only", "privileged",
    "cap_drop", "cap_add", "group_add", "devices", "sysctls", "shm_size", "mem_limit", "cpus", "stop_signal",
    "stop_grace_period",
)  # fmt: skip

HEEDED_BY_NOBODY = "SIGURG"
"""A signal that a process ignores unless it asked for it, and none does: it serves until it is killed."""


def build(context: Context, name: str, service: Container) -> Parts:
    """The container and, with a host, its routers as labels."""
    shaped = shape(name, service)
    if not service.own_hosts and asked_without_host(context.spec, name):
        return Parts(
            service=_asked(context, shaped, service), dynamic=_by_name(name, service), **secrets_of(name, service)
        )
    if not service.own_hosts:
        return Parts(service=_without_host(context, shaped, service), **secrets_of(name, service))
    routes = http_routes(
        context, name, service.own_hosts, aliases=service.aliases, paths=service.own_paths, uses=service.middlewares
    )
    transport, defined = any_certificate(name) if service.insecure_tls else (None, {})
    backend = _backend(context.routed(name), service, transport and f"{transport}@file")
    labels = as_labels(context, routes, backend)
    labels.own.update(composed(service.labels | service.traefik_labels))
    return Parts(
        service=replace(on_edge(context, shaped), labels=labels),
        dynamic={"http": defined} if defined else {},
        secret_files=routes.secret_files,
        edge_secrets=routes.secrets,
        **secrets_of(name, service),
    )


def _backend(name: str, service: Container, transport: str | None) -> HttpService:
    return HttpService(
        name,
        port=service.port,
        scheme=service.scheme,
        servers_transport=transport,
        health_path=service.health_path,
        health_every="1s" if service.health_path else None,
    )


def _asked(context: Context, shaped: Service, service: Container) -> Service:
    """On Traefik's network, and without a route."""
    return on_edge(context, _without_host(context, shaped, service))


def _by_name(name: str, service: Container) -> Data:
    """A service of Traefik for a container that it asks by its name: labels would make a route of it."""
    backend = HttpService(name, url=f"{service.scheme}://{name}:{service.port}")
    return {"http": {"services": {name: service_dynamic(backend)}}}


def _without_host(context: Context, shaped: Service, service: Container) -> Service:
    """Reachable only from inside, unless the spec itself has labels for Traefik."""
    if not service.traefik_labels:
        return replace(shaped, labels=composed(service.labels) or None)
    labels = {**enabling_labels(context), **composed(service.labels | service.traefik_labels)}
    return replace(on_edge(context, shaped), labels=labels)


def shape(name: str, service: Container) -> Service:
    """The container without labels and without the edge's network."""
    keys: Data = {key: getattr(service, key) for key in PASSED_THROUGH}
    if service.drain:
        keys |= {"stop_signal": HEEDED_BY_NOBODY, "stop_grace_period": service.drain}
    shaped = Service(
        **keys,
        image=service.image,
        build=_build(service.build),
        restart=service.restart or "unless-stopped",
        depends_on=_depends_on(service),
        environment={key: value for key, value in service.environment.items() if not isinstance(value, SecretUse)},
        env_file=[*service.env_file, *([raw_env_file(env_file_path(name))] if service.secret_variables else [])],
        ports=[as_compose(port) for port in service.ports],
        networks=_networks(service.networks),
        volumes=[_mount(volume) for volume in service.volumes],
        secrets=[_file(mount) for mount in service.secrets],
        configs=[_file(use) for use in service.configs],
        security_opt=service.security_opt or HARDENING,
        healthcheck=_dumped(service.healthcheck),
        ulimits={
            name: _dumped(limit) if isinstance(limit, SpecModel) else limit for name, limit in service.ulimits.items()
        },
        logging=_dumped(service.logging) or LOGGING,
        deploy=_dumped(service.deploy),
        extra=service.extra,
    )
    return composed_service(shaped)


def on_edge(context: Context, service: Service) -> Service:
    """The service on the edge's network too. Without its own networks it stays on the project's default network."""
    edge = context.spec.edge.network
    present = service.networks or ["default"]
    if isinstance(present, dict):
        return replace(service, networks={edge: {}, **present})
    return replace(service, networks=[edge, *(name for name in present if name != edge)])


def secrets_of(name: str, service: Container) -> dict[str, Any]:
    """The secrets of a container as fields of its `Parts`."""
    variables = service.secret_variables
    return {
        "env_files": (EnvFile(env_file_path(name), variables),) if variables else (),
        "secrets": tuple(mount.source for mount in service.secrets),
    }


def _dumped(model: SpecModel | None) -> Data | None:
    return model.model_dump(exclude_none=True) if model is not None else None


def _build(build: Build | None) -> Any:
    if build is None:
        return None
    return build.model_dump(exclude_none=True, exclude_defaults=True) | {"context": build.context}


def _depends_on(service: Container) -> Any:
    options = {name: use.model_dump(exclude_none=True) for name, use in service.depends_on.items()}
    plain = all(option == {"condition": "service_started"} for option in options.values())
    return list(options) if plain else options


def _networks(uses: dict[str, NetworkUse]) -> Any:
    options = {name: use.model_dump(exclude_none=True, exclude_defaults=True) for name, use in uses.items()}
    return options if any(options.values()) else list(options)


def _mount(mount: Mount | str) -> Any:
    if isinstance(mount, str):
        return mount
    return {"type": mount.type} | mount.model_dump(exclude_none=True, exclude_defaults=True)


def _file(use: SecretMount | ConfigMount) -> Any:
    options = use.model_dump(exclude_none=True)
    if use.mode and not has_variables(use.mode):
        options["mode"] = use.mode.rjust(4, "0")
    return use.source if options == {"source": use.source} else options
