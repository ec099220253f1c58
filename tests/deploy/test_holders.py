"""The holder of a real socket is this very process; a made-up /proc shows what other users' look like."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from edgegen.deploy.holders import Holder, find_holders, is_held
from edgegen.deploy.model import Published
from tests.ipv6 import loopbacks


@pytest.mark.parametrize("address", loopbacks())
@pytest.mark.parametrize(("protocol", "kind"), [("tcp", socket.SOCK_STREAM), ("udp", socket.SOCK_DGRAM)])
def test_our_own_socket(protocol: str, kind: socket.SocketKind, address: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind) as held:
        held.bind((address, 0))
        if protocol == "tcp":
            held.listen()
        name = Path("/proc/self/comm").read_text().strip()
        # Tests beside this one may have the same number on another address.
        assert Holder(name, os.getpid()) in find_holders(Published(held.getsockname()[1], protocol))


def test_nobody() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    assert find_holders(Published(port)) == ()


HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def made_up(tmp_path: Path, *rows: str, six: tuple[str, ...] = ()) -> Path:
    (tmp_path / "net").mkdir()
    for name, lines in (("tcp", rows), ("tcp6", six)):
        text = "".join(f"   0: {row} 00000000:00000000 00:00000000 00000000 {{}}\n" for row in lines)
        (tmp_path / "net" / name).write_text(
            HEAD + text.format(*(["54321        0 777 1 0 100 0 0 10 0"] * len(lines)))
        )
    return tmp_path


ANY_80 = "00000000:0050 00000000:0000 0A"
LOOP_80 = "0100007F:0050 00000000:0000 0A"
TALK_80 = "0100007F:0050 0100007F:9999 01"
ANY6_80 = "0" * 32 + ":0050 " + "0" * 32 + ":0000 0A"
MAPPED_80 = "0000000000000000FFFF00000100007F:0050 " + "0" * 32 + ":0000 0A"


@pytest.mark.parametrize(
    ("four", "six", "wanted", "held"),
    [
        (ANY_80, "", Published(80), True),
        (ANY_80, "", Published(80, "tcp", "192.0.2.1"), True),
        (ANY_80, "", Published(81), False),
        (ANY_80, "", Published(80, "tcp", "::1"), False),
        (LOOP_80, "", Published(80), True),
        (LOOP_80, "", Published(80, "tcp", "127.0.0.1"), True),
        (LOOP_80, "", Published(80, "tcp", "0.0.0.0"), True),
        (LOOP_80, "", Published(80, "tcp", "192.0.2.1"), False),
        (TALK_80, "", Published(80), False),
        ("", ANY6_80, Published(80, "tcp", "192.0.2.1"), True),
        ("", MAPPED_80, Published(80, "tcp", "127.0.0.1"), True),
        ("", MAPPED_80, Published(80, "tcp", "127.0.0.2"), False),
    ],
)
def test_who_overlaps(tmp_path: Path, four: str, six: str, wanted: Published, held: bool) -> None:
    proc = made_up(tmp_path, *([four] if four else []), six=(six,) if six else ())
    assert bool(find_holders(wanted, proc)) is held


def test_another_users_process_is_known_by_its_user(tmp_path: Path) -> None:
    assert find_holders(Published(80), made_up(tmp_path, ANY_80)) == (Holder("a process of user id 54321"),)


def test_a_visible_process_is_named(tmp_path: Path) -> None:
    proc = made_up(tmp_path, ANY_80)
    for pid, link in (("12", "socket:[777]"), ("13", "socket:[778]"), ("14", "/dev/null")):
        (proc / pid / "fd").mkdir(parents=True)
        (proc / pid / "comm").write_text(f"program{pid}\n")
        (proc / pid / "fd" / "3").symlink_to(link)
    assert [str(holder) for holder in find_holders(Published(80), proc)] == ["program12 (pid 12)"]


def test_a_host_without_proc(tmp_path: Path) -> None:
    assert find_holders(Published(80), tmp_path) == ()


@pytest.mark.parametrize("odd", ["-1000000:0050", "0100007:0050", "zz00007F:0050", "0100007F:xx", ":0050", "0100007F"])
def test_a_row_that_can_not_be_read_hides_no_other(odd: str) -> None:
    """Another host's tables are what it says they are."""
    rows = [f" 0: {address} 00000000:0000 0A 0 0 0 0 0 1" for address in (odd, "0100007F:0051")]
    assert not is_held(Published(80), {"tcp": ["head", *rows]})
    assert is_held(Published(81), {"tcp": ["head", *rows]})
