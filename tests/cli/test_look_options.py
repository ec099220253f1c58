"""How `verify` and `explain` are told to look: each option's words, and what is no such word."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.cli.look_options import Look, checked_timeout, parse_connect_to, read_ranges
from edgegen.core.errors import LocalIOError, UsageError
from edgegen.lookup import Server
from edgegen.verify.settings import ConnectTo


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("www.example.com:443:127.0.0.1:8443", ConnectTo("www.example.com", 443, "127.0.0.1", 8443)),
        ("WWW.Example.com.:443:edge:8443", ConnectTo("www.example.com", 443, "edge", 8443)),
        ("::127.0.0.1:", ConnectTo("", None, "127.0.0.1", None)),
        (":443::8443", ConnectTo("", 443, "", 8443)),
        (":::", ConnectTo("", None, "", None)),
        ("www.example.com:443:[2001:db8::1]:8443", ConnectTo("www.example.com", 443, "2001:db8::1", 8443)),
        ("[::1]:443:[::1]:8443", ConnectTo("::1", 443, "::1", 8443)),
    ],
)
def test_detours(text: str, meant: ConnectTo) -> None:
    assert parse_connect_to(text) == meant


@pytest.mark.parametrize(
    "text",
    ["", "a", "a:1:b", "a:1:b:2:c", "a:x:b:2", "a:0:b:2", "a:1:b:65536", "a:1:2001:db8::1:2", "a:1:b:99999999999",
     "a:٣:b:2"],
)  # fmt: skip
def test_what_is_no_detour(text: str) -> None:
    with pytest.raises(UsageError, match="--connect-to"):
        parse_connect_to(text)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan"), float("inf"), 3601.0])
def test_what_is_no_time(seconds: float) -> None:
    with pytest.raises(UsageError, match="--timeout"):
        checked_timeout(seconds)


def test_ranges_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ips"
    file.write_text("# Cloudflare\n203.0.113.0/24\n\n2001:db8::/32  # more\n")
    assert read_ranges([file]) == ("203.0.113.0/24", "2001:db8::/32")
    seen = Look(resolver=["127.0.0.1"]).settings(cf_ranges=[file])
    assert {"203.0.113.0/24", "2001:db8::/32", "104.16.0.0/13"} <= set(seen.cloudflare)


@pytest.mark.parametrize(
    ("text", "error"),
    [(None, LocalIOError), ("203.0.113.1/24\n", UsageError), ("<html>\n", UsageError), ("1\n" * 40_000, UsageError)],
)
def test_what_is_no_list_of_ranges(tmp_path: Path, text: str | None, error: type[Exception]) -> None:
    file = tmp_path / "ips"
    if text is not None:
        file.write_text(text)
    with pytest.raises(error, match="ips"):
        read_ranges([file])


def test_all_of_them() -> None:
    look = Look(
        ca_file=Path("ca.pem"), connect_to=["a:1:b:2"], resolver=["127.0.0.1:5353", "[::1]:53"], allow_private=True,
        authority_port=5300,
    )  # fmt: skip
    seen = look.settings(2.5)
    assert seen.resolvers == (Server("127.0.0.1", 5353), Server("::1", 53))
    assert (seen.timeout, seen.allow_private, seen.authority_port, seen.ca_file) == (2.5, True, 5300, "ca.pem")
    assert seen.connect_to == (ConnectTo("a", 1, "b", 2),)
