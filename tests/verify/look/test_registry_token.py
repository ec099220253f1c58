"""The token flow of Docker: what is asked of the token server, what it is shown, and what is believed of its answer."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from edgegen.core.secret import Credentials, Secret
from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.verify.challenge import Challenge
from edgegen.verify.look.registry_token import Token, basic, fetch_token, is_safe

REALM, PASSWORD = "https://auth.test/token", "c4nary-Passw0rd"
LOGIN = Credentials("ci", Secret(PASSWORD), "a test")
IDENTITY = Credentials("ci", Secret(PASSWORD), "a test", token=True)
SCOPE = "repository:a/b:pull,push"


class Client:
    """Answers as it is told, and notes what it is asked."""

    def __init__(self, answer: Response) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []

    def ask(self, *words: Any) -> Response:
        self.asked.append(words)
        return self.answer


def _answer(body: bytes = b'{"token": "abc"}', status: int = 200, **changes: Any) -> Response:
    return Response(REALM, status, (("a", "b"),), body, 0.5, **changes)


def _challenge(realm: str = REALM, service: str | None = "r.test") -> Challenge:
    return Challenge("bearer", {"realm": realm, **({"service": service} if service else {})})


def _fetch(answer: Response, credentials: Credentials = LOGIN) -> Token | Response:
    return fetch_token(Client(answer), _challenge(), credentials, SCOPE)  # type: ignore[arg-type]  # it answers


@pytest.mark.parametrize(
    ("realm", "safe"),
    [
        (REALM, True), ("https://auth.test:5001/token?x=1", True), ("HTTPS://auth.test/", True),
        ("http://auth.test/token", False), ("https:///token", False), ("https://u:p@auth.test/", False),
        ("https://auth.test@evil.test/", False), ("//auth.test/token", False), ("", False), ("https://[::1", False),
        ("ftp://auth.test/", False), ("https:auth.test", False),
    ],
)  # fmt: skip
def test_where_a_password_may_go(realm: str, safe: bool) -> None:
    assert is_safe(_challenge(realm)) is safe


@pytest.mark.parametrize(
    ("password", "raw"), [(PASSWORD, PASSWORD.encode()), ("p\u00e4:s", b"p\xc3\xa4:s"), ("\udcffx", b"\xffx")]
)
def test_basic_is_the_pair_in_base64(password: str, raw: bytes) -> None:
    word, _, pair = basic(Credentials("ci", Secret(password), "a test")).partition(" ")
    assert (word, base64.b64decode(pair)) == ("Basic", b"ci:" + raw)


@pytest.mark.parametrize(
    ("realm", "service", "scope", "query"),
    [
        (REALM, "r.test", SCOPE, {"service": ["r.test"], "scope": [SCOPE], "account": ["ci"]}),
        (REALM, None, "", {"account": ["ci"]}),
        (f"{REALM}?a=1&a=2#part", "r.test", "", {"a": ["1", "2"], "service": ["r.test"], "account": ["ci"]}),
    ],
)
def test_a_password_asks_by_get(realm: str, service: str | None, scope: str, query: dict[str, list[str]]) -> None:
    client = Client(_answer())
    found = fetch_token(client, _challenge(realm, service), LOGIN, scope)  # type: ignore[arg-type]  # it answers
    assert isinstance(found, Token)
    ((method, url, headers),) = client.asked
    parts = urlsplit(url)
    assert (method, f"{parts.scheme}://{parts.netloc}{parts.path}", parts.fragment) == ("GET", REALM, "")
    assert parse_qs(parts.query) == query
    assert headers == {"Authorization": basic(LOGIN)}


def test_an_identity_token_asks_by_a_form() -> None:
    client = Client(_answer())
    fetch_token(client, _challenge(), IDENTITY, SCOPE)  # type: ignore[arg-type]  # it answers
    ((method, url, headers, body),) = client.asked
    assert (method, url) == ("POST", REALM)
    assert headers == {"Content-Type": "application/x-www-form-urlencoded"}
    assert parse_qs(body.decode()) == {
        "grant_type": ["refresh_token"], "refresh_token": [PASSWORD], "client_id": ["edgegen"],
        "service": ["r.test"], "scope": [SCOPE],
    }  # fmt: skip


def test_letters_that_are_no_utf_8_go_out_as_they_came() -> None:
    odd = Credentials("c\udcff", Secret("p\udcfe"), "a test")
    client = Client(_answer())
    fetch_token(client, _challenge(), odd)  # type: ignore[arg-type]  # it answers
    assert "account=c%FF" in client.asked[0][1]
    fetch_token(client, _challenge(), Credentials("ci", Secret("p\udcfe"), "a", token=True))  # type: ignore[arg-type]
    assert b"refresh_token=p%FE" in client.asked[1][3]


def test_an_identity_token_that_comes_back_is_hidden() -> None:
    answer = _fetch(_answer(PASSWORD.encode(), 401), IDENTITY)
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (401, b"***")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"token": "abc"}, 50), ({"access_token": "abc"}, 50), ({"token": "abc", "access_token": "x"}, 50),
        ({"token": "", "access_token": "abc"}, 50),
        ({"token": "abc", "expires_in": 59}, 50), ({"token": "abc", "expires_in": 60}, 50),
        ({"token": "abc", "expires_in": 61}, 51), ({"token": "abc", "expires_in": 300}, 290),
        ({"token": "abc", "expires_in": "300"}, 290), ({"token": "abc", "expires_in": 0}, 50),
        ({"token": "abc", "expires_in": None}, 50), ({"token": "abc", "expires_in": -5}, 50),
    ],
)  # fmt: skip
def test_a_token_is_used_until_shortly_before_its_end(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], seconds: float
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
    assert _fetch(_answer(json.dumps(told).encode())) == Token("Bearer abc", 1000.0 + seconds)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{}", b'{"token": 5}', b'{"token": ""}', b'{"token": "\\u00fc"}', b'{"token": "a\\nb"}',
        b'{"token": ["abc"]}', b'{"token": "abc", "expires_in": "x"}', b'{"token": "abc", "expires_in": [1]}',
        b'{"token": "abc", "expires_in": 1' + b"0" * 400 + b"}",
        b"\xff", b"[" * 100_000,
    ],
)  # fmt: skip
def test_an_answer_without_a_token_says_so(body: bytes) -> None:
    answer = _answer(body)
    why = Failure(Trouble.MALFORMED, Phase.BODY, "it contains no token")
    assert _fetch(answer) == Response(REALM, 200, (("a", "b"),), b"", 0.5, why, answer.at)


@pytest.mark.parametrize(
    "answer",
    [_answer(status=401), _answer(status=201), _answer(failure=Failure(Trouble.TIMEOUT, Phase.BODY, "late"))],
)
def test_a_refusal_is_handed_on(answer: Response) -> None:
    assert _fetch(answer) is answer
