"""/v2/ asked as nobody, as a stranger and as the user: who is shown which password, and who none."""

from __future__ import annotations

import base64
import http.client
import os
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.core.secret import Credentials
from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.net.deadline import Deadline
from edgegen.verify.look.registry import probe_registry
from edgegen.verify.observation import RegistrySeen
from edgegen.verify.settings import Settings
from tests.fakes.real_registry import real_registry
from tests.fakes.registry import VERSION, Call, FakeRegistry
from tests.verify.push.faults import resolver
from tests.verify.push.ground import CANARY, HOST, Ground, credentials_of, registry

Asking = Callable[[str, str, Mapping[str, str]], Response]


def asking(ground: Ground, port: int) -> Asking:
    """The question of an address, by the standard library alone."""
    context = ssl.create_default_context(cafile=ground.ca_file)

    def ask(method: str, path: str, headers: Mapping[str, str]) -> Response:
        connection = http.client.HTTPSConnection(HOST, port, context=context, timeout=60)
        connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=HOST)
        try:
            connection.request(method, path, headers=dict(headers))
            answer = connection.getresponse()
            names = tuple((name.lower(), value) for name, value in answer.getheaders())
            return Response(f"https://{HOST}{path}", answer.status, names, answer.read())
        except (OSError, http.client.HTTPException) as error:
            return Response(path, failure=Failure(Trouble.RESET, Phase.HEADER, str(error)))
        finally:
            connection.close()

    return ask


def probe(ground: Ground, port: int, credentials: Credentials | None = None, **changes: Any) -> RegistrySeen:
    settings = Settings(
        ca_file=ground.ca_file,
        **{n: changes.pop(n) for n in ("resolvers", "allow_private", "no_login") if n in changes},
    )
    options = {"trusted": True, "address": "127.0.0.1", "deadline": Deadline.after(60.0), **changes}
    return probe_registry(asking(ground, port), registry(port), credentials, settings=settings, **options)


def statuses(seen: RegistrySeen) -> list[int | None]:
    return [seen.anonymous.status, seen.wrong and seen.wrong.status, seen.right and seen.right.status]


def shown(there: FakeRegistry) -> list[str]:
    """The passwords that it got to see."""
    given = [headers.get("Authorization", "").partition(" ")[2] for _, _, headers in there.calls]
    return [base64.b64decode(text).decode() for text in given if text]


@pytest.mark.slow
def test_the_real_one(ground: Ground, tmp_path: Path) -> None:
    with real_registry(tmp_path, ground.certificate, users={"ci": CANARY}) as there:
        assert statuses(probe(ground, there.port, credentials_of(CANARY))) == [401, 401, 200]
        assert statuses(probe(ground, there.port, credentials_of("other"))) == [401, 401, 401]
        assert statuses(probe(ground, there.port)) == [401, 401, None]


@pytest.mark.slow  # Debian's docker-registry
def test_the_real_one_that_is_open(ground: Ground, tmp_path: Path) -> None:
    with real_registry(tmp_path, ground.certificate) as there:
        seen = probe(ground, there.port, credentials_of(CANARY))
    assert statuses(seen) == [200, None, None]
    assert (seen.anonymous.header(VERSION[0]), seen.anonymous.body) == ("registry/2.0", b"{}")
    assert seen.right_skipped == "it does not ask for a password"


def test_what_is_kept_of_the_user(ground: Ground, fake: FakeRegistry) -> None:
    seen = probe(ground, fake.port, credentials_of(CANARY))
    assert (seen.user, seen.source) == ("ci", "a test")
    assert CANARY not in repr(seen)
    assert base64.b64encode(f"ci:{CANARY}".encode()).decode() not in repr(seen)


def test_the_wrong_password_is_a_strangers_and_new_each_time(ground: Ground, fake: FakeRegistry) -> None:
    """A real user with a wrong password would be locked out by some."""
    for _ in range(2):
        probe(ground, fake.port)
    one, other = shown(fake)
    assert one != other
    assert all(pair.startswith("edgegen-") and "ci" not in pair.partition(":")[0] for pair in (one, other))
    assert all(len(pair) > 50 for pair in (one, other))


def test_without_credentials(ground: Ground, fake: FakeRegistry) -> None:
    assert probe(ground, fake.port).right_skipped == "no credentials"


