"""The socket proxy: HAProxy between Traefik and the Docker socket. What it lets through is in its template."""

from __future__ import annotations

import hashlib

from msgspec.structs import replace

from edgegen.compose.model import CONFIG_LABEL, File, Holds, OwnMount, Service
from edgegen.kinds.parts import HARDENING, LOGGING, limits
from edgegen.spec import layers
from edgegen.spec.edge import Spec
from edgegen.targets import Target

SOCKET_PROXY = layers.SOCKET_PROXY
SOCKET_NETWORK = "socket"
SOCKET_PORT = 2375
SOCKET = "/var/run/docker.sock"
CONFIG = "traefik/socket-proxy.cfg"

_CONFIG_IN_IMAGE = "/usr/local/etc/haproxy/haproxy.cfg"
# The Debian images have bash, the alpine ones wget, whose `-Y off` passes over a proxy of the user's Docker settings.
# The engine itself must answer: a proxy that may not open the socket listens all the same. On a machine under load the
# engine needs seconds to start a check, and `up --wait` gives up at the first "unhealthy": so many and patient checks.
_HEALTH = (
    f"if command -v bash >/dev/null; then set -- bash -c 'exec 3<>/dev/tcp/127.0.0.1/{SOCKET_PORT} && "
    r'printf "GET /_ping HTTP/1.0\r\n\r\n" >&3 && read -r _ status _ <&3 && test "$status" = 200'
    f'\'; else set -- wget -q -Y off -O /dev/null http://127.0.0.1:{SOCKET_PORT}/_ping; fi; exec timeout 9 "$@"'
)


def socket_proxy(spec: Spec) -> Service:
    """The container, without the digest of its configuration."""
    return Service(
        image=spec.edge.socket_proxy_image,
        restart="always",
        command=["haproxy", "-f", _CONFIG_IN_IMAGE],
        # The image's own user can't open a socket of root:docker 0660. Without capabilities root can do no more here
        # than own files.
        user="0:0",
        networks=[SOCKET_NETWORK],
        own_mounts=(
            OwnMount(SOCKET, SOCKET, Holds.SOCKET),
            OwnMount(f"./{CONFIG}", _CONFIG_IN_IMAGE, Holds.CONFIGURATION),
        ),
        is_edge=True,
        read_only=True,
        security_opt=HARDENING,
        cap_drop=["ALL"],
        **limits(spec, SOCKET_PROXY, "64m", 32, {}),
        # The image stops on SIGUSR1, which waits for open streams: those of Traefik never end.
        stop_signal="SIGTERM",
        healthcheck={"test": ["CMD-SHELL", _HEALTH], "interval": "10s", "timeout": "10s", "retries": 6,
                     "start_period": "10s"},
        logging=LOGGING,
    )  # fmt: skip


def socket_proxy_rights(target: Target) -> tuple[str, ...]:
    """Paths of the engine's API that may be read: those of the proxy's health check and of the provider."""
    return ("_ping", *target.proxy_rights)


def with_config(file: File, text: str) -> File:
    """The Compose file with the digest of the proxy's configuration in it, without which Compose changes nothing.

    HAProxy reads its configuration once, and a mounted file that was replaced stays the old one in the container.
    Comments don't count: the header names the spec's digest.
    """
    proxy = file.services.get(SOCKET_PROXY)
    if proxy is None:
        return file
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    labelled = replace(proxy, labels={CONFIG_LABEL: digest})
    return replace(file, services={**file.services, SOCKET_PROXY: labelled})
