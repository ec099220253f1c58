"""`kind: external`: a URL outside Docker that is served through the edge."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from edgegen.core.json_schema import conditions, one_of
from edgegen.core.validators import no_items
from edgegen.spec.base import Flag, Host, UrlCheck
from edgegen.spec.service import IN_A_FILE, RoutedService


class External(RoutedService):
    """A server that does not run in Docker."""

    model_config = ConfigDict(json_schema_extra=conditions(one_of("host", "hosts")))

    without_container: ClassVar[str] = "it is outside of Docker"
    needs_own_edge: ClassVar[str] = IN_A_FILE

    kind: Literal["external"]
    host: Host | None = None
    """Public name. Example: `nas.commenthouse.com`."""
    hosts: list[Host] = Field(default_factory=no_items)
    """Several public names, instead of `host`. Example: `[nas.commenthouse.com, files.commenthouse.com]`."""
    url: Annotated[str, Field(pattern=r"^(https?|h2c)://[^\s/?#@]+/?$"), UrlCheck]
    """Where the server runs: `http://192.0.2.10:5000`; `http://host.docker.internal:8123` for a program of the host
    itself (`target: compose` only), `http://minio:9001` for a second port of the service `minio`.
    Example: `http://192.0.2.10:5000`."""
    pass_host: Flag = True
    """Whether the server gets the public name in the Host header."""
    insecure_tls: Flag = False
    """Accept any certificate of an https:// URL (a NAS with a self-signed one)."""

    @property
    def asks_url(self) -> str:
        return self.url

    @model_validator(mode="after")
    def _insecure_needs_https(self) -> Self:
        if not self.own_hosts:
            raise ValueError("the key `host` is missing, or `hosts`")
        if self.insecure_tls and not self.url.startswith("https://"):
            raise ValueError("`insecure_tls` applies only to an https:// url")
        return self