def test_no_login_shows_no_password_of_the_user(ground: Ground, fake: FakeRegistry) -> None:
    seen = probe(ground, fake.port, credentials_of(CANARY), no_login=True)
    assert (seen.right, seen.right_skipped) == (None, "no login is wanted")
    assert seen.wrong is not None
    assert seen.wrong.status == 401
    assert not [pair for pair in shown(fake) if CANARY in pair]
    untrusted = probe(ground, fake.port, trusted=False, no_login=True)
    assert untrusted.right_skipped == "the certificate is not trusted"


def test_without_trust_no_password_is_sent(ground: Ground, fake: FakeRegistry) -> None:
    seen = probe(ground, fake.port, credentials_of(CANARY), trusted=False)
    assert (seen.wrong, seen.right, seen.right_skipped) == (None, None, "the certificate is not trusted")
    assert shown(fake) == []


def test_an_identity_token_is_no_password(ground: Ground, fake: FakeRegistry) -> None:
    seen = probe(ground, fake.port, credentials_of(CANARY, "<token>", token=True))
    assert "identity token" in seen.right_skipped
    assert not [pair for pair in shown(fake) if CANARY in pair]


NOT_ASKED: dict[str, Callable[[Call], object]] = {
    "a page": lambda call: call.answer(200, b"<html>"),
    "not there": lambda call: call.answer(404, b"404 page not found\n"),
    "moved": lambda call: call.answer(301, b"", ("Location", "https://evil.test/v2/")),
    "401 without a challenge": lambda call: call.answer(401, {"errors": []}),
    "a challenge for browsers": lambda call: call.answer(401, b"", ("WWW-Authenticate", "Negotiate")),
    "Bearer without a realm": lambda call: call.answer(401, b"", ("WWW-Authenticate", "Bearer service=x")),
    "nothing": lambda call: call.reset(),
}


@pytest.mark.parametrize("name", NOT_ASKED)
def test_who_does_not_ask_gets_no_password(ground: Ground, fake: FakeRegistry, name: str) -> None:
    fake.hook = NOT_ASKED[name]
    seen = probe(ground, fake.port, credentials_of(CANARY))
    assert (seen.wrong, seen.right) == (None, None)
    assert seen.right_skipped
    assert len(fake.calls) == 1
    assert shown(fake) == []


def bearer(realm: str, token: str = "t0ken") -> Callable[[Call], object]:
    """A registry that believes one token."""

    def hook(call: Call) -> object:
        if call.headers.get("Authorization") == f"Bearer {token}":
            return call.answer(200, {}, VERSION)
        ask = f'Bearer realm="{realm}",service="registry.test"'
        return call.error(401, "UNAUTHORIZED", ("WWW-Authenticate", ask))

    return hook


def tokens(there: FakeRegistry, *, everybody: bool = False) -> Callable[[Call], object]:
    def hook(call: Call) -> object:
        known = everybody or call.headers.get("Authorization") == there.basic()
        return call.answer(200, {"access_token": "t0ken"}) if known else call.error(401, "UNAUTHORIZED")

    return hook


@pytest.fixture
def server(ground: Ground) -> Iterator[FakeRegistry]:
    """A token server on a host of its own."""
    with FakeRegistry(ground.certificate, password=CANARY) as there:
        there.hook = tokens(there)
        yield there


def probe_with_tokens(ground: Ground, fake: FakeRegistry, server: FakeRegistry, **changes: Any) -> RegistrySeen:
    fake.hook = bearer(f"https://auth.test:{server.port}/token")
    with resolver("auth.test") as resolvers:
        options = {"allow_private": True, "resolvers": resolvers, **changes}
        return probe(ground, fake.port, credentials_of(changes.pop("password", CANARY)), **options)


