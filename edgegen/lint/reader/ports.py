"""Published ports, in every syntax of Compose. Pure."""

from __future__ import annotations

import re

from edgegen.lint.model import Port
from edgegen.lint.reader.origin import Node, Origin
from edgegen.lint.reader.values import items, replaced, text_of

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
    rest, slash, protocol = text.partition("/")
    if not slash:
        protocol = ""
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
    data, origin = node
    texts, missing = {}, set()
    for key in ("target", "published", "host_ip", "protocol", "mode"):
        text, unset = replaced(text_of(data.get(key)), origin.at(key).layer.values)
        texts[key] = text
        missing |= set(unset)
    return Port(texts["target"], texts["published"], texts["host_ip"], texts["protocol"] or "tcp",
                texts["mode"] or "ingress", origin.spot, tuple(sorted(missing)))  # fmt: skip
