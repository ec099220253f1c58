"""What a spec must come to, worked out from its plain data alone. Shares no code with edgegen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from tests.properties.specs import LABELS

Data = dict[str, Any]


@dataclass(frozen=True)
class Router:
    """A router that must exist: `http` or `tcp`, its hosts and path, and where it listens."""

    protocol: str
    hosts: frozenset[str]
    path: str | None
    entrypoint: str


def overlaid(data: Data, environment: str | None) -> Data:
    """The spec with its environment laid over it, as far as `specs` uses overlays."""
    overlay = (data.get("environments") or {}).get(environment) if environment else None
    if not overlay:
        return data
    services = dict(data.get("services", {}))
    for name, part in overlay["services"].items():
        merged = dict(services[name])
        for key, values in part.items():
            merged[key] = {**merged.get(key, {}), **values}
        services[name] = merged
    return {**data, "services": services}


def host(written: str) -> str:
    """A host as DNS knows it."""
    if written.startswith("*."):
        return f"*.{host(written[2:])}"
    name = written.removesuffix(".").lower()
    for label, ascii_label in LABELS.items():
        if name.startswith(f"{label.lower()}."):
            return ascii_label + name[len(label) :]
    return name


def routers(data: Data) -> dict[str, Router]:
    """Every router by its name with the provider, `web-http@docker`."""
    found: dict[str, Router] = {}
    for name, service in data.get("services", {}).items():
        if service.get("host"):
            found |= _service_routers(name, service)
    if dashboard := data.get("edge", {}).get("dashboard"):
        found |= _http("dashboard", "file", [dashboard["host"]], [], None)
    return found


def _service_routers(name: str, service: Data) -> dict[str, Router]:
    kind = service.get("kind", "container")
    if kind == "tcp":
        return {f"{name}@docker": Router("tcp", frozenset({host(service["host"])}), None, service["entrypoint"])}
    aliases = service.get("aliases", [])
    if kind == "redirect":
        return _http(name, "file", [service["host"], *aliases], [], None)
    provider = "file" if kind == "external" else "docker"
    found = _http(name, provider, [service["host"]], aliases, service.get("path"))
    if service.get("anonymous"):
        found[f"{name}-pull@docker"] = found[f"{name}-https@docker"]
    return found


def _http(name: str, provider: str, hosts: list[str], aliases: list[str], path: str | None) -> dict[str, Router]:
    own, others = frozenset(map(host, hosts)), frozenset(map(host, aliases))
    path = None if path == "/" else path
    found = {
        f"{name}-http@{provider}": Router("http", own | others, path, "web"),
        f"{name}-https@{provider}": Router("http", own, path, "websecure"),
    }
    if others:
        found[f"{name}-alias@{provider}"] = Router("http", others, None, "websecure")
    return found


def containers(data: Data) -> dict[str, Data]:
    """What must stand in the Compose file for each container: only keys that the user controls whole."""
    return {
        name: _container(service)
        for name, service in data.get("services", {}).items()
        if service.get("kind", "container") in ("container", "tcp")
    }


def _container(service: Data) -> Data:
    wanted: Data = {
        "environment": {
            key: text(value) for key, value in service.get("environment", {}).items() if not isinstance(value, dict)
        },
        "labels": {key: text(value) for key, value in service.get("labels", {}).items()},
    }
    for key in ("command", *(() if service.get("kind") == "tcp" else ("entrypoint",))):
        if key in service:
            wanted[key] = words(service[key])
    if "healthcheck" in service:
        wanted["healthcheck"] = {**service["healthcheck"], "test": words(service["healthcheck"]["test"])}
    if service.get("volumes"):
        wanted["volumes"] = [mount(item) for item in service["volumes"]]
    for key in ("secrets", "configs"):
        if service.get(key):
            wanted[key] = [used(item) for item in service[key]]
    return meant(wanted)


def meant(value: Any) -> Any:
    """What the author of a spec meant, who wrote every dollar sign for Compose as two."""
    return uninterpolated(value)


def used(value: Any) -> Any:
    """A use of a secret or config as Compose is told; the mode of a secret is that of its file."""
    if isinstance(value, str):
        return value
    told = {key: item for key, item in value.items() if key != "mode"}
    return value["source"] if told == {"source": value["source"]} else told


def configs(data: Data) -> Data:
    """What must stand in the Compose file for each config."""
    written = {
        name: {key: item if key == "content" or item.startswith("./") else f"./{item}" for key, item in source.items()}
        for name, source in data.get("configs", {}).items()
    }
    named: dict[str, Data] = meant(written)
    return named


def secret_modes(data: Data) -> dict[str, int]:
    """The mode of each secret's file: closed, unless a container mounts it."""
    modes = dict.fromkeys(data.get("secrets", {}), 0o600)
    for service in data.get("services", {}).values():
        for use in service.get("secrets", ()):
            name = use if isinstance(use, str) else use["source"]
            modes[name] = int((use.get("mode") if isinstance(use, dict) else None) or "0444", 8)
    return modes


