"""A private image registry: passwords, TLS through the edge, uploads of any length."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from edgegen.compose.model import Holds, Merged, OwnMount, Service
from edgegen.kinds.composed import composed
from edgegen.kinds.parts import (
    HARDENING,
    LOGGING,
    Context,
    Data,
    EnvFile,
    OwnNetwork,
    Parts,
    UsersFile,
    auth_folder,
    env_file_path,
    limits,
    raw_env_file,
    users_path,
)
from edgegen.kinds.routing import Routes, as_labels, http_routes
from edgegen.spec.registry import Registry, RegistryBase, own_network
from edgegen.traefik.labels import middleware_labels
from edgegen.traefik.middlewares import parse_middleware
from edgegen.traefik.router import HttpRouter, HttpService
from edgegen.traefik.rules import quoted

IMAGES = {2: "registry:2.8.3", 3: "registry:3.0.0"}
PORT = 5000
DATA_PATH = "/var/lib/registry"
AUTH_PATH = "/auth"
EDGE_AUTH_PATH = "/etc/traefik/auth"
HTTP_SECRET_LENGTH = 64
_PULLS = (
    r"^/v2/([a-z0-9]+([._-]+[a-z0-9]+)*/)+"
    r"(tags/list|manifests/[a-zA-Z0-9_][a-zA-Z0-9_.:+-]*|blobs/[a-z0-9+._-]+:[a-fA-F0-9]+)$"
)
"""Everything that a pull asks for. A name can't begin with `_`, so `_catalog` is none in any spelling."""


class Settings(Struct, frozen=True):
    """A registry's configuration as its environment: what may be read, and what is secret."""

    environment: Data
    secrets: dict[str, str] = field(default_factory=dict)
    """Variable -> name of the secret."""


def build(context: Context, name: str, service: Registry) -> Parts:
    """The registry, its routers, its users and its secrets."""
    settings = common_settings(context, name, service)
    if service.delete:
        settings.environment["REGISTRY_STORAGE_DELETE_ENABLED"] = "true"
    anonymous = service.anonymous == "pull"
    if not anonymous and (service.host or service.users):
        settings.environment.update(htpasswd_auth())
    if service.local_port:
        return _local(context, name, service, settings)
    return assemble(context, name, service, settings, anonymous=anonymous)


def data_volume(name: str, service: RegistryBase) -> str | None:
    """The volume that holds the blobs; None with S3."""
    if service.storage is None:
        return f"{name}-data"
    return service.storage.volume


def common_settings(context: Context, name: str, service: RegistryBase) -> Settings:
    """What a registry and a cache have in common."""
    environment: Data = {}
    if service.host:
        # Location headers of uploads are absolute: without this they follow whatever a proxy claims.
        environment["REGISTRY_HTTP_HOST"] = context.public_url(service.host)
    secrets = {"REGISTRY_HTTP_SECRET": http_secret(name)}
    if service.version == 3:
        environment["OTEL_TRACES_EXPORTER"] = (
            "none"  # otherwise version 3 sends traces to localhost:4318 and logs errors
        )
    if service.storage and service.storage.s3:
        _s3(service, environment, secrets)
    return Settings(environment, secrets)


def http_secret(name: str) -> str:
    """The name of the secret that signs a registry's upload sessions."""
    return f"{name}-http-secret"


def htpasswd_auth() -> Data:
    """The registry asks for passwords itself. It supports only bcrypt."""
    return {
        "REGISTRY_AUTH": "htpasswd",
        "REGISTRY_AUTH_HTPASSWD_REALM": "Registry",
        "REGISTRY_AUTH_HTPASSWD_PATH": f"{AUTH_PATH}/htpasswd",
    }


def _s3(service: RegistryBase, environment: Data, secrets: dict[str, str]) -> None:
    s3 = service.storage.s3 if service.storage else None
    if s3 is None:
        return
    settings = {
        "": "s3",  # the image's own configuration names the filesystem driver: this replaces that section whole
        "_S3_BUCKET": s3.bucket,
        "_S3_REGION": s3.region,
        "_S3_REGIONENDPOINT": s3.endpoint,
        "_S3_FORCEPATHSTYLE": None if s3.force_path_style is None else str(s3.force_path_style).lower(),
        "_S3_ROOTDIRECTORY": s3.root,
        "_REDIRECT_DISABLE": None if s3.redirect else "true",
    }
    environment |= {f"REGISTRY_STORAGE{name}": value for name, value in settings.items() if value}
    if s3.access_key and s3.secret_key:
        secrets["REGISTRY_STORAGE_S3_ACCESSKEY"] = s3.access_key.secret
        secrets["REGISTRY_STORAGE_S3_SECRETKEY"] = s3.secret_key.secret


