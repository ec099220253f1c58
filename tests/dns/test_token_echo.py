"""Answers that are not HTTP are quoted in errors: a token that a server repeats there is not shown."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edgegen.core.secret import Secret
from edgegen.dns.api.wire import Wire
from edgegen.dns.provider import ProviderError
from tests.dns.support import Cloudflare, FakeClock
from tests.fakes import tls_scripts as say
from tests.fakes.tls_servers import Servers

TOKEN = "cf7S3cretS3cretS3cretS3cretS3cretS3cret40"


@pytest.mark.parametrize("call", [lambda wire: wire.get("/zones"), lambda wire: wire.post("/zones", {})])
@pytest.mark.parametrize(
    "line", [f"Bearer {TOKEN}", f"x: \x00{TOKEN}", "x" * 20 + f" {TOKEN}", "x" * 150 + f" {TOKEN}"]
)
def test_a_token_in_what_is_not_http(call: Callable[[Wire], object], line: str) -> None:
    with Servers() as servers:
        server = servers.http(lambda _: say.raw(f"HTTP/1.1 200 OK\r\n{line}\r\n\r\n".encode()))
        wire = Wire(Secret(TOKEN), FakeClock(Cloudflare()), f"http://127.0.0.1:{server.port}")
        with pytest.raises(ProviderError) as caught:
            call(wire)
        wire.close()
    assert "illegal header line" in str(caught.value)
    assert TOKEN[:4] not in str(caught.value)
