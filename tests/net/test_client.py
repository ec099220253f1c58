"""A client for one site: found by its name, one connection, a deadline for each request, a limit for each answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from edgegen.core.errors import LocalIOError
from edgegen.net import deadline
from edgegen.net.answer import Trouble, in_words
from edgegen.net.client import Client
from tests.fakes import tls_scripts as say
from tests.fakes.authority_of_tests import Authority
from tests.fakes.tls_scripts import Answer
from tests.fakes.tls_servers import Servers, Site

CLIENTS: list[Client] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while CLIENTS:
        CLIENTS.pop().close()


def client(url: str, *, total: float = 5.0, limit: int = 1_000_000, cafile: str | None = None) -> Client:
    """Closed when the test has ended."""
    CLIENTS.append(Client(url, total=total, limit=limit, cafile=cafile))
    return CLIENTS[-1]


@contextmanager
def raw_server(script: bytes, drip: float = 0.0) -> Iterator[str]:
    """Sends bytes, at once or one at a time, and never ends by itself."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                while not done.is_set():
                    for byte in [script] if not drip else [script[i : i + 1] for i in range(len(script))]:
                        connection.sendall(byte)
                        if done.wait(drip):
                            return
        except OSError:
            return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    done.set()
    listener.close()
    thread.join(5)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["headers", "body"])
def test_a_dripping_server_meets_the_deadline(where: str) -> None:
    script = b"HTTP/1.1 200 OK\r\n" + (b"" if where == "headers" else b"Content-Length: 9999\r\n\r\n") + b"X" * 5000
    with raw_server(script, 0.02) as url:
        start = time.monotonic()
        failure = client(url, total=0.4).ask("GET", "/", {}).failure
        assert failure is not None
        assert failure.trouble is Trouble.TIMEOUT
        assert in_words(failure).startswith("no answer within ")
        assert 0.4 <= time.monotonic() - start < 20


@pytest.mark.slow
def test_an_endless_body_is_cut() -> None:
    script = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000
    with raw_server(script) as url:
        answer = client(url).ask("GET", "/", {})
    assert answer.failure is not None
    assert (answer.failure.trouble, answer.failure.detail) == (Trouble.TOO_LARGE, "more than 976 KiB")
    assert len(answer.body) == 1_000_000


def test_one_connection_for_all_and_a_deadline_for_each(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    server, later = servers.http(), 0
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: time.monotonic() + later))
    asking = client(f"http://localhost:{server.port}", total=20)
    for _ in range(3):
        assert asking.ask("GET", "/v4/zones?per_page=50", {"authorization": "Bearer x"}).status == 200
        later += 15
    assert server.connections == 1
    assert {request.headers["host"] for request in server.requests} == {f"localhost:{server.port}"}
    assert server.requests[0].target == "/v4/zones?per_page=50"


def test_what_changes_something_is_never_sent_twice(servers: Servers) -> None:
    """The connection is closed after its first answer, at the worst moment for the next request."""
    server = servers.http(lambda request: Answer() if request.method == "GET" else say.hang_up)
    asking = client(f"http://127.0.0.1:{server.port}")
    assert asking.ask("GET", "/", {}).status == 200
    failure = asking.ask("POST", "/", {}, b"{}").failure
    assert failure is not None
    assert failure.trouble in (Trouble.CLOSED, Trouble.RESET)
    assert [request.method for request in server.requests] == ["GET", "POST"]


def test_a_compressed_answer_is_none(servers: Servers) -> None:
    server = servers.http(lambda _: Answer(200, (("Content-Encoding", "gzip"),), b"x"))
    failure = client(f"http://127.0.0.1:{server.port}").ask("GET", "/", {}).failure
    assert failure is not None
    assert "compressed" in in_words(failure)


def test_only_authorities_that_are_trusted(servers: Servers, tmp_path: Path) -> None:
    root = Authority.root()
    server = servers.tls(Site(root.issue("localhost")))
    url = f"https://localhost:{server.port}"
    assert client(url, cafile=root.write(tmp_path)).ask("GET", "/", {}).status == 200
    failure = client(url).ask("GET", "/", {}).failure
    assert failure is not None
    assert in_words(failure).startswith("its certificate is not trusted: ")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("written", "host"), [("auth.test.", "auth.test."), ("m\u00fcnchen.test", "xn--mnchen-3ya.test")]
)
def test_the_name_of_a_certificate_has_no_final_dot_and_no_umlaut(
    servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, host: str
) -> None:
    monkeypatch.setattr("edgegen.net.client.looked_up", lambda _: ("127.0.0.1",))
    root = Authority.root()
    server = servers.tls(Site(root.issue("auth.test", "xn--mnchen-3ya.test")))
    asking = client(f"https://{written}:{server.port}", cafile=root.write(tmp_path))
    assert asking.ask("GET", "/", {}).status == 200
    assert server.names == [host.rstrip(".")]
    assert server.requests[0].headers["host"] == f"{host}:{server.port}"


def test_of_a_certificate_that_is_over_the_clock_is_said(servers: Servers, tmp_path: Path) -> None:
    root = Authority.root()
    server = servers.tls(Site(root.issue("localhost", days=(-90, -1))))
    failure = client(f"https://localhost:{server.port}", cafile=root.write(tmp_path)).ask("GET", "/", {}).failure
    assert failure is not None
    assert f"clock here: {time.strftime('%Y-%m-%d')}" in in_words(failure)


@pytest.mark.parametrize(("content", "why"), [(None, "No such file"), ("x", "no certificate")])
def test_authorities_that_can_not_be_read(tmp_path: Path, content: str | None, why: str) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(LocalIOError, match=f"{file} can't be read: .*{why}"):
        client("https://a.test", cafile=str(file))


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a..b"])
def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    def nothing(name: str, *_: object, **__: object) -> list[object]:
        name.encode("idna")
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    failure = client(f"http://{host}").ask("GET", "/", {}).failure
    assert failure is not None
    assert f"{host} has no address" in in_words(failure)