def test_a_token_server(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    seen = probe_with_tokens(ground, fake, server)
    assert statuses(seen) == [401, 401, 200]
    assert [path for _, path, _ in server.calls][1] == "/token?service=registry.test&account=ci"
    assert not [text for _, _, headers in fake.calls if "Basic" in (text := headers.get("Authorization", ""))]
    assert "t0ken" not in repr(seen)
    assert CANARY not in repr(seen)


@pytest.mark.parametrize("token", [False, True])
def test_a_password_that_is_no_utf_8_goes_out_as_it_came(
    ground: Ground, fake: FakeRegistry, server: FakeRegistry, token: bool
) -> None:
    """As an environment variable of a Latin-1 world has it."""
    latin = os.fsdecode(b"p\xe4ss")
    forms: list[bytes] = []

    def hook(call: Call) -> object:
        forms.append(call.content())
        return call.error(401, "UNAUTHORIZED")

    server.hook = hook
    fake.hook = bearer(f"https://auth.test:{server.port}/token")
    with resolver("auth.test") as resolvers:
        login = credentials_of(latin, "<token>" if token else os.fsdecode(b"\xfc"), token=token)
        seen = probe(ground, fake.port, login, allow_private=True, resolvers=resolvers)
    assert statuses(seen) == [401, 401, 401]
    _, path, headers = server.calls[-1]
    if token:
        assert b"refresh_token=p%E4ss&" in forms[-1]
    else:
        assert path.endswith("&account=%FC")
        assert headers["Authorization"] == "Basic " + base64.b64encode(b"\xfc:p\xe4ss").decode()


def test_a_token_server_that_refuses(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    server.password = "another"
    assert statuses(probe_with_tokens(ground, fake, server)) == [401, 401, 401]


def test_a_token_server_that_believes_everybody(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    server.hook = tokens(server, everybody=True)
    assert statuses(probe_with_tokens(ground, fake, server)) == [401, 200, 200]


@pytest.mark.parametrize("beside", ["", 'Basic realm="registry", '], ids=["alone", "beside Basic"])
def test_the_password_of_a_registry_of_the_spec_follows_no_challenge(
    ground: Ground, fake: FakeRegistry, server: FakeRegistry, beside: str
) -> None:
    """edge.yaml's registry asks for the password itself: whatever names a token server is not that registry."""
    ask = f'{beside}Bearer realm="https://auth.test:{server.port}/token",service="registry.test"'
    fake.hook = lambda call: call.error(401, "UNAUTHORIZED", ("WWW-Authenticate", ask))
    with resolver("auth.test") as resolvers:
        settings = Settings(ca_file=ground.ca_file, allow_private=True, resolvers=resolvers)
        seen = probe_registry(
            asking(ground, fake.port), registry(fake.port, places={"host": Location("edge.yaml", 1, 1)}),
            credentials_of(CANARY), trusted=True, address="127.0.0.1", settings=settings, deadline=Deadline.after(60.0),
        )  # fmt: skip
    assert (seen.wrong, seen.right, server.calls, shown(fake)) == (None, None, [], [])
    assert seen.right_skipped == "it names a token server, and the registry of edge.yaml has none"


ECHOES: dict[str, Callable[[str], Callable[[Call], object]]] = {
    "a header": lambda text: lambda call: call.answer(200, {}, VERSION, ("Server", f"mine {text}")),
    "the body": lambda text: lambda call: call.answer(403, {"errors": [{"code": text}]}, VERSION),
}


@pytest.mark.parametrize("where", ECHOES)
def test_what_a_registry_repeats_of_the_password_is_in_no_report(
    ground: Ground, fake: FakeRegistry, where: str
) -> None:
    pair = fake.basic().partition(" ")[2]

    def hook(call: Call) -> object:
        if call.headers.get("Authorization") != fake.basic():
            return False
        return ECHOES[where](f"{CANARY}; {pair}; {quote(CANARY)}")(call)

    fake.hook = hook
    seen = probe(ground, fake.port, credentials_of(CANARY))
    assert seen.right is not None
    assert "***; ***; ***" in repr(seen.right)
    assert not [text for text in (CANARY, pair) if text in repr(seen)]


def test_what_a_token_server_repeats_of_the_password_is_in_no_report(
    ground: Ground, fake: FakeRegistry, server: FakeRegistry
) -> None:
    def hook(call: Call) -> object:
        given = call.headers.get("Authorization", "") + call.content().decode()
        return call.answer(403, given.encode(), ("X-Given", given))

    server.hook = hook
    fake.hook = bearer(f"https://auth.test:{server.port}/token")
    for token in (False, True):
        with resolver("auth.test") as resolvers:
            login = credentials_of(CANARY, "<token>" if token else "ci", token=token)
            seen = probe(ground, fake.port, login, allow_private=True, resolvers=resolvers)
        assert seen.right is not None
        assert seen.right.status == 403
        assert "***" in repr(seen.right)
        assert not [text for text in (CANARY, fake.basic().partition(" ")[2]) if text in repr(seen)]


def test_a_token_server_at_the_registrys_own_host(ground: Ground, fake: FakeRegistry) -> None:
    """Its name is not looked up again: it is asked at the address that is probed."""
    of_tokens, of_registry = tokens(fake), bearer(f"https://{HOST}:{fake.port}/token")
    fake.hook = lambda call: of_tokens(call) if call.where == "/token" else of_registry(call)
    assert statuses(probe(ground, fake.port, credentials_of(CANARY))) == [401, 401, 200]


def test_a_token_server_inside_is_not_asked(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    fake.hook = bearer(f"https://auth.test:{server.port}/token")
    with resolver("auth.test", "127.0.0.2") as resolvers:
        seen = probe(ground, fake.port, credentials_of(CANARY), resolvers=resolvers)
    assert seen.right is not None
    assert seen.right.failure is not None
    assert "not public" in seen.right.failure.detail
    assert server.calls == []


@pytest.mark.parametrize(
    "realm", ["http://auth.test/token", "https://a:b@auth.test/token", "ftp://x", "token", "https://"]
)
def test_a_token_server_that_is_not_safe_is_not_asked(ground: Ground, fake: FakeRegistry, realm: str) -> None:
    fake.hook = bearer(realm)
    seen = probe(ground, fake.port, credentials_of(CANARY))
    assert (seen.wrong, seen.right, len(fake.calls)) == (None, None, 1)
    assert seen.right_skipped == "its token server does not use https"


def test_without_trust_no_token_server_is_asked(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    seen = probe_with_tokens(ground, fake, server, trusted=False)
    assert (seen.wrong, seen.right, server.calls) == (None, None, [])


def test_a_token_server_with_another_certificate_sees_nothing(
    ground: Ground, fake: FakeRegistry, tmp_path: Path
) -> None:
    with FakeRegistry(Ground.make(tmp_path).certificate) as server:
        seen = probe_with_tokens(ground, fake, server)
        assert server.calls == []
    assert seen.right is not None
    assert seen.right.failure is not None
    assert seen.right.failure.trouble is Trouble.UNTRUSTED


@pytest.mark.slow
def test_a_token_server_that_says_nothing(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    server.hook = lambda call: server.gone.wait(60)
    seen = probe_with_tokens(ground, fake, server, deadline=Deadline.after(0.5))
    server.gone.set()
    assert seen.right is not None
    assert seen.right.failure is not None
    assert seen.right.failure.trouble is Trouble.TIMEOUT


def test_an_identity_token_goes_to_the_token_server(ground: Ground, fake: FakeRegistry, server: FakeRegistry) -> None:
    forms: list[bytes] = []

    def hook(call: Call) -> object:
        forms.append(call.content())
        return call.answer(200, {"token": "t0ken"}) if CANARY.encode() in forms[-1] else call.error(401, "UNAUTHORIZED")

    server.hook = hook
    fake.hook = bearer(f"https://auth.test:{server.port}/token")
    with resolver("auth.test") as resolvers:
        login = credentials_of(CANARY, "<token>", token=True)
        seen = probe(ground, fake.port, login, allow_private=True, resolvers=resolvers)
    assert statuses(seen) == [401, 401, 200]
    assert forms[-1].startswith(b"grant_type=refresh_token&refresh_token=c4nary-Passw0rd&client_id=edgegen&service=")


def test_a_pull_is_tried_where_everyone_may_pull(ground: Ground) -> None:
    path = "/v2/edgegen-verify/anonymous/manifests/latest"
    with FakeRegistry(ground.certificate, password=CANARY) as there:
        assert probe(ground, there.port).pull is None
        everyone = replace(registry(there.port), proxy_auth=True)
        seen = probe_registry(
            asking(ground, there.port), everyone, credentials_of(CANARY), trusted=True, address="127.0.0.1",
            settings=Settings(ca_file=ground.ca_file), deadline=Deadline.after(5.0),
        )  # fmt: skip
        assert seen.pull is not None
        assert (seen.pull.status, statuses(seen)) == (401, [401, 401, 200])
        asked = [headers.get("Authorization") for _, where, headers in there.calls if where == path]
    assert asked == [None]
