"""Names as the target of `--connect-to`."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.verify.detours import leads_to, resolved
from edgegen.verify.settings import ConnectTo, Settings


def test_a_name_becomes_its_address() -> None:
    rules = (ConnectTo("a.test", 443, "localhost", 8443), ConnectTo("b.test", None, "192.0.2.7", None))
    first, second = resolved(Settings(connect_to=rules)).connect_to
    assert first == ConnectTo("a.test", 443, "127.0.0.1", 8443)
    assert second == rules[1]


def test_of_both_families_ipv4_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    six = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 0, 0, 0))
    four = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 0))
    for answer, address in (([six, four], "192.0.2.1"), ([six], "2001:db8::1")):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=answer, **__: found)
        (rule,) = resolved(Settings(connect_to=(ConnectTo("", None, "edge", None),))).connect_to
        assert rule.to_host == address


def test_addresses_and_nothing_stay_as_they_are() -> None:
    settings = Settings(connect_to=(ConnectTo("", None, "", 8443), ConnectTo("a.test", 443, "2001:db8::1", None)))
    assert resolved(settings) == settings


@pytest.mark.parametrize("name", ["nowhere.invalid", "x" * 70 + ".test", "a..b"])
def test_a_name_without_an_address_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo

    def answer(host: str, *more: Any, **options: Any) -> Any:
        if host == "nowhere.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(OutsideError, match="--connect-to") as caught:
        resolved(Settings(connect_to=(ConnectTo("a.test", 443, name, None),)))
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("rules", "address"),
    [
        ([], ""),
        ([ConnectTo("a.test", 443, "192.0.2.7", 8443)], "192.0.2.7"),
        ([ConnectTo("", None, "192.0.2.7", None)], "192.0.2.7"),
        ([ConnectTo("", 443, "192.0.2.7", None)], "192.0.2.7"),
        ([ConnectTo("", 80, "192.0.2.7", None)], ""),
        ([ConnectTo("b.test", None, "192.0.2.7", None)], ""),
        ([ConnectTo("", 443, "", 8443), ConnectTo("a.test", 443, "192.0.2.7", None)], ""),
        ([ConnectTo("a.test", None, "192.0.2.7", None), ConnectTo("", None, "192.0.2.8", None)], "192.0.2.7"),
    ],
)
def test_the_first_rule_that_fits_leads(rules: list[ConnectTo], address: str) -> None:
    assert leads_to(Endpoint("w", "a.test"), Settings(connect_to=tuple(rules))) == address
