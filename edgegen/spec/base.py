"""What every part of the spec shares: strict, frozen, and values parsed into the field's own types."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.names import Duration, Hostname, ImageRef, ProjectName, is_host
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.core.validators import Before
from edgegen.system.internet import spelled


class HintedError(ValueError):
    """A value that can't be used, with what to write instead, and the key of its model that it is about."""

    def __init__(self, message: str, hint: str, key: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.key = key


class SpecModel(BaseModel):
    """Unknown keys are errors; nothing is changed after it was parsed."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


def _text(value: object) -> object:
    """Refuse what YAML did not read as text, and say how to write it as text."""
    if isinstance(value, bool | int | float):
        kind = "true or false" if isinstance(value, bool) else "a number"
        raise ValueError(f"expected text, but YAML reads this as {kind}: put it in quotes")
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("a NUL character can't be used here")
    return value


def scalar_text(value: object) -> object:
    """A scalar as the text that the container will see: `3000` -> "3000", `true` -> "true"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(getattr(value, "text", value))
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("a NUL character can't be used here")
    return value


def _parsed(parse: Callable[[str], str]) -> Before:
    """Text by way of one of the field's own types."""
    return Before(lambda value: parse(value) if isinstance(value, str) else _text(value))


def _duration(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Duration.parse(str(value)) if is_number or isinstance(value, str) else _text(value)


def ip_text(value: object) -> object:
    if not isinstance(value, str):
        return _text(value)
    try:
        ipaddress.ip_address(value)
    except ValueError:
        raise ValueError(f"`{shown(value)}` is not an IP address") from None
    if "%" in value:
        raise ValueError(f"`{shown(value)}` names an interface of one machine: neither records nor engines can use it")
    return spelled(value)


def _path_prefix(value: object) -> object:
    if not isinstance(value, str):
        return _text(value)
    if not value.startswith("/"):
        raise ValueError(f"`{shown(value)}` must start with `/`")
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("a path can't hold control characters")
    return value


def _url(value: object) -> object:
    if isinstance(value, str) and any(ord(character) < 32 or 126 < ord(character) < 160 for character in value):
        raise ValueError("a URL can't hold control characters")
    if isinstance(value, str) and "$" not in value and not _has_usable_port(value):
        raise ValueError("the host or the port of this URL is wrong: ports go from 1 to 65535")
    return _text(value)


def _has_usable_port(url: str) -> bool:
    from urllib.parse import urlsplit  # only for specs with a URL

    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def whole_host(url: str) -> str:
    """The host that a URL is the whole of: not a path of it, nor another port; empty for others."""
    from urllib.parse import urlsplit  # only for specs with a URL

    found = urlsplit(url)
    is_whole = found.path in ("", "/") and found.port in (None, {"http": 80, "https": 443}[found.scheme])
    return Hostname.parse(found.hostname or "") if is_whole and is_host(found.hostname or "") else ""


def _port(value: object) -> object:
    if isinstance(value, list):
        how = "name the one that the container listens on; ports that the host publishes are `ports: […]`"
        raise HintedError("expected one port", how)
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        raise HintedError(f"expected a number, not the text `{shown(value)}`", "remove the quotes")
    if isinstance(value, str) and (pair := _PAIR.fullmatch(value)):
        how = f'write `port: {pair[2]}`; what the host publishes is `ports: ["{value}"]`, and a `host` needs none'
        raise HintedError(f"`{value}` is two ports, and the one that the container listens on is expected", how)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"`{shown(value)}` is not a port: write a whole number from 1 to 65535")
    if not 1 <= value <= 65535:
        raise ValueError(f"{value} is not a port: ports go from 1 to 65535")
    return value


def check_user(value: object) -> object:
    """The user name itself; ValueError for one that htpasswd or HTTP Basic could not carry."""
    if isinstance(value, Mapping) or (isinstance(value, str) and ":" in value):
        # Without the value itself: it may hold a password.
        how = "write only the name: edgegen generates the password and shows it once"
        raise HintedError("expected the name of a user, without a password", how)
    # The name comes before the first colon in a line of htpasswd, and in an HTTP Basic header.
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", value):
        raise ValueError(f"`{str(value)[:60]}` is not a usable user name: 1 to 64 of letters, digits and . _ @ -")
    return value


def as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _bytes(value: object) -> object:
    text = scalar_text(value)
    if isinstance(text, str) and not _BYTES.fullmatch(text):
        raise ValueError(f"`{shown(text)}` is not a size like `512m` or `2g`")
    return text


_BYTES = late_pattern(r"\d+(\.\d+)?\s*([kKmMgGtT]?[bB]?)", re.ASCII)
_PAIR = late_pattern(r"(\d{1,5}):(\d{1,5})", re.ASCII)
NAME_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"

Flag = Annotated[bool, Strict()]
"""true or false. `no` and `on` are text in YAML 1.2, and a text doesn't say which of the two was meant."""
Whole = Annotated[int, Strict()]
"""A whole number, not a text or a flag that could be read as one."""
Text = Annotated[str, Before(_text)]
"""Text that must be text in YAML too."""
Scalar = Annotated[str, Before(scalar_text), AlsoAccepts("number", "boolean")]
"""A string, number or boolean; kept as the text that a container sees."""
Name = Annotated[str, Before(_text), StringConstraints(pattern=NAME_PATTERN)]
"""The name of a service, secret, network …: a-z, 0-9 and inner hyphens, at most 63."""
SecretName = Annotated[
    str,
    Before(_text),
    # Also the name of a file: no leading dot, no two dots in a row.
    StringConstraints(pattern=r"^[a-z0-9]((\.?[_-])*\.?[a-z0-9])*$", max_length=64),
]
"""The name of a secret or a config: a-z, 0-9 and inner `-`, `_` and `.`, at most 64, as on a swarm."""


def _octal(value: object) -> object:
    """YAML's own way of writing an octal number is as good as digits in quotes."""
    text = getattr(value, "text", value)
    return text[2:] if isinstance(text, str) and text.startswith("0o") else _text(value)


OctalText = Annotated[str, Before(_octal), AlsoAccepts("integer")]
"""Octal digits: `"0400"` or `0o400`."""
VolumeName = Annotated[str, Before(_text), StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$")]
NetworkName = VolumeName
UrlCheck = Before(_url)
"""What a URL's own pattern does not see: NUL and other control characters."""
EnvName = Annotated[str, StringConstraints(pattern=r"^[^=\x00-\x20]+$")]
Host = Annotated[str, _parsed(partial(Hostname.parse, wildcard=False))]
WildHost = Annotated[str, _parsed(partial(Hostname.parse, wildcard=True))]
Image = Annotated[str, _parsed(ImageRef.parse)]
DurationText = Annotated[str, Before(_duration)]
Project = Annotated[str, _parsed(ProjectName.parse)]
IpAddress = Annotated[str, Before(ip_text)]
PathPrefix = Annotated[str, Before(_path_prefix)]
PortNumber = Annotated[int, Field(ge=1, le=65535), Before(_port)]
StringList = Annotated[list[Text], Before(as_list), AlsoAccepts("string")]
Bytes = Annotated[str, Before(_bytes), AlsoAccepts("integer")]
User = Annotated[str, Before(check_user)]


class SecretUse(SpecModel):
    """`{secret: NAME}`: the value of a secret of the `secrets:` section."""

    secret: SecretName
    """The secret's name. Example: `db-password`."""

    @model_validator(mode="before")
    @classmethod
    def _never_the_value(cls, value: object) -> object:
        if not isinstance(value, Mapping | SecretUse):
            # Without the value itself: it may be a password.
            raise ValueError("expected `{secret: NAME}`, the name of a secret of `secrets:`")
        return value


Extra = dict[str, Any]
