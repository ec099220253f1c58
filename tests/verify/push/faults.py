"""Ways in which a fake registry can be wrong, as hooks; and a resolver for the hosts that it names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from edgegen.lookup import Server
from tests.fakes.dns_server import FakeDns
from tests.fakes.registry import Call, FakeRegistry

Hook = Callable[[Call], object]


def at(method: str, part: str = "", occurrence: int = 0) -> Callable[[Callable[[Call], object]], Hook]:
    """A hook for one request of each registry: the method, a part of its path, and which of them."""
    seen: list[FakeRegistry] = []

    def wrap(act: Callable[[Call], object]) -> Hook:
        def hook(call: Call) -> object:
            if call.method != method or part not in call.path:
                return False
            there = call.server.fake
            seen.append(there)
            return act(call) if sum(one is there for one in seen) - 1 == occurrence else False

        return hook

    return wrap


def status(code: int, *headers: tuple[str, str], error: str = "") -> Callable[[Call], object]:
    def act(call: Call) -> object:
        call.content()
        return call.error(code, error, *headers) if error else call.answer(code, b"", *headers)

    return act


def after(change: Callable[[FakeRegistry, Call], object]) -> Callable[[Call], object]:
    """Serve it rightly, but change something before."""

    def act(call: Call) -> object:
        change(call.server.fake, call)
        return False

    return act


def cut(wait: float, act: Callable[[Call], object]) -> Callable[[Call], object]:
    """Read for so long, then act: as a proxy with a read timeout does."""

    def cutting(call: Call) -> object:
        call.connection.settimeout(wait)
        end = time.monotonic() + wait
        try:
            while time.monotonic() < end and call.rfile.read1(100):
                pass
        except TimeoutError:
            pass
        return act(call)

    return cutting


def early_413(call: Call) -> object:
    """Without reading the body, as Cloudflare and Traefik's buffering do."""
    return call.answer(413, b"too large", close=True)


def rst(read: int) -> Callable[[Call], object]:
    def act(call: Call) -> object:
        call.rfile.read(read)
        return call.reset()

    return act


def corrupt(there: FakeRegistry, _: Call) -> None:
    digest, data = max(there.blobs.items(), key=lambda item: len(item[1]))
    there.blobs[digest] = data[:-1] + bytes([data[-1] ^ 1])


def shorten(there: FakeRegistry, _: Call) -> None:
    digest, data = max(there.blobs.items(), key=lambda item: len(item[1]))
    there.blobs[digest] = data[:-1]


def forget(there: FakeRegistry, _: Call) -> None:
    there.uploads.clear()


def leads_to(location: str) -> tuple[str, str]:
    return "Location", location


def hang_up(call: Call) -> object:
    """FIN without a word."""
    call.close_connection = True
    return True


def drip(call: Call, first: bytes) -> bool:
    """One byte after the other, until the client has had enough."""
    call.wfile.write(first)
    while True:
        call.wfile.write(b"x")
        call.wfile.flush()
        time.sleep(0.02)


def is_empty(there: FakeRegistry) -> bool:
    """Whether nothing is left of what was pushed."""
    return not (there.uploads or there.blobs or there.manifests)


@contextmanager
def resolver(name: str, address: str = "127.0.0.1") -> Iterator[tuple[Server, ...]]:
    """A resolver that knows one name."""
    with FakeDns(f"{name}. 60 IN A {address}") as server:
        yield (Server("127.0.0.1", server.port),)
