"""requests' way to one address: what an ended connection is taken for, and how many there are at once."""

from __future__ import annotations

import errno
import ssl
from types import SimpleNamespace
from typing import Any

import pytest
from urllib3.connection import HTTPSConnection

from edgegen.verify.look.pinned import Adapter, _Connection

CONTEXT = ssl.create_default_context()


def _adapter() -> tuple[Adapter, Any]:
    wire: Any = SimpleNamespace()
    return Adapter(wire, CONTEXT), wire


def _pool(adapter: Adapter, url: str) -> Any:
    return adapter.get_connection_with_tls_context(SimpleNamespace(url=url), verify=False)


@pytest.mark.parametrize("error", [ssl.SSLEOFError(8, "eof"), ssl.SSLZeroReturnError(6, "z"), ConnectionResetError()])
def test_whoever_hung_up_may_have_answered_before(monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def send(self: HTTPSConnection, data: bytes) -> None:
        raise error

    monkeypatch.setattr(HTTPSConnection, "send", send)
    with pytest.raises(BrokenPipeError) as told:
        _Connection("r.test").send(b"x")
    assert (told.value.errno, told.value.strerror) == (errno.EPIPE, "the other side hung up")
    assert told.value.__cause__ is error


def test_another_trouble_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(self: HTTPSConnection, data: bytes) -> None:
        raise TimeoutError

    monkeypatch.setattr(HTTPSConnection, "send", send)
    with pytest.raises(TimeoutError):
        _Connection("r.test").send(b"x")


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("https://r.test/v2/", "r.test", 443),
        ("https://r.test:5000/v2/", "r.test", 5000),
        ("https://[2001:db8::1]:5000/", "2001:db8::1", 5000),
    ],
)
def test_a_pool_is_for_one_host_and_port_with_one_trust(url: str, host: str, port: int) -> None:
    adapter, wire = _adapter()
    pool = _pool(adapter, url)
    assert (pool.host, pool.port, pool.block, pool.pool.maxsize) == (host, port, True, 1)
    assert pool.wire is wire
    connection = pool._new_conn()
    assert connection.wire is wire
    assert connection.ssl_context is CONTEXT
    assert _pool(adapter, url) is pool


def test_another_host_ends_the_connection_to_the_first() -> None:
    adapter, _ = _adapter()
    first = _pool(adapter, "https://r.test/")
    second = _pool(adapter, "https://auth.test/")
    assert first.pool is None
    assert second.pool is not None
    adapter.close()
    assert second.pool is None
    assert _pool(adapter, "https://r.test/") is not first
