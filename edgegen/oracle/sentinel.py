"""A router that each provider delivers last of all: when it is in force, all the others had their chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from edgegen.oracle.flow import flow
from edgegen.oracle.question import PROJECT_LABEL, Container, DynamicFile, Provider

NAME = "zz-oracle-sentinel"
_MARK = "edgegen.oracle.sentinel"


def container(provider: Provider, project: str, networks: Sequence[str]) -> Container:
    """One more container."""
    labels = {
        PROJECT_LABEL[provider]: project,
        _MARK: "true",
        "traefik.enable": "true",
        f"traefik.http.routers.{NAME}.rule": f"Host(`{NAME}.invalid`)",
        f"traefik.http.routers.{NAME}.entrypoints": "traefik",
        f"traefik.http.routers.{NAME}.service": "noop@internal",
        # Resolvers are what Traefik looks at last: its complaint about this one is the end.
        f"traefik.http.routers.{NAME}.tls.certresolver": NAME,
        f"traefik.http.services.{NAME}.loadbalancer.server.port": "1",
    }
    return Container(NAME, labels, tuple(networks) or ("default",))


def file() -> DynamicFile:
    """One more dynamic file."""
    router: dict[str, Any] = {
        "rule": f"Host(`{NAME}.invalid`)",
        "entryPoints": ["traefik"],
        "service": "noop@internal",
        "tls": {"certResolver": NAME},
    }
    return DynamicFile(f"{NAME}.yml", flow({"http": {"routers": {NAME: router}}}))


def or_sentinel(constraints: str) -> str:
    """Constraints that let the sentinel pass too; as wrong as before where they are wrong."""
    return f"({constraints}) || Label(`{_MARK}`, `true`)" if constraints.strip() else constraints