def assemble(
    context: Context, name: str, service: RegistryBase, settings: Settings, *, anonymous: bool = False
) -> Parts:
    """The container with its routers; with `anonymous` passwords are asked for by Traefik, and only to write."""
    uses = service.middlewares
    routes = http_routes(context, name, service.own_hosts, uses=uses)
    backend = HttpService(context.routed(name), port=PORT, health_path="/")
    if anonymous:
        routes = _anonymous_routes(name, routes)
    private = _own_network(name, service) if anonymous else None
    labels = as_labels(context, routes, backend, private.name if private else "")
    if anonymous:
        labels = _with_password(name, labels)
    labels.own.update(composed(service.labels | service.traefik_labels))
    volume = data_volume(name, service)
    network = private.name if private else context.spec.edge.network
    container = _container(context, name, service, settings, asks=not anonymous)
    container = replace(container, networks=list(dict.fromkeys([network, *service.networks])))
    return Parts(
        service=replace(container, labels=labels),
        env_files=(EnvFile(env_file_path(name), settings.secrets),),
        users_files=(UsersFile(users_path(name), tuple(service.users), name, by_traefik=anonymous),),
        secret_files=routes.secret_files,
        edge_secrets=routes.secrets,
        generated=((http_secret(name), HTTP_SECRET_LENGTH),),
        volumes=(volume,) if volume else (),
        edge_mounts=(_users(name, f"{EDGE_AUTH_PATH}/{name}"),) if anonymous else (),
        own_networks=(private,) if private else (),
        lifts_read_timeout=True,
    )


def _local(context: Context, name: str, service: Registry, settings: Settings) -> Parts:
    """A registry for this machine: on the loopback, past any edge, and with passwords only where there are users."""
    volume = data_volume(name, service)
    container = replace(
        _container(context, name, service, settings, asks=bool(service.users)),
        ports=[f"127.0.0.1:{service.local_port}:{PORT}"],
        networks=list(service.networks) or None,
    )
    return Parts(
        service=replace(container, labels=composed(service.labels) or None),
        env_files=(EnvFile(env_file_path(name), settings.secrets),),
        users_files=(UsersFile(users_path(name), tuple(service.users), name),) if service.users else (),
        generated=((http_secret(name), HTTP_SECRET_LENGTH),),
        volumes=(volume,) if volume else (),
    )


def _container(context: Context, name: str, service: RegistryBase, settings: Settings, *, asks: bool) -> Service:
    """The registry itself. `asks`: for passwords, which it then reads from its htpasswd file."""
    volume = data_volume(name, service)
    mounts: list[Data] = [{"type": "volume", "source": volume, "target": DATA_PATH}] if volume else []
    limited = limits(context.spec, name, composed(service.mem_limit), composed(service.pids_limit), service.extra)
    if service.replicas > 1:
        limited["deploy"] = {"replicas": service.replicas, **limited.get("deploy", {})}
    return Service(
        image=composed(service.image) or IMAGES[service.version],
        restart="always",
        environment=settings.environment,
        env_file=[raw_env_file(env_file_path(name))],
        volumes=mounts,
        own_mounts=(replace(_users(name, AUTH_PATH), must_exist=False),) if asks else (),
        security_opt=HARDENING,
        cap_drop=["ALL"],
        cap_add=["DAC_OVERRIDE"],  # to read a 0600 file that belongs to whoever deploys
        **limited,
        logging=LOGGING,
        extra=composed(service.extra),
    )


def _users(name: str, target: str) -> OwnMount:
    """The folder, not the file: `registry user` replaces the file, and a mounted file would stay the old one."""
    return OwnMount(f"./{auth_folder(name)}", target, Holds.SECRET, ("htpasswd",))


def _own_network(name: str, service: RegistryBase) -> OwnNetwork:
    """Traefik asks for the passwords, so anyone who reached the registry in another way could push without one."""
    goes_out = (service.storage and service.storage.s3) or service.image or _SETTINGS & service.extra.keys()
    return OwnNetwork(own_network(name), internal=not goes_out)


_SETTINGS = frozenset({"command", "entrypoint", "environment", "env_file"})
"""Keys of `extra:` that may name a server elsewhere."""


def _password_middleware(name: str) -> str:
    return f"{name}-users"


def _anonymous_routes(name: str, routes: Routes) -> Routes:
    """A second router allows pulls without a password, and nothing else.

    `/v2/` itself keeps asking: clients learn there that passwords exist, and without that challenge they would
    never send one with a push.
    """
    http, https, *rest = routes.routers
    guarded = HttpRouter(
        https.name, https.rule, https.entrypoints, (*https.middlewares, _password_middleware(name)), https.service,
        tls=https.tls,
    )  # fmt: skip
    rule = f"{https.rule} && (Method(`GET`) || Method(`HEAD`)) && PathRegexp({quoted(_PULLS)})"
    pull = HttpRouter(f"{name}-pull", rule, https.entrypoints, https.middlewares, https.service, tls=https.tls)
    return Routes((http, guarded, pull, *rest), routes.middlewares, routes.secret_files, routes.secrets)


def _with_password(name: str, labels: Merged) -> Merged:
    users = parse_middleware(
        {"kind": "basic-auth", "users_file": f"{EDGE_AUTH_PATH}/{name}/htpasswd", "realm": "Registry"}
    )
    labels.own.update(middleware_labels(_password_middleware(name), users))
    return labels
