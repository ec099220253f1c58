"""Ways in which a registry can lie: to be shown a password at another host, to hang its reader, or to break it.

Each is a function of a `Lure` (where the tripwires are) that gives a hook for `FakeRegistry`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.fakes.registry import VERSION, Call

Hook = Callable[[Call], object]
HOST = "r.example.com"


@dataclass(frozen=True)
class Lure:
    """Where the tripwires are: another host over TLS, and the same over plain HTTP."""

    secure: int
    plain: int
    own: int
    """The registry's own port."""

    @property
    def url(self) -> str:
        return f"https://trip.test:{self.secure}"

    @property
    def plain_url(self) -> str:
        return f"http://trip.test:{self.plain}"


def asks(challenge: str, *more: tuple[str, str]) -> Hook:
    """Everybody is asked so, whatever he shows."""

    def hook(call: Call) -> object:
        call.content()
        return call.error(401, "UNAUTHORIZED", ("WWW-Authenticate", challenge), *more)

    return hook


def bearer(realm: str, before: str = "") -> Hook:
    return asks(f'{before}Bearer realm="{realm}",service="x",scope="repository:a:pull"')


def redirects(to: str, status: int = 307) -> Hook:
    def hook(call: Call) -> object:
        call.content()
        return call.answer(status, b"", ("Location", to))

    return hook


def known(hook: Hook) -> Hook:
    """Right to everybody but to who shows the right password."""
    return lambda call: call.headers.get("Authorization") == call.server.fake.basic() and hook(call)


def at(method: str, part: str, hook: Hook) -> Hook:
    return lambda call: call.method == method and part in call.path and call.server.fake.authorised(call) and hook(call)


def raw(data: bytes) -> Hook:
    def hook(call: Call) -> object:
        call.content()
        call.wfile.write(data)
        call.close_connection = True
        return True

    return hook


def forever(first: bytes, piece: bytes, every: float = 0.0) -> Hook:
    """Without an end, as long as somebody listens."""

    def hook(call: Call) -> object:
        call.wfile.write(first)
        while not call.server.fake.gone.is_set():
            call.wfile.write(piece)
            call.wfile.flush()
            if every:
                time.sleep(every)
        return True

    return hook


def silent(call: Call) -> object:
    call.server.fake.gone.wait(30)
    return call.reset()


def says(status: int, body: bytes = b"", *headers: tuple[str, str]) -> Hook:
    def hook(call: Call) -> object:
        call.content()
        return call.answer(status, body, *headers)

    return hook


def echoes(call: Call) -> object:
    """Whatever was shown, everywhere."""
    given = call.headers.get("Authorization", "")
    call.content()
    headers = [(name, given) for name in ("Server", "Location", "Content-Type", "Docker-Content-Digest", "Retry-After")]
    return call.answer(403, json.dumps({"errors": [{"code": given, "message": given}]}).encode(), VERSION, *headers)


def type_of_the_password(call: Call) -> object:
    """A page whose type is what was shown: types appear in messages."""
    return call.answer(200, b"<html>", ("Content-Type", call.headers.get("Authorization", "")))


def location(to: str, method: str = "POST", status: int = 202) -> Hook:
    return at(method, "/blobs/uploads/", says(status, b"", ("Location", to), VERSION))


NESTED = b"[" * 60_000
DIGITS = "9" * 5000
OK = b"HTTP/1.1 200 OK\r\n"
UPLOAD = "/blobs/uploads/"

