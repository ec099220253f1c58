"""Which key of edge.yaml replaces a label of Traefik."""

from __future__ import annotations

from edgegen.core.show import shown
from edgegen.traefik.label_words import faults
from edgegen.traefik.middlewares import KINDS_OF_LABELS
from edgegen.traefik.rule_hosts import hosts_of

OWN = "write it under `traefik_labels:`"
_REMOVE = "remove it: edgegen writes it"
_OF_ROUTERS = {
    "service": _REMOVE,
    "tls.options": "remove it: edgegen's routers have the edge's TLS options, and only a router of your own has others",
}


def is_traefiks(label: str) -> bool:
    """Whether a label is Traefik's, or was meant to be: case, and space around its root, don't matter."""
    return label.partition(".")[0].strip().lower() == "traefik"


def instead(label: str, value: str) -> str:
    """What to write instead of a label, in one sentence."""
    meant = next((fault.meant for fault in faults({label: value}) if fault.meant), label)
    words = meant.strip().split(".")[1:]
    section = words[0].lower() if words else ""
    if section == "enable":
        return _enable(value)
    if section in ("docker", "swarm") and words[-1].lower() == "network":
        return f"{_REMOVE}; the edge's network is `edge: {{network: …}}`"
    if section not in ("http", "tcp") or len(words) < 4:
        return OWN
    return _routing(section, words[1].lower(), words[2], [word.lower() for word in words[3:]], value)


def _routing(section: str, kind: str, name: str, option: list[str], value: str) -> str:
    if kind == "middlewares":
        return _middleware(name, option)
    if section == "tcp":
        return "use `kind: tcp` with `host`, `entrypoint`, `listen` and `port`"
    if kind == "routers":
        return _router(option, value)
    return _service(option, value) if kind == "services" else OWN


def _enable(value: str) -> str:
    if value.strip().lower() in ("false", "0", "f", "no", "off"):
        return "remove it: Traefik sees only services with a `host`"
    return "use `host:`: a service with one is routed"


def _router(option: list[str], value: str) -> str:
    if option == ["rule"]:
        return _rule(value)
    if option == ["middlewares"]:
        names = [name.strip().partition("@")[0] for name in value.split(",") if name.strip()]
        return f"use `middlewares: [{shown(', '.join(names))}]`"
    if option == ["entrypoints"]:
        return f"{_REMOVE}; for a separate port use `kind: tcp` with `entrypoint` and `listen`"
    if option in (["tls"], ["tls", "certresolver"]):
        return f"{_REMOVE}; `acme:` sets where certificates come from"
    if option[0] == "tls" and option[1].startswith("domains"):
        return "use `host:` (and `aliases:`): each gets its certificate"
    return _OF_ROUTERS.get(".".join(option), OWN)


def _rule(value: str) -> str:
    hosts = hosts_of(value)
    host = hosts[0] if hosts else "…"
    more = f" and `aliases: [{shown(', '.join(hosts[1:]))}]`" if len(hosts) > 1 else ""
    path = " and `path:`" if "path" in value.lower() else ""
    return f"use `host: {shown(host)}`{more}{path}" + ("" if hosts else f"; or {OWN}")


def _service(option: list[str], value: str) -> str:
    if option[-2:] == ["server", "port"]:
        return f"use `port: {shown(value)}`"
    if option[-2:] == ["server", "scheme"]:
        return f"use `scheme: {shown(value)}`"
    return OWN


def _middleware(name: str, option: list[str]) -> str:
    kind = KINDS_OF_LABELS.get(option[0])
    if kind is None:
        return OWN
    return (
        f"declare it: `middlewares: {{{shown(name)}: {{kind: {kind}, …}}}}`, and use it: `middlewares: [{shown(name)}]`"
    )
