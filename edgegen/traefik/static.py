"""Traefik's static configuration as command-line flags. Flags, variables and a file exclude each other: flags it is.

Source: Traefik's reference, "CLI"; what each flag does was seen on Traefik 3.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class HasFlags(Protocol):
    """A part of the static configuration."""

    def flags(self) -> Iterator[str]:
        """Its flags."""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A port that Traefik listens on."""

    name: str
    address: str
    read_timeout: str | None = None
    """Time for a whole request with its body; `0` for none. Traefik's default is 60 seconds."""
    redirect_to: str | None = None
    redirect_priority: int | None = None
    trusted_ips: tuple[str, ...] = ()
    http3: bool = False
    http3_advertised_port: int | None = None
    middlewares: tuple[str, ...] = ()

    @property
    def port(self) -> int:
        """The port of the address."""
        return int(self.address.rpartition(":")[2].partition("/")[0])

    def flags(self) -> Iterator[str]:
        """This entrypoint's flags."""
        prefix = f"--entrypoints.{self.name}"
        yield f"{prefix}.address={self.address}"
        if self.redirect_to:
            # Without `to` Traefik logs one line and serves plain HTTP.
            redirect = f"{prefix}.http.redirections.entrypoint"
            yield f"{redirect}.to={self.redirect_to}"
            yield f"{redirect}.scheme=https"
            yield f"{redirect}.permanent=true"
            if self.redirect_priority is not None:
                yield f"{redirect}.priority={self.redirect_priority}"
        if self.read_timeout is not None:
            yield f"{prefix}.transport.respondingtimeouts.readtimeout={self.read_timeout}"
        if self.trusted_ips:
            yield f"{prefix}.forwardedheaders.trustedips={','.join(self.trusted_ips)}"
        if self.http3:
            yield f"{prefix}.http3=true"
        if self.http3_advertised_port is not None:
            yield f"{prefix}.http3.advertisedport={self.http3_advertised_port}"
        if self.middlewares:
            yield f"{prefix}.http.middlewares={','.join(self.middlewares)}"


@dataclass(frozen=True, slots=True)
class AcmeResolver:
    """A certificates resolver."""

    name: str
    email: str | None
    ca_server: str
    storage: str
    challenge: str = "http"
    """`http`, `tls` or `dns`."""
    http_entrypoint: str = "web"
    dns_provider: str | None = None
    dns_resolvers: tuple[str, ...] = ()
    ca_certificates: tuple[str, ...] = ()
    key_type: str = "EC256"
    """Case sensitive: another spelling silently becomes RSA4096."""

    def flags(self) -> Iterator[str]:
        """This resolver's flags."""
        prefix = f"--certificatesresolvers.{self.name}.acme"
        if self.email:
            yield f"{prefix}.email={self.email}"
        yield f"{prefix}.caserver={self.ca_server}"
        yield f"{prefix}.storage={self.storage}"
        yield f"{prefix}.keytype={self.key_type}"
        if self.ca_certificates:
            yield f"{prefix}.cacertificates={','.join(self.ca_certificates)}"
        if self.challenge == "http":
            yield f"{prefix}.httpchallenge.entrypoint={self.http_entrypoint}"
        elif self.challenge == "tls":
            yield f"{prefix}.tlschallenge=true"
        else:
            yield f"{prefix}.dnschallenge.provider={self.dns_provider}"
            if self.dns_resolvers:
                yield f"{prefix}.dnschallenge.resolvers={','.join(self.dns_resolvers)}"


@dataclass(frozen=True, slots=True)
class DockerProvider:
    """Routes from containers' labels."""

    endpoint: str
    network: str | None = None

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        yield "--providers.docker=true"
        yield f"--providers.docker.endpoint={self.endpoint}"
        yield "--providers.docker.exposedbydefault=false"
        # A service that is down then answers 503; without this its router vanishes, and with it the reason.
        yield "--providers.docker.allowemptyservices=true"
        if self.network:
            yield f"--providers.docker.network={self.network}"


@dataclass(frozen=True, slots=True)
class FileProvider:
    """Routes from files."""

    directory: str

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        yield f"--providers.file.directory={self.directory}"
        yield "--providers.file.watch=true"


@dataclass(frozen=True, slots=True)
class StaticConfig:
    """All that Traefik must know before it starts. `api.insecure` can't be said."""

    entrypoints: tuple[EntryPoint, ...]
    docker: DockerProvider
    file: FileProvider
    resolvers: tuple[AcmeResolver, ...]
    log_level: str = "INFO"
    access_log: bool = True
    dashboard: bool = False

    def flags(self) -> list[str]:
        """The flags in a stable order."""
        flags = ["--global.checknewversion=false", "--global.sendanonymoususage=false"]
        flags += [f"--log.level={self.log_level}", "--ping=true"]
        if self.access_log:
            # Query strings carry a registry's upload tokens; headers carry passwords.
            flags += ["--accesslog=true", "--accesslog.fields.queryparameters.defaultmode=drop"]
        if self.dashboard:
            flags.append("--api=true")
        parts: tuple[HasFlags, ...] = (*self.entrypoints, self.docker, self.file, *self.resolvers)
        for part in parts:
            flags += part.flags()
        return flags
