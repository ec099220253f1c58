"""`pass-tls-client-cert`: passes information about the client's certificate to the service."""

from typing import ClassVar, Literal

from pydantic import ConfigDict

from edgegen.core.json_schema import AN_OPTION
from edgegen.traefik.middlewares.base import Middleware, Options
from edgegen.traefik.middlewares.values import Flag


class Name(Options):
    """Which parts of a name to pass on."""

    country: Flag | None = None
    """Country."""
    province: Flag | None = None
    """Province."""
    locality: Flag | None = None
    """Locality."""
    organization: Flag | None = None
    """Organisation."""
    common_name: Flag | None = None
    """Common name."""
    serial_number: Flag | None = None
    """Serial number."""
    domain_component: Flag | None = None
    """Domain component."""


class Subject(Name):
    """Which parts of the subject to pass on."""

    organizational_unit: Flag | None = None
    """Organisational unit."""


class Info(Options):
    """Which parts of the certificate to pass on."""

    not_after: Flag | None = None
    """End of validity."""
    not_before: Flag | None = None
    """Start of validity."""
    sans: Flag | None = None
    """Alternative names."""
    serial_number: Flag | None = None
    """Serial number."""
    subject: Subject | None = None
    """Subject. Example: `{common_name: true}`."""
    issuer: Name | None = None
    """Issuer. Example: `{common_name: true}`."""


class PassTlsClientCert(Middleware):
    """Passes information about the client's certificate to the service."""

    model_config = ConfigDict(json_schema_extra=AN_OPTION)

    traefik_name: ClassVar[str] = "passTLSClientCert"
    needs_option: ClassVar[bool] = True

    kind: Literal["pass-tls-client-cert"] = "pass-tls-client-cert"
    pem: Flag | None = None
    """Pass on the whole certificate."""
    info: Info | None = None
    """Parts of it. Example: `{subject: {common_name: true}}`."""
