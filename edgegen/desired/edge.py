"""The edge's own services: Traefik, and the socket proxy between it and Docker."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from msgspec.structs import replace

from edgegen.compose.model import Holds, OwnMount, Service, deep_merge
from edgegen.core.cloudflare import RANGES
from edgegen.core.secret import SecretRef
from edgegen.desired.socket_proxy import SOCKET, SOCKET_NETWORK, SOCKET_PORT, SOCKET_PROXY, socket_proxy
from edgegen.kinds.composed import composed
from edgegen.kinds.parts import HARDENING, LOGGING, RESOLVER, Context, Data, EnvFile, Parts, limits, raw_env_file
from edgegen.spec import layers
from edgegen.spec.edge import Spec
from edgegen.spec.references import DEFAULT_DNS_TOKEN
from edgegen.spec.service import THE_HOST
from edgegen.traefik import store
from edgegen.traefik.static import AcmeResolver, Eab, EntryPoint, FileProvider, StaticConfig
from edgegen.traefik.version import version_of

TRAEFIK = layers.EDGE
DYNAMIC_FOLDER = "traefik/dynamic"
DYNAMIC_PATH = f"/etc/{DYNAMIC_FOLDER}"
LEAF_FOLDER = ".edgegen/ca/leaf"
"""Certificates of the local authority with their keys."""
LEAF_PATH = "/etc/traefik/leaf"
LOCAL_CERTIFICATES = "local-certificates.yml"
"""The dynamic file that names them."""
ACME_STORAGE = f"/{store.PATH}"
CA_PATH = "/etc/traefik/acme-ca.pem"
DASHBOARD_AUTH = "traefik/auth"
NO_TIMEOUT = "0"
ENV_FILE = "secrets/traefik.env"


def edge_services(context: Context, parts: Sequence[Parts], dynamic: Sequence[str], labels: Data) -> dict[str, Service]:
    """Traefik and, unless the raw socket is wanted, its socket proxy; nothing in a project without its own edge.

    `dynamic`: the files of the file provider; `labels`: what Traefik reads from its own service instead.
    """
    if not context.spec.has_own_edge:
        return {}
    services = {TRAEFIK: replace(_traefik(context, parts, dynamic), labels=labels or None)}
    if context.spec.edge.docker_socket == "proxy":
        services[SOCKET_PROXY] = socket_proxy(context.spec)
    return services


def static_config(context: Context, parts: Sequence[Parts]) -> StaticConfig:
    """Traefik's static configuration for this spec."""
    spec = context.spec
    endpoint = f"tcp://{SOCKET_PROXY}:{SOCKET_PORT}" if spec.edge.docker_socket == "proxy" else f"unix://{SOCKET}"
    seen = None if spec.edge.serves == "all" else spec.name
    return StaticConfig(
        entrypoints=_entrypoints(spec, parts),
        engine=context.target.watching(endpoint, context.edge_network, seen),
        file=FileProvider(DYNAMIC_PATH),
        resolvers=_resolvers(spec),
        log_level=spec.edge.log_level if "log_level" in spec.edge.model_fields_set else context.target.log_level,
        access_log=spec.edge.access_log,
        dashboard=spec.edge.dashboard is not None,
        of_middlewares=tuple(dict.fromkeys(flag for *_, item in spec.middleware_places() for flag in item.static())),
        version=version_of(spec.edge.image),
    )


def _entrypoints(spec: Spec, parts: Sequence[Parts]) -> tuple[EntryPoint, ...]:
    is_proxied = any(spec.is_proxied(host) for _, host in spec.public_hosts())
    trusted = (*spec.edge.trusted_ips, *(RANGES if is_proxied else ()))
    port = spec.edge.ports.websecure
    # With its default priority no router on web could ever match, so no path could stay on plain HTTP.
    web = EntryPoint(
        "web", ":80", redirect_to="websecure" if port == 443 else f":{port}", redirect_priority=1, trusted_ips=trusted
    )
    # Traefik's 60 seconds cover a whole request: every layer that takes longer to push would be cut.
    read_timeout = NO_TIMEOUT if any(part.lifts_read_timeout for part in parts) else spec.edge.read_timeout
    websecure = EntryPoint(
        "websecure",
        ":443",
        read_timeout=read_timeout,
        trusted_ips=trusted,
        http3=spec.edge.http3,
        http3_advertised_port=port if spec.edge.http3 and port != 443 else None,
    )
    return (web, websecure, *_further(parts))


def _further(parts: Sequence[Parts]) -> tuple[EntryPoint, ...]:
    """The entrypoints of services, each once: several tcp services may share one, each with its own name."""
    return tuple(dict.fromkeys(entry for part in parts for entry in part.entrypoints))


def _resolvers(spec: Spec) -> tuple[AcmeResolver, ...]:
    """One, or none where certificates are files."""
    acme = spec.acme
    if acme.is_local or not spec.has_own_edge:
        return ()
    resolver = AcmeResolver(
        name=RESOLVER,
        email=acme.email,
        ca_server=acme.directory,
        storage=ACME_STORAGE,
        challenge=acme.challenge,
        dns_provider="cloudflare" if acme.challenge == "dns" else None,
        dns_resolvers=tuple(acme.dns_resolvers) if acme.challenge == "dns" else (),
        ca_certificates=(CA_PATH,) if acme.ca_file else (),
        eab=Eab(acme.eab.kid, SecretRef(acme.eab.hmac.secret)) if acme.eab else None,
    )
    return (resolver,)


