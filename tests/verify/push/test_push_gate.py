"""How a push gets in: Basic, Bearer, and where it does not even begin."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from edgegen.core.location import Location
from tests.fakes.registry import Call, FakeRegistry
from tests.verify.push.faults import Hook, resolver, status
from tests.verify.push.ground import CANARY, Ground, credentials_of, registry, verdicts

SKIPPED: dict[str, tuple[Hook, str]] = {
    "a login page": (lambda call: call.answer(200, b"<html>"), "does not answer as a registry does (status 200)"),
    "no router": (lambda call: call.answer(404, b"404 page not found\n"), "(status 404)"),
    "no challenge": (lambda call: call.answer(401), "(status 401)"),
    "nothing": (lambda call: call.reset(), "/v2/ can't be asked"),
    "Bearer over http": (
        lambda call: call.answer(401, b"", ("WWW-Authenticate", 'Bearer realm="http://auth.test/"')),
        "its token server does not use https",
    ),
    "Bearer with a password in its URL": (
        lambda call: call.answer(401, b"", ("WWW-Authenticate", 'Bearer realm="https://a:b@auth.test/"')),
        "its token server does not use https",
    ),
    "behind the password nothing": (
        lambda call: call.headers.get("Authorization") and call.answer(502), "/v2/ can't be asked: status 502"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SKIPPED)
def test_where_nothing_is_pushed(ground: Ground, fake: FakeRegistry, name: str) -> None:
    fake.hook, why = SKIPPED[name]
    seen = ground.push(fake.port, CANARY)
    assert why in seen.skipped
    assert seen.steps == ()
    assert verdicts(seen) == ["push-skipped"]


def bearer(there: FakeRegistry, realm: str, *, token: str = "t0ken", expires: int = 300) -> tuple[Hook, Hook]:
    """Hooks of a registry that asks for a token, and of its token server."""

    def of_registry(call: Call) -> object:
        if call.headers.get("Authorization") == f"Bearer {token}":
            call.headers.replace_header("Authorization", there.basic())
            return False
        call.content()
        ask = ("WWW-Authenticate", f'Bearer realm="{realm}",service="registry.test"')
        return call.error(401, "UNAUTHORIZED", ask)

    def of_tokens(call: Call) -> object:
        form = call.content()
        if call.headers.get("Authorization") != there.basic() and CANARY.encode() not in form:
            return call.error(401, "UNAUTHORIZED")
        return call.answer(200, {"token": token, "expires_in": expires})

    return of_registry, of_tokens


def test_a_token_server(ground: Ground, fake: FakeRegistry) -> None:
    with FakeRegistry(ground.certificate) as server, resolver("auth.test") as resolvers:
        fake.hook, server.hook = bearer(fake, f"https://auth.test:{server.port}/token?a=b")
        seen = ground.push(fake.port, CANARY, resolvers=resolvers, allow_private=True)
        assert verdicts(seen) == ["ok"]
        scopes = [path for _, path, _ in server.calls]
        assert len(scopes) == 2  # one to push and pull, one to clean up
        assert scopes[0].startswith("/token?a=b&service=registry.test&scope=repository%3Aedgegen-verify%2F")
        assert "%3Apull%2Cpush&account=ci" in scopes[0]
        assert "%3Apull%2Cpush%2Cdelete&" in scopes[1]
    assert not [call for call in fake.calls if call[2].get("Authorization", "").startswith("Basic")]
    assert "t0ken" not in repr(seen)
    assert CANARY not in repr(seen)


def test_the_password_of_a_registry_of_the_spec_follows_no_challenge(ground: Ground, fake: FakeRegistry) -> None:
    of_the_spec = registry(fake.port, places={"host": Location("edge.yaml", 1, 1)})
    with FakeRegistry(ground.certificate) as server, resolver("auth.test") as resolvers:
        fake.hook, server.hook = bearer(fake, f"https://auth.test:{server.port}/token")
        seen = ground.push(fake.port, CANARY, endpoint=of_the_spec, resolvers=resolvers, allow_private=True)
        assert server.calls == []
    assert seen.skipped == "it names a token server, and the registry of edge.yaml has none"
    assert not [headers for _, _, headers in fake.calls if "Authorization" in headers]


def test_what_a_registry_repeats_of_the_password_is_in_no_step(ground: Ground, fake: FakeRegistry) -> None:
    def hook(call: Call) -> object:
        given = call.headers.get("Authorization", "")
        if call.method != "POST":
            return False
        call.content()
        return call.error(500, f"GOT_{CANARY}", ("Server", given), ("Location", f"https://{CANARY}@evil.test/{given}"))

    fake.hook = hook
    seen = ground.push(fake.port, CANARY)
    assert verdicts(seen) == ["push-failed"]
    assert not [text for text in (CANARY, fake.basic().partition(" ")[2]) if text in repr(seen)]


def test_no_log_of_any_level_holds_a_secret(
    ground: Ground, fake: FakeRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ground.push(fake.port, CANARY)
    with FakeRegistry(ground.certificate) as server, resolver("auth.test") as resolvers:
        by_password = fake.basic()
        fake.hook, server.hook = bearer(fake, f"https://auth.test:{server.port}/token")
        assert verdicts(ground.push(fake.port, CANARY, resolvers=resolvers, allow_private=True)) == ["ok"]
    assert "Authorization" not in caplog.text
    for secret in (CANARY, by_password.partition(" ")[2], "t0ken"):
        assert secret not in caplog.text


def test_an_identity_token_is_exchanged(ground: Ground, fake: FakeRegistry) -> None:
    with FakeRegistry(ground.certificate) as server, resolver("auth.test") as resolvers:
        fake.hook, server.hook = bearer(fake, f"https://auth.test:{server.port}/token")
        login = credentials_of(CANARY, "<token>", token=True)
        seen = ground.push(fake.port, credentials=login, resolvers=resolvers, allow_private=True)
        assert verdicts(seen) == ["ok"]
        assert {(method, path) for method, path, _ in server.calls} == {("POST", "/token")}


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("hook", "why"),
    [
        (status(401), "the token server did not issue a token (status 401)"),
        (lambda call: call.answer(200, b"<html>"), "contains no token"),
        (lambda call: call.answer(200, {"token": 1}), "contains no token"),
        (lambda call: call.answer(200, {"token": "a\r\nb"}), "contains no token"),
        (lambda call: call.answer(200, {"token": "a", "expires_in": "x"}), "contains no token"),
    ],
)
def test_no_token(ground: Ground, fake: FakeRegistry, hook: Hook, why: str) -> None:
    with FakeRegistry(ground.certificate) as server, resolver("auth.test") as resolvers:
        fake.hook, _ = bearer(fake, f"https://auth.test:{server.port}/token")
        server.hook = hook
        seen = ground.push(fake.port, CANARY, resolvers=resolvers, allow_private=True)
    assert why in seen.skipped


def test_a_token_server_with_another_certificate_sees_no_password(
    ground: Ground, fake: FakeRegistry, tmp_path: Path
) -> None:
    other = Ground.make(tmp_path)
    with FakeRegistry(other.certificate) as server, resolver("auth.test") as resolvers:
        fake.hook, server.hook = bearer(fake, f"https://auth.test:{server.port}/token")
        seen = ground.push(fake.port, CANARY, resolvers=resolvers, allow_private=True)
        assert server.calls == []
    assert "its certificate is not trusted" in seen.skipped
