"""The real Traefik before the real registry: each planted fault has the fingerprint by which it is known."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from edgegen.verify.observation import Step
from edgegen.verify.push import body
from tests.fakes.real_registry import real_registry
from tests.traefik.process import free_port, running
from tests.verify.push.ground import CANARY, HOST, Ground, broken, verdicts

pytestmark = pytest.mark.slow

MB = 1_000_000


@contextmanager
def edge(
    ground: Ground, folder: Path, upstreams: list[int], *flags: str, middleware: Mapping[str, Any] | None = None
) -> Iterator[int]:
    """Traefik's TLS port, with one router to some registries."""
    (folder / "edge.pem").write_bytes(ground.certificate.pem)
    (folder / "edge.key").write_bytes(ground.certificate.key_pem)
    servers = [{"url": f"http://127.0.0.1:{port}"} for port in upstreams]
    router = {"rule": f"Host(`{HOST}`)", "service": "registry", "entryPoints": ["websecure"], "tls": {}}
    http: dict[str, Any] = {
        "routers": {"registry": router},
        "services": {"registry": {"loadBalancer": {"servers": servers}}},
    }
    if middleware:
        router["middlewares"] = ["planted"]
        http["middlewares"] = {"planted": middleware}
    certificate = {"certFile": str(folder / "edge.pem"), "keyFile": str(folder / "edge.key")}
    (folder / "dynamic.yml").write_text(json.dumps({"http": http, "tls": {"certificates": [certificate]}}))
    port = free_port()
    own = [f"--entrypoints.websecure.address=127.0.0.1:{port}", f"--providers.file.filename={folder}/dynamic.yml"]
    with running([*own, *flags]) as traefik:
        found = traefik.until(lambda data: data.get("routers", {}).get("registry@file", {}).get("status") == "enabled")
        assert found["routers"]["registry@file"]["status"] == "enabled", traefik.log
        yield port


def test_nothing_is_wrong(ground: Ground, tmp_path: Path) -> None:
    with ExitStack() as stack:
        there = stack.enter_context(real_registry(tmp_path, None, users={"ci": CANARY}, deletes=True))
        port = stack.enter_context(edge(ground, tmp_path, [there.port]))
        seen = ground.push(port, CANARY, size=20 * MB)
    assert verdicts(seen) == ["ok"]


def test_a_read_timeout(ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traefik's own limit, 2 s in place of 60; the cut is seen when it comes, although the pieces are 30 s apart."""
    monkeypatch.setattr(body, "INTERVAL", 30.0)
    flag = "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=2s"
    with real_registry(tmp_path, None, deletes=True) as there, edge(ground, tmp_path, [there.port], flag) as port:
        seen = ground.push(port, slow=90.0)
    assert verdicts(seen) == ["push-read-timeout"]
    assert broken(seen).step is Step.SLOW
    assert broken(seen).status in (499, 502, 504)
    assert 1.9 < broken(seen).seconds < 20


def test_no_read_timeout(ground: Ground, tmp_path: Path) -> None:
    flag = "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0"
    with real_registry(tmp_path, None, deletes=True) as there, edge(ground, tmp_path, [there.port], flag) as port:
        assert verdicts(ground.push(port, slow=3.0)) == ["ok"]


def test_buffering(ground: Ground, tmp_path: Path) -> None:
    limit = {"buffering": {"maxRequestBodyBytes": 10 * MB}}
    with ExitStack() as stack:
        there = stack.enter_context(real_registry(tmp_path, None, deletes=True))
        port = stack.enter_context(edge(ground, tmp_path, [there.port], middleware=limit))
        seen = ground.push(port, size=30 * MB)
        assert verdicts(ground.push(port, size=9 * MB)) == ["ok"]
    assert verdicts(seen) == ["push-body-limit"]
    assert broken(seen).status == 413


def test_a_location_without_tls(ground: Ground, tmp_path: Path) -> None:
    """A proxy before Traefik that ends TLS and says so to nobody."""
    says_http = {"headers": {"customRequestHeaders": {"X-Forwarded-Proto": "http"}}}
    with real_registry(tmp_path, None) as there, edge(ground, tmp_path, [there.port], middleware=says_http) as port:
        seen = ground.push(port)
    assert verdicts(seen) == ["push-location"]
    assert f"plain http://{HOST}" in broken(seen).fault


def test_replicas_without_a_common_secret(ground: Ground, tmp_path: Path) -> None:
    with ExitStack() as stack:
        both = [stack.enter_context(real_registry(tmp_path, None, secret=name)).port for name in ("one", "two")]
        seen = ground.push(stack.enter_context(edge(ground, tmp_path, both)))
    assert verdicts(seen) == ["push-unknown-upload"]
    assert broken(seen).codes == ("BLOB_UPLOAD_INVALID",)


def test_replicas_with_a_common_secret(ground: Ground, tmp_path: Path) -> None:
    with ExitStack() as stack:
        both = [stack.enter_context(real_registry(tmp_path, None, deletes=True)).port for _ in range(2)]
        port = stack.enter_context(edge(ground, tmp_path, both))
        assert verdicts(ground.push(port)) == ["ok"]


def test_the_registry_goes_away(ground: Ground, tmp_path: Path) -> None:
    with real_registry(tmp_path, None) as there:
        port_of_the_dead = there.port
    with edge(ground, tmp_path, [port_of_the_dead]) as port:
        started = time.monotonic()
        seen = ground.push(port)
    assert "status 502" in seen.skipped
    assert time.monotonic() - started < 50


def test_the_proxys_password(ground: Ground, tmp_path: Path) -> None:
    user = f"ci:{bcrypt.hashpw(CANARY.encode(), bcrypt.gensalt(4)).decode()}"
    asks = {"basicAuth": {"users": [user], "removeHeader": True}}
    with ExitStack() as stack:
        there = stack.enter_context(real_registry(tmp_path, None, deletes=True))
        port = stack.enter_context(edge(ground, tmp_path, [there.port], middleware=asks))
        assert verdicts(ground.push(port, CANARY)) == ["ok"]
        assert ground.push(port, "wrong").skipped == "the credentials are refused"
