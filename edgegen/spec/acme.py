"""`acme:` how certificates are obtained."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from edgegen.core.json_schema import Says, conditions, where
from edgegen.core.mention import Mention
from edgegen.core.show import shown
from edgegen.core.validators import Before
from edgegen.endpoints import LOCAL
from edgegen.spec.base import SecretUse, SpecModel, Text

DIRECTORIES = {
    # Source: the authorities' own documentation of their ACME directories.
    "letsencrypt": "https://acme-v02.api.letsencrypt.org/directory",
    "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
    "zerossl": "https://acme.zerossl.com/v2/DV90",
}

_DIRECTORY = {"type": "string", "pattern": "^https://"}


def _authority(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("expected the name of an authority, or its https:// directory")
    if value in DIRECTORIES or value == LOCAL:
        return value
    if not re.fullmatch(r"https://[A-Za-z0-9.\-\[\]:]+(/[\x21-\x7e]*)?", value):
        from edgegen.core.suggest import suggest

        near = suggest(value, (*DIRECTORIES, LOCAL)) or next((name for name in DIRECTORIES if value in name), None)
        meant = f"; did you mean `{near}`?" if near else ""
        raise ValueError(
            f"`{shown(value)}` is none of {', '.join((*DIRECTORIES, LOCAL))}, nor an https:// directory{meant}"
        )
    return value


def _email(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+", value):
        raise ValueError(f"`{str(value)[:60]}` is not an e-mail address")
    return value


class ExternalAccount(SpecModel):
    """External account binding, which some authorities (ZeroSSL) require."""

    kid: Text
    """The key's id. Example: `w7Rk0x`."""
    hmac: SecretUse
    """The key itself, base64url without padding, as a secret. Example: `{secret: zerossl-hmac}`."""


class Acme(SpecModel):
    """How Traefik obtains certificates."""

    model_config = ConfigDict(json_schema_extra=conditions(where("ca", "zerossl", "eab")))

    email: Annotated[str, Before(_email)] | None = None
    """Contact address of the account. Example: `ops@commenthouse.com`."""
    challenge: Literal["http", "tls", "dns"] = "http"
    """`http` needs port 80, `tls` port 443 without a proxy, `dns` the provider's token (and allows wildcards)."""
    ca: Annotated[str, Before(_authority), Says(anyOf=[{"enum": [*DIRECTORIES, LOCAL]}, _DIRECTORY])] = "letsencrypt"
    """letsencrypt, letsencrypt-staging, zerossl, or the https:// directory of another authority. `local`: edgegen's
    own authority in `.edgegen/ca`, for a laptop; the other keys of this section then have no effect.
    Example: `letsencrypt-staging`."""
    ca_file: Text | None = None
    """PEM file with the certificate authority of a private ACME server. Example: `ca.pem`."""
    eab: ExternalAccount | None = None
    """External account binding. Example: `{kid: w7Rk0x, hmac: {secret: zerossl-hmac}}`."""
    dns_token: SecretUse | None = None
    """The DNS provider's token for the dns challenge. Default: the secret `cloudflare-api-token`.
    Example: `{secret: cloudflare-api-token}`."""
    dns_resolvers: list[Text] = Field(default_factory=lambda: ["1.1.1.1:53", "1.0.0.1:53"])
    """Resolvers (host:port) that Traefik uses to check whether the challenge's TXT record is visible.
    Example: `["9.9.9.9:53"]`."""

    @property
    def is_local(self) -> bool:
        """Whether certificates come from edgegen's own authority, so that Traefik doesn't request any."""
        return self.ca == LOCAL

    @property
    def directory(self) -> str:
        """The ACME directory's URL."""
        return DIRECTORIES.get(self.ca, self.ca)

    def names_used(self) -> Iterator[Mention]:
        """The secrets that it names."""
        if self.eab:
            yield Mention("secret", self.eab.hmac.secret, ("eab", "hmac", "secret"))
        if self.dns_token:
            yield Mention("secret", self.dns_token.secret, ("dns_token", "secret"))

    @model_validator(mode="after")
    def _zerossl_needs_eab(self) -> Self:
        if self.ca == "zerossl" and self.eab is None:
            raise ValueError("zerossl needs `eab: {kid: …, hmac: {secret: …}}`, made in its web console")
        return self
