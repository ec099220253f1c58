"""Which words Traefik's labels are made of, and which label has one that Traefik does not know.

Source: Traefik's reference, "Docker labels" of 3.7; what each mistake does was seen on 3.7.15.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from edgegen.core.suggest import suggest

_INDEX = re.compile(r"\[\d+\]")
ANY: Mapping[str, Any] = {}
"""Whatever follows is not judged here."""


def _words(text: str, **deeper: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {**dict.fromkeys(text.split(), ANY), **deeper}


_ROUTER = "rule entrypoints middlewares service priority rulesyntax"
_TLS = "certresolver options domains"
_HTTP_SERVER = _words("port scheme url weight preservepath")
_HTTP_BALANCER = _words(
    "passhostheader strategy serverstransport responseforwarding sticky healthcheck passivehealthcheck",
    server=_HTTP_SERVER,
)
_HTTP_MIDDLEWARES = _words(
    "addprefix basicauth buffering chain circuitbreaker compress contenttype digestauth encodedcharacters errors "
    "forwardauth grpcweb headers inflightreq ipallowlist ipwhitelist passtlsclientcert plugin ratelimit redirectregex "
    "redirectscheme replacepath replacepathregex retry stripprefix stripprefixregex"
)


def _named(words: Mapping[str, Any]) -> dict[str, Any]:
    """A name of the user's own comes first."""
    return {"*": words}


_HTTP = {
    "routers": _named(_words(f"{_ROUTER} parentrefs observability", tls=_words(_TLS))),
    "services": _named(_words("weighted mirroring failover highestrandomweight", loadbalancer=_HTTP_BALANCER)),
    "middlewares": _named(_HTTP_MIDDLEWARES),
    "serverstransports": ANY,
}
_TCP = {
    "routers": _named(_words(_ROUTER, tls=_words(f"{_TLS} passthrough"))),
    "services": _named(
        _words(
            "weighted",
            loadbalancer=_words("proxyprotocol terminationdelay serverstransport", server=_words("port tls")),
        )
    ),
    "middlewares": _named(_words("inflightconn ipallowlist ipwhitelist")),
    "serverstransports": ANY,
}
_UDP = {
    "routers": _named(_words("entrypoints service")),
    "services": _named(_words("weighted", loadbalancer=_words("", server=_words("port")))),
}
_GRAMMAR: Mapping[str, Any] = {
    "traefik": {
        "enable": ANY,
        "docker": _words("network allownonrunning lbswarm"),
        "swarm": _words("network lbswarm"),
        "http": _HTTP,
        "tcp": _TCP,
        "udp": _UDP,
        "tls": ANY,
    }
}


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A label with a word that Traefik does not know there. `meant` is the label as it was meant, or ""."""

    label: str
    word: str
    meant: str
    drops_container: bool
    """Traefik drops the container with all its routers. A wrong word right below `traefik` it passes over."""


def misspelt(labels: Iterable[str]) -> Iterator[Misspelt]:
    """Labels that are, or were meant to be, Traefik's and have a word that it does not know."""
    for label in labels:
        parts = label.split(".")
        depth, near = _unknown([_INDEX.sub("", part) for part in parts])
        if depth is not None:
            meant = ".".join([*parts[:depth], near, *parts[depth + 1 :]]) if near else ""
            capital = depth == 0 and parts[0].lower() == "traefik"
            yield Misspelt(label, parts[depth], meant, capital or depth > 1)


def _unknown(parts: list[str]) -> tuple[int | None, str]:
    """Where the first unknown word stands, and the one that it stands for."""
    if parts[0] != "traefik":
        near = suggest(parts[0], ["traefik"]) if len(parts) > 1 else None
        return (0, near) if near else (None, "")
    level: Mapping[str, Any] = _GRAMMAR
    for depth, part in enumerate(parts):
        if not level:
            break
        word = "*" if "*" in level else part.lower()
        if word not in level:
            return depth, suggest(part, level) or ""
        level = level[word]
    return None, ""
