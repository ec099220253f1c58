"""What a text of Traefik's names: options, and words that stand somewhere in the files."""

from __future__ import annotations

import re

_OPTIONS = (
    (r"middleware ", ("middlewares",)),
    (r"[Ee]ntry ?[Pp]oint", ("entrypoints",)),
    (r"certificate resolver", ("tls.certresolver",)),
    (r"TLS options", ("tls.options",)),
    (r"rule |matcher|HostSNI", ("rule",)),
    (r"the service ", ("service",)),
    (r"priority", ("priority",)),
    (r"multiple Services", ("service", "rule")),
    (r"URL|port", ("loadbalancer.server.port", "loadbalancer.server")),
)
"""What a complaint is about -> the option that it is written in."""


def removed(text: str) -> list[str]:
    """`Jaeger Tracing backend has been removed in v3 …`: the option of Traefik 2 that such a text is about."""
    if text.startswith("HTTP3"):
        return ["experimental.http3"]
    found = re.match(r"(\w+)\b.* (?:has|have) been removed", text)
    return [found[1].lower()] if found else []


def named(text: str) -> list[str]:
    """What in a text can be an option or a name: `node: x`, `(swarmMode)`, whatever is in quotes."""
    if deprecated := re.match(r"(\w+) is now deprecated", text):
        return [deprecated[1]]
    found = re.findall(
        r"node: ([^\s,\"]+)|`([^`]+)`|entry point: (\S+)|CIDR address: (\S+)|\"([^\"]+)\"|entry[Pp]oint (\w+):", text
    )
    return [word for group in found for word in group if word]


def options(text: str) -> list[str]:
    """The options that a complaint is about, the likeliest first, then the words that it names."""
    found = [option for pattern, names in _OPTIONS if re.search(pattern, text) for option in names]
    return [*found, *named(text), *re.findall(r"CIDRs \[(\S+?)[\s\]]", text)]