def edge_env_files(spec: Spec) -> tuple[EnvFile, ...]:
    """The secrets in Traefik's static configuration, which reach it as variables and never as flags."""
    found = _resolvers(spec) if spec.has_own_edge else ()
    secrets = {name: secret for item in found for name, secret in item.secret_variables().items()}
    return (EnvFile(ENV_FILE, secrets),) if secrets else ()


def dns_token(spec: Spec) -> str | None:
    """The name of the secret with the DNS provider's token; None where no challenge needs it."""
    if spec.acme.challenge != "dns" or spec.acme.is_local or not spec.has_own_edge:
        return None
    return spec.acme.dns_token.secret if spec.acme.dns_token else DEFAULT_DNS_TOKEN


def _traefik(context: Context, parts: Sequence[Parts], dynamic: Sequence[str]) -> Service:
    spec = context.spec
    direct = spec.edge.docker_socket == "direct"
    token = dns_token(spec)
    static = static_config(context, parts)
    # One flag would hide all variables from Traefik: it is the one or the other.
    variables = static.variables() if static.has_secrets else {}
    if token:
        variables["CF_DNS_API_TOKEN_FILE"] = f"/run/secrets/{token}"
    own_networks = [network.name for part in parts for network in part.own_networks]
    secrets = list(
        dict.fromkeys([*(name for part in parts for name in part.edge_secrets), *([token] if token else [])])
    )
    return Service(
        image=spec.edge.image,
        restart="always",
        command=None if static.has_secrets else static.flags(),
        environment=variables or None,
        env_file=[raw_env_file(file.path) for file in edge_env_files(spec)],
        depends_on=None if direct else [SOCKET_PROXY],
        ports=_published(spec, parts),
        extra_hosts=_extra_hosts(spec),
        networks=[spec.edge.network, *([] if direct else [SOCKET_NETWORK]), *own_networks],
        own_mounts=_mounts(spec, parts, dynamic),
        is_edge=True,
        secrets=secrets,
        read_only=True,
        tmpfs=["/tmp"],  # noqa: S108  # a mount of the container, not a path of this machine
        security_opt=HARDENING,
        cap_drop=["ALL"],
        cap_add=["NET_BIND_SERVICE", "DAC_OVERRIDE"],  # ports 80 and 443; 0600 files of whoever deploys
        **limits(spec, TRAEFIK, spec.edge.mem_limit, spec.edge.pids_limit, spec.edge.extra),
        healthcheck={"test": ["CMD", "traefik", "healthcheck", "--ping"], "interval": "10s", "timeout": "10s",
                     "retries": 6, "start_period": "10s"},
        logging=LOGGING,
        extra=composed(spec.edge.extra),
    )  # fmt: skip


def _published(spec: Spec, parts: Sequence[Parts]) -> list[str]:
    ports = spec.edge.ports
    pairs = [f"{ports.web}:80", f"{ports.websecure}:443"]
    if spec.edge.http3:
        pairs.append(f"{ports.websecure}:443/udp")
    pairs += [f"{entry.port}:{entry.port}" for entry in _further(parts)]
    address = spec.edge.bind
    if address is None:
        return pairs
    return [f"[{address}]:{pair}" if ":" in address else f"{address}:{pair}" for pair in pairs]


def _extra_hosts(spec: Spec) -> list[str] | None:
    """The host itself, where a URL leads to it: on Linux, Docker gives it no name by itself."""
    asked = any(urlsplit(url).hostname == THE_HOST for _, url in spec.asked_urls())
    return [f"{THE_HOST}=host-gateway"] if asked else None


def _mounts(spec: Spec, parts: Sequence[Parts], dynamic: Sequence[str]) -> tuple[OwnMount, ...]:
    # Folders, not files: a file that is replaced by rename stays the old one inside a container.
    kept = OwnMount(f"./{store.FOLDER}", f"/{store.FOLDER}", Holds.STATE)
    if spec.acme.is_local:
        kept = OwnMount(f"./{LEAF_FOLDER}", LEAF_PATH, Holds.SECRET)
        dynamic = [*dynamic, LOCAL_CERTIFICATES]
    mounts = [kept, OwnMount(f"./{DYNAMIC_FOLDER}", DYNAMIC_PATH, Holds.CONFIGURATION, tuple(dynamic))]
    if spec.acme.ca_file and not spec.acme.is_local:
        mounts.append(OwnMount(relative(spec.acme.ca_file), CA_PATH, Holds.CONFIGURATION))
    if spec.edge.dashboard:
        folder = f"/etc/{DASHBOARD_AUTH}/dashboard"
        mounts.append(OwnMount(f"./{DASHBOARD_AUTH}", folder, Holds.SECRET, ("htpasswd",)))
    mounts += [mount for part in parts for mount in part.edge_mounts]
    if spec.edge.docker_socket == "direct":
        mounts.append(OwnMount(SOCKET, SOCKET, Holds.SOCKET))
    return tuple(mounts)


def relative(path: str) -> str:
    """A path of the spec as Compose takes it for a path and not for a volume's name."""
    return path if path.startswith(("/", "./", "../", "~", "$")) else f"./{path}"


def merged_dynamic(parts: Sequence[Data]) -> Data:
    """Pieces of dynamic configuration as one. Merged in halves: one by one, each piece would copy all before it."""
    if len(parts) < 2:
        return deep_merge({}, parts[0]) if parts else {}
    middle = len(parts) // 2
    return deep_merge(merged_dynamic(parts[:middle]), merged_dynamic(parts[middle:]))
