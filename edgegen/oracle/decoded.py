"""Traefik reads the whole static configuration, and starts nothing: it is asked for its own health, without a ping.

`traefik healthcheck` reads flags, variables and files as the server does, and before it asks anything it ends where
`ping` is not enabled. So whatever it complains of but that is the configuration's fault, and nothing has been reached.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from edgegen.oracle.flow import flow
from edgegen.oracle.options import tree_of
from edgegen.oracle.process import printed
from edgegen.oracle.question import Flags, StaticSource, Variables

_FILE = "decoded.yml"
_NO_PING = "enable `ping`"
_OWN_FILES = tuple(Path("/etc/traefik") / f"traefik.{suffix}" for suffix in ("toml", "yaml", "yml"))
"""Where Traefik finds a file by itself; it would win over flags."""


def faults(source: StaticSource, binary: Path, folder: Path, *, seconds: float = 20) -> tuple[str, ...]:
    """The lines that Traefik says of a static configuration which it does not take; none where it takes it."""
    own_file = any(path.exists() for path in _OWN_FILES)
    words: list[str] = []
    variables: dict[str, str] = {}
    if isinstance(source, Flags) and not own_file:
        words = list(_without_ping(source.words))
    elif isinstance(source, Variables) and not own_file:
        variables = {
            name: value
            for name, value in source.values.items()
            if name.startswith("TRAEFIK_") and not name.startswith("TRAEFIK_PING")
        }
    else:
        words = [f"--configfile={_written(source, folder)}"]
    _, lines = printed([binary, "healthcheck", *words], folder, seconds=seconds, environment=variables)
    if any(_NO_PING in line for line in lines):
        return ()
    plain = (line.replace("command healthcheck error", "command traefik error") for line in lines)
    return tuple(line.replace(f"decoding configuration file {folder / _FILE}: ", "") for line in plain)


def _without_ping(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        name = word.lstrip("-").partition("=")[0].lower()
        if word.startswith("-") and name != "ping" and not name.startswith(("ping.", "configfile")):
            yield word


def _written(source: StaticSource, folder: Path) -> Path:
    tree = {key: value for key, value in tree_of(source).items() if key.lower() != "ping"}
    place = folder / _FILE
    place.write_text(flow(tree))
    return place
