"""`configs:`, and how a service mounts them: like secrets, for what anyone may read."""

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.validators import WHEN_MET, Before
from edgegen.spec.base import Flag, OctalText, Scalar, SecretName, SpecModel, Text
from edgegen.spec.compose_values import OR_VARIABLE


class ConfigSource(SpecModel):
    """What a config holds: exactly one of three."""

    file: Text | None = None
    """A file (relative to the project directory). Compose mounts it as it is, with the mode that it has.
    Example: `nginx.conf`."""
    content: Text | None = None
    """The text itself; Compose copies it into the container when it creates it. A service with `read_only` needs
    `file`, and so does one with `user: "UID:GID"` on Docker Engine 20.10. Example: `"Welcome\\n"`."""
    external: Flag = False
    """The swarm has a config of this name already (`target: swarm` only)."""

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.file is not None) + (self.content is not None) + self.external != 1:
            raise ValueError("a config has exactly one of `file`, `content` and `external`")
        if "" in (self.file, self.content):
            raise ValueError("a config can't be empty: to Compose it would have no source")
        return self


Number = Annotated[Scalar, StringConstraints(pattern=r"^[0-9]{1,10}$"), OR_VARIABLE]
ConfigMode = Annotated[OctalText, StringConstraints(pattern=r"^0?[0-7]{3}$"), OR_VARIABLE]


class ConfigMount(SpecModel):
    """A config as a file of the container."""

    source: SecretName
    """Name of the config. Example: `nginx-conf`."""
    target: Text | None = None
    """Path inside the container. Default: /NAME. Example: `/etc/nginx/nginx.conf`."""
    uid: Number | None = None
    """Owner, for a config with `content`. Default: 0. Example: `"1000"`."""
    gid: Number | None = None
    """Group, for a config with `content`. Default: 0. Example: `"1000"`."""
    mode: ConfigMode | None = None
    """Mode in quotes, for a config with `content`. Default: "0444". Example: `"0440"`."""


def _config_mount(value: object) -> object:
    return {"source": value} if isinstance(value, str) else value


ConfigMountUse = Annotated[ConfigMount, WHEN_MET, Before(_config_mount), AlsoAccepts("string")]
