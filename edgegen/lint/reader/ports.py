"""Published ports, in every syntax of Compose. Pure."""

from __future__ import annotations

import re

from edgegen.lint.model import Port
from edgegen.lint.reader.origin import Node, Origin
from edgegen.lint.reader.values import items, replaced, text_of, texts

_HOST = re.compile(r"(?:\[(?P<six>[^\]]*)\]|(?P<four>[^\[\]]*))\Z")


def ports(node: Node) -> tuple[Port, ...]:
    """Those of a service. Of two with one address, number and protocol the later one counts."""
    found: dict[tuple[str, ...], Port] = {}
    for data, origin in items(node):
        port = _long((data, origin)) if isinstance(data, dict) else _short(text_of(data), origin)
        found[(port.address or "0.0.0.0", port.published, port.target, port.protocol)] = port  # noqa: S104  # a key
    return tuple(found.values())


def _short(raw: str, origin: Origin) -> Port:
    text, unset = replaced(raw, origin.layer.values)
    rest, _, protocol = text.partition("/")
    address = published = ""
    front, _, target = rest.rpartition(":")
    if front:
        address, colon, published = front.rpartition(":")
        if not colon:
            address, published = "", front
        elif front.endswith("]"):
            address, published = front, ""
    match = _HOST.match(address)
    if match:
        address = match["six"] or match["four"] or ""
    return Port(target, published, address, protocol.lower() or "tcp", "ingress", origin.spot, unset)


def _long(node: Node) -> Port:
    given, missing = texts(node, ("target", "published", "host_ip", "protocol", "mode"))
    return Port(given["target"], given["published"], given["host_ip"], given["protocol"] or "tcp",
                given["mode"] or "ingress", node[1].spot, missing)  # fmt: skip
