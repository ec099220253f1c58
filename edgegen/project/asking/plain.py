"""A plain Traefik for a project that has none: with every entrypoint and resolver that its labels and files name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edgegen.core.data import mapping
from edgegen.lint.model import Dynamic
from edgegen.oracle.question import ConfigFile, Container, Provider

_OPTION = re.compile(r"traefik\.(?:http|tcp|udp)\.routers\.[^.]+\.(entrypoints|tls\.certresolver)", re.IGNORECASE)
_FIRST_PORT = 20_000
"""Any will do: the oracle moves it."""


def plain(containers: Sequence[Container], provider: Provider, dynamic: Sequence[Dynamic]) -> ConfigFile:
    """Its configuration: a file, in which names keep their case."""
    named = [*_of_labels(containers), *(pair for item in dynamic for pair in _of_data(item.data))]
    entrypoints = dict.fromkeys(text for option, text in named if option == "entrypoints") or {"web": None}
    resolvers = dict.fromkeys(text for option, text in named if option != "entrypoints")
    of_udp = {text for item in containers for key, value in item.labels.items()
              if key.lower().startswith("traefik.udp.") and key.lower().endswith(".entrypoints")
              for text in _split(value)}  # fmt: skip
    return ConfigFile(
        {
            "providers": {provider: {"exposedByDefault": False}},
            "api": {},
            "entryPoints": {
                name: {"address": f":{_FIRST_PORT + index}{'/udp' if name in of_udp else ''}"}
                for index, name in enumerate(entrypoints)
            },
            # Without any there is no such section: Traefik refuses an empty one, and does not start.
            **(
                {"certificatesResolvers": {name: {"acme": {"tlsChallenge": {}}} for name in resolvers}}
                if resolvers
                else {}
            ),
        }
    )


def _of_labels(containers: Sequence[Container]) -> Iterator[tuple[str, str]]:
    for item in containers:
        for key, value in item.labels.items():
            if found := _OPTION.fullmatch(key):
                yield from ((found.group(1).lower(), text) for text in _split(value))


def _of_data(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section in data.values():
        for router in mapping(section, "routers").values():
            yield from _of_router(mapping(router))


def _of_router(router: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in router.items():
        if key.lower() == "entrypoints" and isinstance(value, list):
            yield from (("entrypoints", text) for item in value for text in _split(str(item)))
        elif key.lower() == "tls" and isinstance(value, Mapping):
            yield from (("tls.certresolver", text) for name, item in value.items()
                        if name.lower() == "certresolver" for text in _split(str(item)))  # fmt: skip


def _split(value: str) -> Iterator[str]:
    for part in value.split(","):
        name = part.strip()
        if re.fullmatch(r"[A-Za-z0-9_-]+", name):
            yield name