LIES: dict[str, Callable[[Lure], Hook]] = {
    "a token server elsewhere": lambda lure: bearer(f"{lure.url}/token"),
    "a token server elsewhere beside Basic": lambda lure: bearer(f"{lure.url}/token", 'Basic realm="x", '),
    "a token server over plain HTTP": lambda lure: bearer(f"{lure.plain_url}/token"),
    "a token server over plain HTTP beside Basic": lambda lure: bearer(f"{lure.plain_url}/t", 'Basic realm="x", '),
    "a token server with a user in its URL": lambda lure: bearer(f"https://{HOST}@trip.test:{lure.secure}/t"),
    "a token server at the own host": lambda lure: bearer(f"https://{HOST}:{lure.own}/token"),
    "a token server at the own host's other port": lambda lure: bearer(f"https://{HOST}:{lure.secure}/token"),
    "a token server at an address": lambda lure: bearer(f"https://127.0.0.1:{lure.secure}/token"),
    "a token server in capitals": lambda lure: bearer(f"HTTPS://TRIP.TEST.:{lure.secure}/token"),
    "a token server in a file": lambda _: bearer("file:///etc/passwd"),
    "a token server that is no URL": lambda _: bearer("https://[::1"),
    "a token server with a long name": lambda lure: bearer(f"{lure.url}/{'x' * 200_000}"),
    "a thousand challenges": lambda lure: asks(
        "Negotiate", *[("WWW-Authenticate", f'Bearer realm="{lure.url}/{n}"') for n in range(300)]
    ),
    "a challenge that commands a terminal": lambda _: asks('Basic realm="\x1b]0;x\x07\x1b[31m"'),
    "a challenge with half a quote": lambda lure: asks(f'Bearer realm="{lure.url}'),
    "moved for ever": lambda lure: redirects(f"{lure.url}/v2/", 301),
    "moved with its method": lambda lure: redirects(f"{lure.url}/v2/", 308),
    "moved to plain HTTP": lambda lure: redirects(f"{lure.plain_url}/v2/", 302),
    "moved to itself": lambda _: redirects("/v2/", 302),
    "moved once somebody is known": lambda lure: known(redirects(f"{lure.url}/v2/")),
    "a token server once somebody is known": lambda lure: known(bearer(f"{lure.url}/token")),
    "the password everywhere": lambda _: known(echoes),
    "the password as a type": lambda _: known(type_of_the_password),
    "a status of words": lambda _: raw(b"HTTP/1.1 abc OK\r\n\r\n"),
    "a status of many digits": lambda _: raw(f"HTTP/1.1 {DIGITS} OK\r\n\r\n".encode()),
    "no head": lambda _: raw(b"<html>\n"),
    "NULs": lambda _: raw(b"\0" * 4096),
    "a negative length": lambda _: raw(OK + b"Content-Length: -1\r\n\r\n{}"),
    "two lengths": lambda _: raw(OK + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}"),
    "a length of many digits": lambda _: raw(OK + f"Content-Length: {DIGITS}\r\n\r\n".encode()),
    "less than its length": lambda _: raw(OK + b"Content-Length: 40\r\n\r\n{}"),
    "a chunk of no size": lambda _: raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "a chunk of many digits": lambda _: raw(
        OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 5000 + b"\r\n{}\r\n0\r\n\r\n"
    ),
    "compressed": lambda _: says(200, b"\x1f\x8b\x08", ("Content-Encoding", "gzip"), VERSION),
    "headers without end": lambda _: forever(OK, b"X-A: b\r\n" * 100),
    "a header of one line without end": lambda _: forever(OK + b"X-A: ", b"x" * 4096),
    "a body without end": lambda _: forever(OK + b"\r\n", b"x" * 65536),
    "interim answers without end": lambda _: forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a head that drips": lambda _: forever(OK, b"x", 0.02),
    "a body that drips": lambda _: forever(OK + b"Content-Length: 99999\r\n\r\n", b"x", 0.02),
    "silence": lambda _: silent,
    "a reset": lambda _: lambda call: call.reset(),
    "errors in a deep nest": lambda _: known(says(500, NESTED, VERSION)),
    "errors that are none": lambda _: known(says(400, b'{"errors": [1, null, {"code": {}}]}', VERSION)),
    "an upload elsewhere": lambda lure: location(f"{lure.url}/v2/x"),
    "an upload at the own host's other port": lambda lure: location(f"https://{HOST}:{lure.secure}/v2/x"),
    "an upload over plain HTTP": lambda lure: location(f"{lure.plain_url}/v2/x"),
    "an upload by two slashes": lambda lure: location(f"//trip.test:{lure.secure}/v2/x"),
    "an upload with a user in its URL": lambda lure: location(f"https://{HOST}:{lure.own}@trip.test:{lure.secure}/x"),
    "an upload by backslashes": lambda lure: location(f"https:\\\\trip.test:{lure.secure}\\x"),
    "an upload at a port of many digits": lambda _: location(f"https://{HOST}:{DIGITS}/x"),
    "an upload nowhere": lambda _: location(""),
    "an upload that moves elsewhere": lambda lure: location(f"{lure.url}/v2/x", "PATCH"),
    "an upload that is redirected": lambda lure: at("POST", UPLOAD, redirects(f"{lure.url}/v2/x")),
    "data that are redirected": lambda lure: at("PATCH", UPLOAD, redirects(f"{lure.url}/v2/x")),
    "an end that is redirected": lambda lure: at("PUT", UPLOAD, redirects(f"{lure.url}/v2/x")),
    "a token server in the midst of a push": lambda lure: at("PATCH", UPLOAD, bearer(f"{lure.url}/token")),
    "a chunk of many digits at least": lambda _: at(
        "POST", UPLOAD, says(202, b"", ("Location", f"https://{HOST}/v2/x"), ("OCI-Chunk-Min-Length", DIGITS))
    ),
    "wait for many digits": lambda _: at("POST", UPLOAD, says(429, b"", ("Retry-After", DIGITS))),
    "an upload that hangs": lambda _: at("POST", UPLOAD, silent),
    "data that nobody reads": lambda _: at("PATCH", UPLOAD, silent),
    "another digest": lambda _: at("PUT", UPLOAD, says(201, b"", ("Docker-Content-Digest", "sha256:\u00fc\x1b[1m"))),
    "a manifest elsewhere": lambda lure: at("PUT", "/manifests/", redirects(f"{lure.url}/m")),
    "a manifest in a deep nest": lambda _: at("GET", "/manifests/", says(200, NESTED, VERSION)),
    "a blob elsewhere": lambda lure: at("GET", "/blobs/sha256", redirects(f"{lure.url}/b", 302)),
    "a blob over plain HTTP": lambda lure: at("GET", "/blobs/sha256", redirects(f"{lure.plain_url}/b", 302)),
    "a blob with a user in its URL": lambda lure: at(
        "GET", "/blobs/sha256", redirects(f"https://ci:x@trip.test:{lure.secure}/b", 302)
    ),
    "a blob without end": lambda _: at("GET", "/blobs/sha256", forever(OK + b"\r\n", b"x" * 65536)),
    "a deletion elsewhere": lambda lure: at("DELETE", "", redirects(f"{lure.url}/d")),
}
