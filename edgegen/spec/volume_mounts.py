"""Entries of `volumes` of a service: Compose's short and long forms as one."""

from typing import Annotated, Any, Literal, Self

from pydantic import model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.pattern import late_pattern
from edgegen.core.validators import Before
from edgegen.spec.base import Flag, SpecModel, Text
from edgegen.spec.compose_values import OR_VARIABLE
from edgegen.spec.variables import has_variables

_VOLUME_OPTIONS = late_pattern(r"^(?:ro|rw|z|Z|cached|delegated|consistent|nocopy|r?shared|r?slave|r?private)\Z")

_OF_BIND = frozenset({"z", "Z", "shared", "rshared", "slave", "rslave", "private", "rprivate"})


class BindOptions(SpecModel):
    """How the folder of the host is mounted."""

    propagation: (
        Annotated[Literal["private", "rprivate", "shared", "rshared", "slave", "rslave"], OR_VARIABLE] | None
    ) = None
    """Whether mounts that are made below it later are seen on the other side. Example: `rslave`."""
    selinux: Annotated[Literal["z", "Z"], OR_VARIABLE] | None = None
    """Relabel it for SELinux: z for several containers, Z for this one only (not on a swarm). Example: `z`."""


class VolumeOptions(SpecModel):
    """How the volume is mounted."""

    nocopy: Annotated[Flag, OR_VARIABLE] = False
    """Whether an empty volume stays empty: by default it gets what the image has at that path."""


class Mount(SpecModel):
    """A volume in Compose's long form."""

    type: Annotated[Literal["volume", "bind", "tmpfs"], OR_VARIABLE] = "volume"
    """volume, bind or tmpfs."""
    source: Text | None = None
    """Name of a volume of `volumes:`, or a path of the host. Example: `db-data`."""
    target: Text
    """Path inside the container. Example: `/var/lib/postgresql/data`."""
    read_only: Annotated[Flag, OR_VARIABLE] = False
    """Whether the container may only read it."""
    bind: BindOptions | None = None
    """Options of a bind mount. Example: `{propagation: rslave}`."""
    volume: VolumeOptions | None = None
    """Options of a volume. Example: `{nocopy: true}`."""

    @model_validator(mode="after")
    def _shape(self) -> Self:
        if not self.target.startswith("/") and not has_variables(self.target):
            raise ValueError(f"target `{self.target[:60]}` must be an absolute path inside the container")
        if self.type == "bind" and not self.source:
            raise ValueError("a bind mount needs a `source`")
        return self

    @property
    def names(self) -> str | None:
        """The volume that it names. A variable may become a path: what it names is known when it has a value."""
        return self.source if self.type == "volume" and not has_variables(self.source or "") else None


def _mount(value: object) -> object:
    """Compose's short form `SOURCE:TARGET[:OPTIONS]` as the long form, which has no traps (`v:/x` is a drive there)."""
    if not isinstance(value, str):
        return value
    parts = value.split(":")
    options = parts.pop().split(",") if len(parts) == 3 else []
    if len(parts) > 2 or not all(parts) or not all(_VOLUME_OPTIONS.match(option) for option in options):
        raise ValueError(f"`{value[:80]}` is not a volume like `db-data:/var/lib/data` or `./code:/app:ro`")
    if len(parts) == 1:
        return {"type": "volume", "target": parts[0]}
    source, target = parts
    kind = "bind" if source.startswith((".", "/", "~")) else "volume"
    found: dict[str, Any] = {"type": kind, "source": source, "target": target, "read_only": "ro" in options}
    bind = {"selinux" if option in ("z", "Z") else "propagation": option for option in options if option in _OF_BIND}
    return found | ({"bind": bind} if bind else {}) | ({"volume": {"nocopy": True}} if "nocopy" in options else {})


MountUse = Annotated[Mount, Before(_mount), AlsoAccepts("string"), OR_VARIABLE]
"""With a variable the short form stays text: Compose splits it after the variable has its value."""
