"""How `verify` and `explain` look from the outside: their common options, and the settings these mean."""

from __future__ import annotations

import ipaddress
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from edgegen.cli.commands import option
from edgegen.cli.console import note
from edgegen.cli.options import AuthorityPort, Resolver
from edgegen.cli.seconds import time_option
from edgegen.core.cloudflare import RANGES
from edgegen.core.errors import SpecError, UsageError
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lookup import DNS_PORT, parse_server
from edgegen.verify.settings import TIMEOUT, Settings
from edgegen.verify.settings import ConnectTo as Detour

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from edgegen.endpoints import Endpoint

LONGEST_TIMEOUT = 3600.0
_MOST_BYTES = 64 * 1024
_DETOUR = late_pattern(r"(\[[^\]]*\]|[^:\[\]]*):(\d*):(\[[^\]]*\]|[^:\[\]]*):(\d*)", re.ASCII)
"""Four parts between colons; an IPv6 address is in brackets, as in a URL."""

Timeout = Annotated[float, time_option("--timeout", "For each host in total.")]
CfRanges = Annotated[
    list[Path] | None, option("--cf-ranges", "More Cloudflare address ranges, one per line; may be repeated.", "FILE")
]


class Look(Struct, frozen=True):
    """How hosts are reached and who is asked for their addresses."""

    ca_file: Annotated[Path | None, option("--ca-file", "Also trust the authorities in this file.", "PEM")] = None
    connect_to: Annotated[
        list[str] | None,
        option("--connect-to", "Connect to H2:P2 instead of H1:P1, like curl; may be repeated.", "H1:P1:H2:P2"),
    ] = None
    resolver: Resolver = None
    allow_private: Annotated[
        bool, option("--allow-private", "Connect to private addresses that the spec does not name.")
    ] = False
    authority_port: AuthorityPort = DNS_PORT

    def settings(self, timeout: float = TIMEOUT, cf_ranges: Sequence[Path] | None = None) -> Settings:
        """The options as settings. Without `--resolver` they have none: the lookup finds the system's own.

        Raises UsageError for an invalid detour, resolver, time or range, LocalIOError for a file that can't be read.
        The authorities of `ca_file` are read where they are used.
        """
        return Settings(
            timeout=checked_timeout(timeout),
            resolvers=tuple(map(parse_server, self.resolver or ())),
            authority_port=self.authority_port,
            connect_to=tuple(map(parse_connect_to, self.connect_to or ())),
            ca_file=str(self.ca_file) if self.ca_file is not None else None,
            allow_private=self.allow_private,
            cloudflare=tuple(dict.fromkeys((*RANGES, *read_ranges(cf_ranges or ())))),
        )


def checked_timeout(seconds: float) -> float:
    """Raises UsageError for an impossible time; click accepts `nan`."""
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise UsageError(f"--timeout {seconds:g}: use seconds above 0 and at most {LONGEST_TIMEOUT:g}")
    return seconds


def parse_connect_to(text: str) -> Detour:
    """`H1:P1:H2:P2` with any part empty, as curl takes it. Raises UsageError for anything else."""
    found = _DETOUR.fullmatch(text)
    if found is None:
        raise UsageError(
            f"--connect-to {shown(text)}: expected HOST:PORT:ADDRESS:PORT",
            hint="write it like `--connect-to www.example.com:443:127.0.0.1:8443`; put an IPv6 address in brackets",
        )
    return Detour(found[1], _port(found[2], text), found[3], _port(found[4], text))


def _port(text: str, whole: str) -> int | None:
    if not text:
        return None
    if len(text) > 5 or not 0 < int(text) < 65536:
        raise UsageError(f"--connect-to {shown(whole)}: ports are 1 to 65535")
    return int(text)


def read_ranges(files: Iterable[Path]) -> tuple[str, ...]:
    """The networks of files with one CIDR a line, as Cloudflare publishes them; `#` begins a comment."""
    return tuple(_range(line, file) for file in files for line in _lines(file))


def _lines(file: Path) -> list[str]:
    from edgegen.system.read import read_bounded

    try:
        text = read_bounded(file, _MOST_BYTES)
    except SpecError as error:  # not a regular file, or too large
        raise UsageError(f"--cf-ranges {error.problems[0]}") from None
    lines = (line.partition("#")[0].strip() for line in text.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line]


def _range(text: str, file: Path) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise UsageError(
            f"--cf-ranges {file}: `{shown(text)}` is not an address range",
            hint="see https://www.cloudflare.com/ips-v4 and /ips-v6",
        ) from None


def logged_in(settings: Settings, endpoints: Sequence[Endpoint]) -> Settings:
    """The settings with the passwords of registries, from the environment or as `docker login` left them."""
    from edgegen.secrets.logins import with_logins

    found = with_logins(settings, endpoints, os.environ, Path(os.environ.get("HOME", "/")))
    for warning in found.warnings:
        note(f"warning: {warning}")
    return found.settings
