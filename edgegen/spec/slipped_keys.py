"""Keys that YAML made of a value, after a comma or without a colon: what is shown of them, because the rest may be
half of a password."""

from __future__ import annotations

from msgspec import Struct

from edgegen.core.lines import lines_of
from edgegen.core.location import Location
from edgegen.core.pattern import late_pattern
from edgegen.core.secret import MASK

_GLUED = late_pattern(r"([A-Za-z_][\w.-]*)([:=])(?=\S)")
_SPACED = late_pattern(r"(\S+)\s+(?=\S)")


class Slip(Struct, frozen=True):
    """A key that was not meant as one."""

    shown: str
    """The key without what may be secret."""
    message: str
    hint: str
    name: str = ""
    """The key that was meant; "" where it isn't known."""


def slip(key: str, value: object, where: Location | None = None) -> Slip | None:
    """What went wrong with a key; None for one that was meant. `where` it is, if no other key is expected there."""
    if value is None and (glued := _GLUED.match(key)):
        name, sign = glued.groups()
        message = f"a space is missing after `{name}:`" if sign == ":" else f"`{name}={MASK}` is not a key"
        return Slip(f"{name}{sign}{MASK}", message, f"write `{name}: VALUE`", name)
    if spaced := _SPACED.match(key):
        name = spaced[1].rstrip(":")
        if value is not None:
            how = f"write `{name}: VALUE`, or the key without a space"
            return Slip(f"{name} {MASK}", f"`{name} {MASK}` is not a key: a key has no spaces", how, name)
        return Slip(f"{name} {MASK}", f"a `:` is missing after `{name}`", f"write `{name}: VALUE`", name)
    if value is None and where and where.text and not _has_colon(key, where):
        how = "a value with a comma needs quotes, and a key needs a `:`"
        return Slip(MASK, "YAML reads this as a key without a value", how)
    return None


def _has_colon(key: str, where: Location) -> bool:
    """Whether a colon follows, in this line or a later one. A key in quotes is longer in the file."""
    rest = "\n".join(lines_of(where.text)[where.line - 1 :])[where.column - 1 :]
    written = len(key) + 2 * rest.startswith(("'", '"'))
    return rest[written:].lstrip().startswith(":")
