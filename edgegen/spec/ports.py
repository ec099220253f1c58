"""`ports:` of a container: what it publishes on the host, past the edge, in Compose's short and long form."""

import re
from typing import Annotated, Any, Literal, NamedTuple

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.pattern import late_pattern
from edgegen.core.validators import Before
from edgegen.spec.base import IpAddress, PortNumber, SpecModel, Text
from edgegen.spec.compose_values import OR_VARIABLE
from edgegen.spec.variables import split

_SHORT = late_pattern(
    r"^(?:(?P<ip>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\])?:)?"
    r"(?:(?P<published>\d{1,5}(?:-\d{1,5})?)?:)?(?P<target>\d{1,5}(?:-\d{1,5})?)(?:/(?P<protocol>tcp|udp))?\Z",
    re.ASCII,
)
_HOST_PORTS = late_pattern(r"^\d{1,5}(?:-\d{1,5})?\Z", re.ASCII)


def _in_range(numbers: str, text: str) -> None:
    if not all(1 <= int(number) <= 65535 for number in re.findall(r"\d+", numbers)):
        raise ValueError(f"`{text[:60]}`: ports go from 1 to 65535")


def _short(value: object) -> object:
    if isinstance(value, dict | PortMapping):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('expected a port like `"8080:80"` or `"127.0.0.1:8080:80/udp"`')
    text = str(value)
    match = _SHORT.match(text)
    if not match:
        raise ValueError(f'`{text[:60]}` is not a port mapping like `"8080:80"` or `"127.0.0.1:8080:80/udp"`')
    _in_range(f"{match['published'] or ''} {match['target']}", text)
    return text


def _published(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('expected a port like `8080`, or a range like `"8080-8090"`')
    text = str(value)
    if not _HOST_PORTS.match(text):
        raise ValueError(f'`{text[:60]}` is not a port like `8080`, or a range like `"8080-8090"`')
    _in_range(text, text)
    return text


class PortMapping(SpecModel):
    """One published port in Compose's long form."""

    target: Annotated[PortNumber, OR_VARIABLE]
    """The port inside the container. Example: `53`."""
    published: Annotated[str, Before(_published), AlsoAccepts("integer"), OR_VARIABLE] | None = None
    """The port of the host, or a range to pick one from. Default: any free port. Example: `8080`."""
    host_ip: Annotated[IpAddress, OR_VARIABLE] | None = None
    """Address of the host. Default: all addresses. Example: `127.0.0.1`."""
    protocol: Annotated[Literal["tcp", "udp", "sctp"], OR_VARIABLE] | None = None
    """tcp, udp or sctp. Default: tcp."""
    mode: Annotated[Literal["host", "ingress"], OR_VARIABLE] | None = None
    """`host`: on the node of the container; `ingress`: on every node of a swarm."""
    name: Text | None = None
    """A name for people. Example: `dns`."""
    app_protocol: Text | None = None
    """The application protocol, like `http`. Example: `http`."""


PublishedPort = Annotated[str | PortMapping, Before(_short), AlsoAccepts("integer"), OR_VARIABLE]


class OnHost(NamedTuple):
    """Where a port is published. `address` is None for all; `published` is empty for any free port."""

    address: str | None
    published: str
    protocol: str


def on_host(mapping: str | PortMapping) -> OnHost:
    """`127.0.0.1:8080:80/udp`, or the long form. Variables stay as they are."""
    if isinstance(mapping, PortMapping):
        return OnHost(mapping.host_ip, mapping.published or "", mapping.protocol or "tcp")
    text, *protocol = split(mapping, "/")
    *rest, _ = split(text, ":")
    *host, published = rest or [""]
    return OnHost(":".join(host).strip("[]") or None, published, protocol[0] if protocol else "tcp")


def as_compose(mapping: str | PortMapping) -> Any:
    """The port as a Compose file has it."""
    return mapping if isinstance(mapping, str) else mapping.model_dump(exclude_none=True)
