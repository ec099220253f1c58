"""Which process holds a port: /proc/net lists the socket, /proc/PID/fd its process (proc(5)). No program is run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from msgspec import Struct

from edgegen.deploy.model import Published

PROC = Path("/proc")

_LISTENING = {"tcp": "0A", "udp": "07"}  # TCP_LISTEN, and TCP_CLOSE: a bound udp socket without a peer


class Socket(Struct, frozen=True):
    """A listening socket: its address, its number in the kernel and its owner's user id."""

    address: IPv4Address | IPv6Address
    port: int
    inode: str
    uid: int


class Holder(Struct, frozen=True):
    """A process that holds a port. `pid` is 0 if it belongs to a user whose processes this one can't see."""

    name: str
    pid: int = 0

    def __str__(self) -> str:
        return f"{self.name} (pid {self.pid})" if self.pid else self.name


def find_holders(port: Published, proc: Path = PROC) -> tuple[Holder, ...]:
    """The processes that listen on `port`, or one without a pid if only their user is known."""
    sockets = [found for found in listening(port.protocol, proc) if _overlaps(found, port)]
    if not sockets:
        return ()
    wanted = {f"socket:[{found.inode}]" for found in sockets}
    return tuple(_processes(wanted, proc)) or (Holder(f"a process of {_user(sockets[0].uid)}"),)


def listening(protocol: str, proc: Path = PROC) -> Iterator[Socket]:
    """The listening sockets of this network namespace. What can't be read is ignored."""
    for table in (protocol, f"{protocol}6"):
        yield from _sockets(protocol, _lines(proc / "net" / table))


def is_held(port: Published, tables: Mapping[str, Sequence[str]]) -> bool:
    """Whether anything listens on `port`, by the kernel's tables of another host. What can't be read is ignored."""
    rows = (tables.get(table, ()) for table in (port.protocol, f"{port.protocol}6"))
    return any(_overlaps(found, port) for lines in rows for found in _sockets(port.protocol, lines))


def _sockets(protocol: str, lines: Sequence[str]) -> list[Socket]:
    found = []
    for row in lines[1:]:
        fields = row.split()
        if len(fields) > 9 and fields[3] == _LISTENING.get(protocol):
            address, _, port = fields[1].partition(":")
            with suppress(ValueError):
                found.append(Socket(_address(address), int(port, 16), fields[9], int(fields[7])))
    return found


def _address(text: str) -> IPv4Address | IPv6Address:
    """The kernel prints each 32-bit word in the machine's own byte order."""
    words = [bytes.fromhex(text[at : at + 8]) for at in range(0, len(text), 8)]
    address = ip_address(b"".join(word[::-1] if sys.byteorder == "little" else word for word in words))
    return getattr(address, "ipv4_mapped", None) or address


def _overlaps(found: Socket, port: Published) -> bool:
    """A socket on `::` accepts IPv4 as well, unless it is set not to, which /proc does not show: it counts."""
    if found.port != port.port:
        return False
    if not port.address or found.address == IPv6Address("::"):
        return True
    wanted = ip_address(port.address)
    return found.address == wanted or (
        found.address.version == wanted.version and (found.address.is_unspecified or wanted.is_unspecified)
    )


def _processes(wanted: set[str], proc: Path) -> Iterator[Holder]:
    for folder in proc.iterdir():
        if folder.name.isdigit() and _links(folder / "fd") & wanted:
            yield Holder((_lines(folder / "comm") or ["?"])[0], int(folder.name))


def _links(folder: Path) -> set[str]:
    try:
        return {_target(link) for link in folder.iterdir()}
    except OSError:  # another user's process, or one that has just ended
        return set()


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []


def _user(uid: int) -> str:
    import pwd

    try:
        return f"user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user id {uid}"
