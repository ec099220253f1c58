"""Where a hint points: to edgegen's commands for a host of the spec, otherwise to common tools."""

from __future__ import annotations

from edgegen.endpoints import Endpoint, Kind


def traefik_log(endpoint: Endpoint) -> str:
    """Where Traefik logs what failed."""
    return "`edgegen logs traefik`" if endpoint.has_spec else "Traefik's log (`docker logs CONTAINER`)"


def health(endpoint: Endpoint) -> str:
    """What shows whether the containers run."""
    return "`edgegen status`" if endpoint.has_spec else "`docker ps`"


def upstream(endpoint: Endpoint) -> str:
    """What to look at where Traefik can't reach a service."""
    return f"is the service running and healthy ({health(endpoint)}), on the port and network of its labels?"


def renewal(endpoint: Endpoint) -> str:
    """What renews the certificate, and where it says why it did not."""
    if endpoint.kind is Kind.TCP:
        return "it is the service's own certificate, which the edge does not renew"
    if endpoint.proxied:
        return "it is Cloudflare's certificate: its dashboard (SSL/TLS, Edge Certificates) says why it is not renewed"
    if endpoint.has_spec:
        return "Traefik renews it automatically, and logs why it could not: `edgegen logs traefik`"
    return "whatever renews it (Traefik, certbot …) logs why it could not"
