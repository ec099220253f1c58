"""`secrets:`, and how a service mounts them."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from edgegen.core.json_schema import ONE_KEY, AlsoAccepts
from edgegen.core.validators import WHEN_MET, Before
from edgegen.spec.base import EnvName, HintedError, OctalText, SecretName, SpecModel, Text, Whole

DEFAULT_MODE = "0444"
"""What a swarm gives a mounted secret: a container of any user can read it."""


class SecretSource(SpecModel):
    """Where a secret comes from: exactly one of three."""

    model_config = ConfigDict(json_schema_extra=ONE_KEY)

    generate: Annotated[Whole, Field(ge=16, le=256)] | None = None
    """Generate so many characters, once. Example: `32`."""
    file: Text | None = None
    """Copy this file (relative to the project directory) to `secrets/NAME` at each render. Example: `tls/key.pem`."""
    env: EnvName | None = None
    """Read it, once, from this variable: of edgegen's own environment, or else of `.env` in the project directory.
    Example: `SMTP_PASSWORD`."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.generate, self.file, self.env)) != 1:
            raise ValueError("a secret has exactly one of `generate`, `file` and `env`")
        if self.env and self.env[0] == "$" and self.env[1:2] != "{":  # which is refused where variables are
            raise HintedError("`env` is the name of a variable", "write it without its `$`", "env")
        return self


SecretMode = Annotated[OctalText, StringConstraints(pattern=r"^0?[46][04][04]$")]


class SecretMount(SpecModel):
    """A secret as a file of the container."""

    source: SecretName
    """Name of the secret. Example: `db-password`."""
    target: Text | None = None
    """File name below /run/secrets, or an absolute path. Example: `password.txt`."""
    mode: SecretMode | None = None
    """Mode of its file, the same for all who mount it, in quotes. Default: "0444", for a container of any user.
    Example: `"0440"`."""


def _secret_mount(value: object) -> object:
    return {"source": value} if isinstance(value, str) else value


SecretMountUse = Annotated[SecretMount, WHEN_MET, Before(_secret_mount), AlsoAccepts("string")]
