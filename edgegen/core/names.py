"""Names from outside, parsed once at the boundary and trusted afterwards."""

from __future__ import annotations

import re
from typing import Self

from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown

_LABEL = late_pattern(r"^(?!-)[a-z0-9-]{1,63}(?<!-)\Z")
_IPV4 = late_pattern(r"^\d{1,3}(\.\d{1,3}){3}\Z", re.ASCII)
_PROJECT = late_pattern(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")
_DURATION = late_pattern(r"^(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h))+\Z", re.ASCII)
_NUMBER = late_pattern(r"^\d{1,9}(\.\d{1,9})?\Z", re.ASCII)
_AMOUNT = late_pattern(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)", re.ASCII)
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 0.000001, "µs": 0.000001, "ns": 0.000000001}
_LONGEST = 9_223_372_036.0
"""Go counts nanoseconds in 63 bits. Beyond them Compose refuses the file, and Traefik drops the whole container."""


class Hostname(str):
    """A DNS host name: lower case, without the trailing dot, IDNA (UTS-46) encoded, LDH labels only.

    `*.example.com` is allowed when `wildcard=True`. Raises ValueError with a sentence for the user.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str, *, wildcard: bool = False) -> Self:
        name, text = text.strip().removesuffix("."), shown(text)
        name = name.lower() if name.isascii() else name  # UTS-46 has its own rules for other letters
        star = name.startswith("*.")
        if star and not wildcard:
            raise ValueError(f"`{text}` is a wildcard, and a wildcard can't be used here")
        name = name.removeprefix("*.")
        _refuse_non_hosts(name, text)
        if not name.isascii():
            name = _to_idna(name, text)
        for label in name.split("."):
            _check_label(label, text)
        if len(name) + 2 * star > 253:
            raise ValueError(f"`{text}` is longer than 253 characters")
        if "." not in name:
            raise ValueError(f"`{text}` has no dot: write the full name, like `www.example.com`")
        return cls(f"*.{name}" if star else name)


def _refuse_non_hosts(name: str, text: str) -> None:
    if not name:
        raise ValueError("a host name can't be empty")
    if "://" in name or "/" in name:
        raise ValueError(f"`{text}` is a URL; write only the host name")
    if _IPV4.match(name) or name.startswith("[") or name.count(":") > 1:
        raise ValueError(f"`{text}` is an IP address; certificates and records need a host name")
    if re.search(r":\d+$", name):
        raise ValueError(f"`{text}` has a port; write only the host name")


def _check_label(label: str, text: str) -> None:
    if not label:
        raise ValueError(f"`{text}` has an empty label (two dots in a row, or one at the start)")
    if len(label) > 63:
        raise ValueError(f"label `{shown(label, 20)}` of `{text}` is longer than 63 characters")
    if not _LABEL.match(label):
        raise ValueError(f"label `{shown(label)}` of `{text}` may contain only a-z, 0-9 and inner hyphens")


def _to_idna(name: str, text: str) -> str:
    import idna  # only for names that need it: loading its tables takes 30 ms

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"`{text}` is not a valid international name: {error}") from None


def is_host(text: str) -> bool:
    """Whether a text is a host name, and not an address."""
    try:
        Hostname.parse(text)
    except ValueError:
        return False
    return True


class ProjectName(str):
    """The spec's `name`: a Compose project, a Swarm stack and the owner of DNS records."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _PROJECT.match(text):
            raise ValueError(
                f"`{shown(text, 70)}` is not a usable name: 1 to 63 of a-z, 0-9 and inner hyphens, "
                "starting and ending with a letter or digit"
            )
        return cls(text)


class ImageRef(str):
    """An image reference `[registry[:port]/]path[:tag][@digest]`, checked by the distribution grammar."""

    __slots__ = ()

    _PATTERN = late_pattern(
        r"^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
        r"(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?/)?"
        r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*"
        r"(?::[\w][\w.-]{0,127})?(?:@sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128}))?\Z",
        re.ASCII,
    )

    @classmethod
    def parse(cls, text: str) -> Self:
        if not cls._PATTERN.match(text) or len(text) > 512:
            lower = text.lower()
            meant = f"; did you mean `{lower}`?" if lower != text and cls._PATTERN.match(lower) else ""
            from edgegen.core.redact import redacted_image

            raise ValueError(
                f"`{shown(redacted_image(text), 70)}` is not an image reference like `ghcr.io/acme/web:1.4`{meant}"
            )
        return cls(text)

    @property
    def registry(self) -> str:
        """The registry that it names, with its port; "" for the hub."""
        first, slash, _ = self.partition("/")
        return first if slash and ("." in first or ":" in first or first == "localhost") else ""

    @property
    def tag(self) -> str:
        """The tag, or "" where there is none."""
        last = self.partition("@")[0].rpartition("/")[2]
        return last.partition(":")[2]

    @property
    def is_pinned(self) -> bool:
        """True with a digest or a tag other than `latest`."""
        return "@" in self or self.tag not in ("", "latest")


class Duration(str):
    """A Go duration as Traefik and Compose write it: `30s`, `1m30s`, `500ms`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        if not _DURATION.match(text):
            raise ValueError(f"`{shown(text)}` is not a duration like `30s`, `1m30s` or `500ms`")
        if seconds_of(text) > _LONGEST:
            raise ValueError(f"`{shown(text)}` is longer than 292 years, the longest duration of Compose and Traefik")
        return cls(text)


def seconds_of(duration: str) -> float:
    """A duration as Go writes it, `1m30s`, in seconds; 0 for anything else."""
    return sum(float(number) * _UNITS[unit] for number, unit in _AMOUNT.findall(duration))


TIME_EXAMPLES = "90, 90s, 1m or 1h30m"


def time_of(text: str) -> float:
    """Seconds, `90` or `1.5`, or a duration, `1h30m`: in seconds. Raises ValueError for anything else."""
    return float(text) if _NUMBER.match(text) else seconds_of(Duration.parse(text))


def duration_text(seconds: float) -> str:
    """Seconds as a duration, without those that are not worth reading: `1h30m`, `1m40s`, `8s`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = (f"{hours}h" * bool(hours), f"{minutes}m" * bool(minutes), f"{rest}s" * bool(rest))
    return "".join(parts) or "0s"
