"""Static options of Traefik 1, and what they are called since Traefik 2.

Source: the reference of the options of Traefik 1.7, and "Migration: from v1 to v2" of Traefik's documentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from edgegen.core.pattern import late_pattern

_NOTHING = ""
_GROUPS = {
    "accesslogsfile": "accesslog.filepath",
    "acme": "certificatesresolvers.NAME.acme",
    "boltdb": _NOTHING,
    "checknewversion": "global.checknewversion",
    "cluster": _NOTHING,
    "constraints": "providers.docker.constraints",
    "consul": "providers.consul",
    "consulcatalog": "providers.consulcatalog",
    "debug": "log.level",
    "defaultentrypoints": "entrypoints.NAME.asdefault",
    "docker": "providers.docker",
    "dynamodb": _NOTHING,
    "ecs": "providers.ecs",
    "etcd": "providers.etcd",
    "eureka": _NOTHING,
    "file": "providers.file",
    "forwardingtimeouts": "serverstransport.forwardingtimeouts",
    "gracetimeout": "entrypoints.NAME.transport.lifecycle.gracetimeout",
    "idletimeout": "entrypoints.NAME.transport.respondingtimeouts.idletimeout",
    "insecureskipverify": "serverstransport.insecureskipverify",
    "keeptrailingslash": _NOTHING,
    "kubernetes": "providers.kubernetesingress",
    "lifecycle": "entrypoints.NAME.transport.lifecycle",
    "loglevel": "log.level",
    "marathon": _NOTHING,
    "maxidleconnsperhost": "serverstransport.maxidleconnsperhost",
    "mesos": _NOTHING,
    "providersthrottleduration": "providers.providersthrottleduration",
    "rancher": _NOTHING,
    "respondingtimeouts": "entrypoints.NAME.transport.respondingtimeouts",
    "rest": "providers.rest",
    "retry": _NOTHING,
    "rootcas": "serverstransport.rootcas",
    "sendanonymoususage": "global.sendanonymoususage",
    "servicefabric": _NOTHING,
    "storeconfig": _NOTHING,
    "traefiklog": "log",
    "traefiklogsfile": "log.filepath",
    "web": "api",
    "zookeeper": "providers.zookeeper",
}
"""First words that only Traefik 1 knows -> what replaces them."""
_OF_ENTRYPOINT = {
    "auth": _NOTHING,
    "compress": _NOTHING,
    "redirect": "http.redirections.entrypoint",
    "tls": "http.tls",
    "whitelist": _NOTHING,
    "whitelistsourcerange": _NOTHING,
}
"""The same for the words of an entrypoint."""
_ENTRYPOINT = late_pattern(r"(?:.*\s)?(?:name|address):.*", re.IGNORECASE | re.DOTALL)
"""`Name:http Address::80 Redirect.EntryPoint:https`"""


def instead(pairs: Iterable[tuple[str, str]]) -> str:
    """What to do about options, each with what replaces it."""
    renamed = ", ".join(f"`{now}` for `{old}`" for old, now in dict(pairs).items() if now)
    return f"write {renamed}" if renamed else "remove it"


def replaced(option: str, value: str) -> tuple[str, str] | None:
    """An option of Traefik 1 without what is below it, and what replaces it; None for any other."""
    first, *words = option.lower().split(".")
    if first in _GROUPS:
        return first, _GROUPS[first]
    if first != "entrypoints":
        return None
    if not words and _ENTRYPOINT.fullmatch(value):
        return first, "entrypoints.NAME.address"
    if len(words) > 1 and words[1] in _OF_ENTRYPOINT:
        now = _OF_ENTRYPOINT[words[1]]
        return f"entrypoints.NAME.{words[1]}", now and f"entrypoints.NAME.{now}"
    return None
