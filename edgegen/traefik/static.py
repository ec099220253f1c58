"""Traefik's static configuration as command-line flags, or as variables where one of its values is a secret.

Traefik reads only one source: a file wins over flags, flags over variables, and nothing is merged (seen on 3.7).
Flags read best, so they are the rule. The HMAC of an external account is a secret, and flags are visible in `ps` and
in the rendered file, which anyone may read: with one, everything becomes variables, and the HMAC's own comes from a
0600 file of variables. Anyone with access to the engine can still see it there, as root can.

Source: Traefik's reference, "CLI" and "Environment variables"; what each flag does was seen on Traefik 3.7.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from edgegen.core.secret import SecretRef
from edgegen.traefik.since import QUERY_PARAMETERS, flag_since
from edgegen.traefik.version import Version, is_at_least


class HasFlags(Protocol):
    """A part of the static configuration."""

    def flags(self) -> Iterator[str]:
        """Its flags."""


class EntryPoint(Struct, frozen=True):
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

    def __post_init__(self) -> None:
        if self.redirect_priority is not None and not self.redirect_to:
            raise ValueError(f"entrypoint `{self.name}` has a priority for a redirection that goes nowhere")

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


class Eab(Struct, frozen=True):
    """An account at the authority that this resolver is bound to. The HMAC is base64url without padding."""

    kid: str
    hmac: SecretRef


class AcmeResolver(Struct, frozen=True):
    """A certificates resolver."""

    name: str
    email: str | None
    ca_server: str
    storage: str
    challenge: str = "http"
    """`http`, `tls` or `dns`."""
    dns_provider: str | None = None
    dns_resolvers: tuple[str, ...] = ()
    """`host:port` each."""
    ca_certificates: tuple[str, ...] = ()
    """PEM files of the authority of the ACME server's own certificate."""
    eab: Eab | None = None

    def __post_init__(self) -> None:
        if self.challenge not in ("http", "tls", "dns"):
            raise ValueError(f"`{self.challenge}` is not a challenge: http, tls or dns")
        if self.challenge == "dns" and not self.dns_provider:
            raise ValueError(f"resolver `{self.name}` needs a DNS provider for its challenge")
        if not self.storage:
            raise ValueError(f"resolver `{self.name}` needs a storage: without one Traefik does not start")

    @property
    def secret_flags(self) -> dict[str, SecretRef]:
        """Flags whose values are secrets: the flag's name -> the secret."""
        return {f"{self._prefix}.eab.hmacencoded": self.eab.hmac} if self.eab else {}

    def secret_variables(self) -> dict[str, str]:
        """`secret_flags` as variables: variable -> name of the secret."""
        return dict(_variable(flag, secret.name) for flag, secret in self.secret_flags.items())

    @property
    def _prefix(self) -> str:
        return f"--certificatesresolvers.{self.name}.acme"

    def flags(self) -> Iterator[str]:
        """This resolver's flags, without `secret_flags`."""
        prefix = self._prefix
        if self.email:
            yield f"{prefix}.email={self.email}"
        yield f"{prefix}.caserver={self.ca_server}"
        yield f"{prefix}.storage={self.storage}"
        yield f"{prefix}.keytype=EC256"  # of any spelling that it does not know Traefik silently makes RSA4096
        if self.ca_certificates:
            yield f"{prefix}.cacertificates={','.join(self.ca_certificates)}"
        if self.eab:
            yield f"{prefix}.eab.kid={self.eab.kid}"
        if self.challenge == "http":
            yield f"{prefix}.httpchallenge.entrypoint=web"
        elif self.challenge == "tls":
            yield f"{prefix}.tlschallenge=true"
        else:
            yield f"{prefix}.dnschallenge.provider={self.dns_provider}"
            if self.dns_resolvers:
                yield f"{prefix}.dnschallenge.resolvers={','.join(self.dns_resolvers)}"


class FileProvider(Struct, frozen=True):
    """Routes from files."""

    directory: str

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        yield f"--providers.file.directory={self.directory}"
        yield "--providers.file.watch=true"


class StaticConfig(Struct, frozen=True):
    """All that Traefik must know before it starts. `api.insecure` can't be set."""

    entrypoints: tuple[EntryPoint, ...]
    engine: HasFlags
    """The provider that reads labels."""
    file: FileProvider
    resolvers: tuple[AcmeResolver, ...]
    log_level: str = "INFO"
    access_log: bool = True
    dashboard: bool = False
    of_middlewares: tuple[str, ...] = ()
    """Flags that middlewares ask for."""
    version: Version | None = None
    """Which Traefik reads it; None for a current one."""

    def __post_init__(self) -> None:
        names = [entrypoint.name for entrypoint in self.entrypoints]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValueError(f"there are two entrypoints `{twice}`")

    @property
    def has_secrets(self) -> bool:
        """Whether flags can't say all of it: then it is `variables` and `secret_variables`, and no flag at all."""
        return any(resolver.secret_flags for resolver in self.resolvers)

    def flags(self) -> list[str]:
        """The flags in a stable order. Raises ValueError where a value is a secret: it must not be in a flag."""
        if self.has_secrets:
            raise ValueError("a secret can't be a flag: use only variables")
        return self._flags()

    def variables(self) -> dict[str, str]:
        """The same as variables of Traefik's environment, without the secret ones. Traefik must not get a flag then."""
        return dict(_variable(*flag.split("=", 1)) for flag in self._flags())

    def secret_variables(self) -> dict[str, str]:
        """Variables whose values are secrets: variable -> name of the secret."""
        return {name: secret for resolver in self.resolvers for name, secret in resolver.secret_variables().items()}

    def _flags(self) -> list[str]:
        flags = ["--global.checknewversion=false", "--global.sendanonymoususage=false"]
        flags += [f"--log.level={self.log_level}", "--ping=true"]
        if self.access_log:
            flags += ["--accesslog=true", self._without_queries]
        if self.dashboard:
            flags.append("--api=true")
        parts: tuple[HasFlags, ...] = (*self.entrypoints, self.engine, self.file, *self.resolvers)
        for part in parts:
            flags += part.flags()
        return [*flags, *self.of_middlewares]

    @property
    def _without_queries(self) -> str:
        """Query strings carry a registry's upload tokens. Where they can't be left out, the path goes with them."""
        if is_at_least(self.version, *flag_since(QUERY_PARAMETERS)):
            return f"--{QUERY_PARAMETERS}.defaultmode=drop"
        return "--accesslog.fields.names.requestpath=drop"


def _variable(flag: str, value: str) -> tuple[str, str]:
    """`--ping` -> `TRAEFIK_PING`."""
    return "TRAEFIK_" + flag.removeprefix("--").replace(".", "_").upper(), value
