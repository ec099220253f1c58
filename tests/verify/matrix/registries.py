"""What registries, and what is no registry, answer on /v2/. As seen on distribution 2.8.2 and Traefik 3.7.15."""

from __future__ import annotations

import base64

from tests.fakes.tls_scripts import Answer, Handler, Request, redirect

USER, PASSWORD = "ci", "correct-horse-battery"
HSTS = ("Strict-Transport-Security", "max-age=63072000")
VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")
JSON = ("Content-Type", "application/json")
UNAUTHORIZED = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}\n'
ASKS = ("WWW-Authenticate", 'Basic realm="registry"')
LET_IN = Answer(200, (HSTS, VERSION, JSON), b"{}")


def given(request: Request) -> str:
    """`user:password` of a request, or ""."""
    kind, _, data = request.headers.get("authorization", "").partition(" ")
    return base64.b64decode(data).decode() if kind.lower() == "basic" else ""


def _only_v2(handler: Handler) -> Handler:
    """The rest of the host is a page, as a registry's is."""

    def handle(request: Request) -> object:
        return handler(request) if request.path.startswith("/v2") else Answer(200, (HSTS,), b"")

    return handle  # type: ignore[return-value]


@_only_v2
def right_registry(request: Request) -> Answer:
    """htpasswd, as the registry itself does it."""
    return LET_IN if given(request) == f"{USER}:{PASSWORD}" else Answer(401, (HSTS, VERSION, JSON, ASKS), UNAUTHORIZED)


@_only_v2
def asks_nobody(_: Request) -> Answer:
    return LET_IN


@_only_v2
def believes_everybody(request: Request) -> Answer:
    return LET_IN if given(request) else Answer(401, (HSTS, VERSION, JSON, ASKS), UNAUTHORIZED)


@_only_v2
def other_password(_: Request) -> Answer:
    """It refuses the user's own password too."""
    return Answer(401, (HSTS, VERSION, JSON, ASKS), UNAUTHORIZED)


@_only_v2
def bad_challenge(_: Request) -> Answer:
    return Answer(401, (HSTS, VERSION, JSON), UNAUTHORIZED)


@_only_v2
def names_a_token_server(_: Request) -> Answer:
    """As what stands in a registry's place would, to be shown its passwords."""
    asks = ("WWW-Authenticate", 'Bearer realm="https://tokens.example.net/t",service="x"')
    return Answer(401, (HSTS, VERSION, JSON, asks), UNAUTHORIZED)


@_only_v2
def behind_basic_auth(request: Request) -> Answer:
    """Traefik's own middleware asks; what gets through meets a registry that asks nobody."""
    asks = ("WWW-Authenticate", 'Basic realm="traefik"')
    plain = ("Content-Type", "text/plain; charset=utf-8")
    return LET_IN if given(request) == f"{USER}:{PASSWORD}" else Answer(401, (HSTS, plain, asks), b"401 Unauthorized\n")


@_only_v2
def gives_to_everybody(request: Request) -> Answer:
    """The same, and what a pull asks for is let through: an `anonymous: pull` as it should be."""
    if request.path.startswith("/v2/") and request.path != "/v2/":
        return Answer(404, (HSTS, VERSION, JSON), b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"unknown"}]}\n')
    return behind_basic_auth(request)  # type: ignore[return-value]


@_only_v2
def login_page(_: Request) -> Answer:
    return Answer(200, (HSTS, ("Content-Type", "text/html; charset=utf-8")), b"<html><form>Log in</form></html>")


@_only_v2
def slash_is_missing(request: Request) -> Answer:
    return redirect("/v2/") if request.path == "/v2" else right_registry(request)  # type: ignore[return-value]
