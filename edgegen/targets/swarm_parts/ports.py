"""Published ports in the form that a stack needs: one by one, on the node of the task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from edgegen.compose.emit import Interpolation
from edgegen.compose.model import Data
from edgegen.core.errors import BugError
from edgegen.spec.variables import split

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # what a user writes, not what is listened on
"""Addresses that say what a swarm does anyway."""
_NUMBER = re.compile(r"\d+\Z")
_RANGE = re.compile(r"(\d+)-(\d+)\Z")


def long_ports(ports: Sequence[Any]) -> list[Data]:
    """`8080:80/udp` and the long form as a stack has them."""
    return [port for item in ports for port in (_long(item) if isinstance(item, dict) else _short(str(item)))]


def _short(text: str) -> Iterator[Data]:
    mapping, *protocol = split(text, "/")
    *published, target = split(mapping, ":")
    if len(published) > 1 and ":".join(published[:-1]).strip("[]") not in {*EVERYWHERE, ""}:
        raise BugError(f"the port `{text}` has an address, and nothing has refused it")
    targets = _each(target)
    hosts: list[Any] = _each(published[-1]) if published and published[-1] else [None] * len(targets)
    if len(hosts) != len(targets):
        raise BugError(f"the port `{text}` is a range of another length, and nothing has refused it")
    for one, host in zip(targets, hosts, strict=True):
        yield _port(one, host, protocol[0] if protocol else "tcp")


def _each(text: str) -> list[Any]:
    if found := _RANGE.match(text):
        return list(range(int(found[1]), int(found[2]) + 1))
    return [_number(text)]


def _number(text: Any) -> Any:
    """A number, or a variable that becomes one: docker reads it as a number after it has its value."""
    if isinstance(text, str) and "$" in text:
        return Interpolation(text)
    return int(text) if isinstance(text, str) and _NUMBER.match(text) else text


def _long(port: Data) -> Iterator[Data]:
    yield _port(_number(port["target"]), _number(port.get("published")), str(port.get("protocol") or "tcp"))


def _port(target: Any, published: Any, protocol: str) -> Data:
    host = {} if published is None else {"published": published}
    said = Interpolation(protocol) if "$" in protocol else protocol
    return {"target": target, **host, "protocol": said, "mode": "host"}
