"""The static configuration without what would reach out of this machine.

A list of what is kept, and not of what is removed: an option that a later Traefik brings connects nowhere. Kept are
entrypoints (on free ports of the loopback), the provider that is asked about (at an engine that only answers), dynamic
files, resolvers (their ACME server a closed port), and what only changes Traefik's own mind. Left out are all other
providers, plugins, metrics and traces that are sent, logs on the disk, and the question for a newer version.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from edgegen.core.data import mapping
from edgegen.oracle.disk import PATH_KEYS, Disk
from edgegen.oracle.options import NAMED, Tree
from edgegen.oracle.process import free_port
from edgegen.oracle.sentinel import or_sentinel

_PROVIDER_KEYS = (
    "constraints", "defaultrule", "exposedbydefault", "network", "usebindportip", "allowemptyservices",
    "disablednetworks",
)  # fmt: skip
_ACME_KEYS = (
    "email", "emailaddresses", "keytype", "preferredchain", "profile", "certificatesduration", "eab", "httpchallenge",
    "tlschallenge", "dnschallenge", "disablecommonname", "cacertificates", "casystemcertpool", "caservername",
    "clienttimeout", "clientresponseheadertimeout", "certificatetimeout",
)  # fmt: skip
_API_KEYS = ("dashboard", "debug", "disabledashboardad")


class Static(Struct, frozen=True):
    """What Traefik is started with."""

    tree: Tree
    ports: Mapping[str, int]
    """Of each entrypoint."""
    unasked: tuple[str, ...]
    """Sections that were left out."""
    has_api: bool
    plugins: tuple[str, ...]
    """Names of the plugins that it declares."""

    @property
    def api_port(self) -> int:
        return self.ports["traefik"]


def safe(tree: Tree, provider: str, endpoint: str, directory: str, disk: Disk) -> Static:
    """This configuration on the loopback. `endpoint`: the engine; `directory`: the URL of an ACME server."""
    found = _lower(tree)
    entrypoints, ports = _entrypoints(found.get("entrypoints"))
    kept: Tree = {
        **_kept(found, ("core", "serverstransport", "tcpserverstransport", "ping")),
        "entrypoints": entrypoints,
        "api": {**_kept(found.get("api"), _API_KEYS), "insecure": "true"},
        "log": {"level": "INFO", "nocolor": "true"},
        "global": {"checknewversion": "false", "sendanonymoususage": "false"},
        "providers": _providers(found.get("providers"), provider, endpoint, disk),
    }
    for name in ("serverstransport", "tcpserverstransport"):
        if isinstance(kept.get(name), dict):
            kept[name].pop("spiffe", None)
    if resolvers := found.get("certificatesresolvers"):
        kept["certificatesresolvers"] = _resolvers(resolvers, directory, disk)
    if isinstance(metrics := found.get("metrics"), dict) and "prometheus" in metrics:
        kept["metrics"] = {"prometheus": metrics["prometheus"]}
    on_disk = _with_paths(kept, disk.all_on_disk)
    api = found.get("api")
    has_api = api is not None and str(api).lower() != "false"
    return Static(on_disk, ports, tuple(_unasked(found, provider)), has_api, tuple(_plugins(found)))


def _lower(tree: Any) -> Tree:
    """Options in lower case, as Traefik reads them all; the names of entrypoints and resolvers stay."""
    found: Tree = {}
    for key, value in mapping(tree).items():
        name = key.lower()
        if name in NAMED and isinstance(value, dict):
            found[name] = {inner: _deep(item) for inner, item in value.items()}
        else:
            found[name] = _deep(value)
    return found


def _deep(value: Any) -> Any:
    if isinstance(value, dict):
        return _lower(value)
    return [_deep(item) for item in value] if isinstance(value, list) else value


def _kept(tree: Any, keys: tuple[str, ...]) -> Tree:
    return {key: value for key, value in mapping(tree).items() if key in keys}


def _entrypoints(found: Any) -> tuple[Tree, dict[str, int]]:
    named: Tree = {name: mapping(item) for name, item in mapping(found).items()} or {
        "http": {"address": ":80"}
    }  # Traefik's own, where nothing is said
    own = next((name for name in named if name.lower() == "traefik"), "traefik")
    # Its API is asked there: without middlewares, certificates or a redirection before it.
    named[own] = {"address": named.get(own, {}).get("address") or ":8080"}
    ports: dict[str, int] = {}
    taken: dict[tuple[str, str], int] = {}
    moved: Tree = {}
    for name, item in named.items():
        address = str(item.get("address") or f":{name}")
        place, slash, protocol = address.partition("/")
        port = place.rpartition(":")[2]
        ports[name.lower()] = taken.setdefault((port, protocol or "tcp"), free_port())
        is_port = not item.get("address") or (":" in place and _is_port(port))
        moved[name] = {**item, "address": f"127.0.0.1:{ports[name.lower()]}{slash}{protocol}" if is_port else address}
    return moved, ports


def _is_port(text: str) -> bool:
    """Whether Traefik would listen there: what it refuses, it must refuse here."""
    if text.isascii() and text.isdigit():
        return int(text) < 65_536
    try:
        return text == "" or socket.getservbyname(text) > 0
    except (OSError, UnicodeError, ValueError):
        return False


def _providers(found: Any, provider: str, endpoint: str, disk: Disk) -> Tree:
    sections: Tree = mapping(found)
    own = _kept(sections.get(provider), _PROVIDER_KEYS)
    if "constraints" in own:
        own["constraints"] = or_sentinel(str(own["constraints"]))
    more = {"refreshseconds": "1"} if provider == "swarm" else {}
    kept: Tree = {"rest": {}} if "rest" in sections else {}
    return {
        **kept,
        provider: {**own, **more, "endpoint": endpoint},
        "file": {"directory": str(disk.dynamic)},
        "providersthrottleduration": "100ms",
    }


def _resolvers(found: Any, directory: str, disk: Disk) -> Tree:
    kept: Tree = {}
    for index, (name, item) in enumerate(found.items() if isinstance(found, dict) else ()):
        acme = item.get("acme") if isinstance(item, dict) else None
        own = _kept(acme, _ACME_KEYS) if isinstance(acme, dict) else {"tlschallenge": "true"}
        if isinstance(acme, dict) and "storage" in acme and not acme["storage"]:
            place = ""  # Traefik stops for it
        else:
            place = str(disk.folder / f"acme-{index}.json")
        kept[name] = {"acme": {**own, "caserver": directory, "storage": place}}
    return kept


def _with_paths(tree: Any, on_disk: Callable[[str], str], key: str = "") -> Any:
    if isinstance(tree, dict):
        return {name: _with_paths(item, on_disk, name.lower()) for name, item in tree.items()}
    if isinstance(tree, list):
        return [_with_paths(item, on_disk, key) for item in tree]
    return on_disk(tree) if isinstance(tree, str) and key in PATH_KEYS else tree


_ASKED = (
    "core", "serverstransport", "tcpserverstransport", "ping", "entrypoints", "api", "log", "global", "accesslog",
    "certificatesresolvers",
)  # fmt: skip


def _unasked(found: Tree, provider: str) -> list[str]:
    sections = [key for key in found if key not in (*_ASKED, "providers", "metrics")]
    for key, kept in (
        ("providers", (provider, "file", "rest", "providersthrottleduration")),
        ("metrics", ("prometheus",)),
    ):
        sections += [f"{key}.{name}" for name in mapping(found, key) if name not in kept]
    return sections


def _plugins(found: Tree) -> list[str]:
    return [name for key in ("plugins", "localplugins") for name in mapping(found, "experimental", key)]