def words(value: Any) -> Any:
    """A command: text, or a list of text."""
    return [text(item) for item in value] if isinstance(value, list) else value


def text(value: Any) -> str | None:
    """A scalar as a container sees it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def mount(value: Any) -> Data:
    """A volume in the long form."""
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item is not False}
    source, _, rest = value.partition(":")
    if not rest:
        return {"type": "volume", "target": source}
    target, _, option = rest.partition(":")
    return {"type": "volume", "source": source, "target": target} | ({"read_only": True} if option == "ro" else {})


def uninterpolated(value: Any) -> Any:
    """What Compose makes of values: `$$` is `$`; a single `$` would be a variable, and is a fault here."""
    if isinstance(value, dict):
        return {key: uninterpolated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [uninterpolated(item) for item in value]
    if isinstance(value, str):
        assert "$" not in value.replace("$$", ""), f"Compose would interpolate {value!r}"
        return value.replace("$$", "$")
    return value


_STRING = re.compile(r'`([^`]*)`|"((?:[^"\\\n]|\\.)*)"')
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"'}


def rule_arguments(rule: str) -> list[tuple[str, list[str]]]:
    """`Host(`a`) && PathPrefix(`/b`)` -> [("Host", ["a"]), ("PathPrefix", ["/b"])]: Go's string syntax, read anew."""
    found: list[tuple[str, list[str]]] = []
    position = 0
    matcher = re.compile(r"[\s()!&|]*([A-Za-z]+)\(")
    while start := matcher.match(rule, position):
        position = start.end()
        arguments = []
        while argument := _STRING.match(rule, position):
            arguments.append(_unquoted(argument))
            position = argument.end()
            position = re.compile(r"[,\s]*").match(rule, position).end()  # type: ignore[union-attr]  # matches nothing too
        found.append((start[1], arguments))
    assert re.fullmatch(r"[\s()]*", rule[position:]), f"a rest that is no rule: {rule[position:]!r} of {rule!r}"
    return found


def _unquoted(argument: re.Match[str]) -> str:
    if argument[1] is not None:
        return argument[1].replace("\r", "")
    return re.sub(r"\\(u[0-9a-f]{4}|U[0-9a-f]{8}|x[0-9a-f]{2}|.)", _unescaped, argument[2])


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uUx" else _ESCAPES[code]


def seen_router(protocol: str, answer: Data) -> Router:
    """A router of Traefik's answer (or of a rendered file) as a `Router`."""
    parts = rule_arguments(answer["rule"])
    hosts = [argument for matcher, arguments in parts if matcher.startswith("Host") for argument in arguments]
    paths = [arguments[0] for matcher, arguments in parts if matcher == "PathPrefix"]
    assert len(paths) <= 1 and len(answer["entryPoints"]) == 1
    names = frozenset(_wildcard(name) for name in hosts)
    return Router(protocol, names, paths[0] if paths else None, answer["entryPoints"][0])


def _wildcard(name: str) -> str:
    """The expression for one label below a domain, as the wildcard that it stands for."""
    head = "^[a-zA-Z0-9_-]+\\."
    return "*." + name[len(head) : -1].replace("\\.", ".") if name.startswith(head) else name
